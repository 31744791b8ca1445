//! What a call takes along from the request that caused it.

use std::time::Duration;

use axum::http::{HeaderMap, header::AUTHORIZATION};
use tonic::Request;

/// How long the service may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A call on behalf of a request with these headers.
pub(super) fn forward<T>(headers: &HeaderMap, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(TIMEOUT);
    if let Some(key) = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.parse().ok()) {
        request.metadata_mut().insert("authorization", key);
    }
    request
}
