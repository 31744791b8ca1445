//! What a call takes along from the request that caused it.

use std::time::Duration;

use axum::http::HeaderMap;
use tonic::{
    Request,
    metadata::{AsciiMetadataKey, MetadataValue},
};

const HEADERS: [&str; 2] = ["authorization", "x-request-id"];

/// How long the service may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A call on behalf of a request with these headers.
pub(super) fn forward<T>(headers: &HeaderMap, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(TIMEOUT);
    for name in HEADERS {
        let value = headers.get(name).and_then(|value| MetadataValue::try_from(value.as_bytes()).ok());
        if let Some(value) = value {
            request.metadata_mut().insert(AsciiMetadataKey::from_static(name), value);
        }
    }
    request
}
