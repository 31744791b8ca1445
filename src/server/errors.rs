//! Errors that the server raises itself, and the responses for them.

use std::time::Duration;

use http::{HeaderValue, Response, header};
use http_body_util::Full;
use tonic::body::Body;

use crate::{
    layer::{BodyForm, Caller},
    model::{Error, kinds},
    translate::Translator,
};

/// The whole response to a call that failed with this error, in the protocol of its caller. It closes an HTTP/1.1 connection if the
/// request body `is_unread`.
pub(super) fn response(caller: &Caller, error: &Error, translator: &Translator, is_unread: bool) -> Response<Body> {
    let form = BodyForm { dialect: None, details: false };
    let (mut response, _) = caller.response(error, translator, translator.policy().audience, form);
    if is_unread {
        caller.close_unread(response.headers_mut());
    }
    if *error.kind() == kinds::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
    }
    response.map(|body| Body::new(Full::new(body)))
}

/// The retry delay of refused calls.
const RETRY: Duration = Duration::from_secs(1);

/// The server has too many calls in flight. That is not the fault of one caller, so it is UNAVAILABLE.
pub(super) fn overloaded() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE)
        .with_message("Too many calls in progress. Try again later.")
        .with_retry_after(RETRY)
}

/// The calls in flight hold too much memory together.
pub(super) fn full() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE)
        .with_message("The server holds too many large requests. Try again later, or send a smaller one.")
        .with_retry_after(RETRY)
}

/// The request or its response was not complete in time.
pub(super) fn too_slow() -> Error {
    Error::new(kinds::REQUEST_TIMEOUT)
        .with_message("The call took too long. Send a smaller request, or send it faster, and try again.")
}

/// The connection ends, or the whole server.
pub(super) fn going_away() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE)
        .with_message("The server closes this connection. Try again on a new one.")
        .with_retry_after(RETRY)
}

pub(super) fn header_too_large(most: usize) -> Error {
    Error::new(kinds::HEADER_FIELDS_TOO_LARGE)
        .with_message(format!("The header fields are larger than {most} bytes. Send fewer, or shorter ones."))
}
