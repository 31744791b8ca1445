//! Errors that the server raises itself.

use std::time::Duration;

use crate::model::{Error, kinds};

/// Soon enough to be of use, and not at once.
const RETRY: Duration = Duration::from_secs(1);

/// The server has too many calls in flight. It is not a single caller's fault, so that it is UNAVAILABLE.
pub(super) fn overloaded() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE)
        .with_message("Too many calls in progress. Try again later.")
        .with_retry_after(RETRY)
}

/// The requests that are in flight are too large together.
pub(super) fn full() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE)
        .with_message("The server holds too many large requests. Try again later, or send a smaller one.")
        .with_retry_after(RETRY)
}

/// The request was not all there in time, or the response was not.
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
