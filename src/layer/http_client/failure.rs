//! What it means that there was no answer, or not all of it.

use crate::{
    layer::error_source,
    model::{BoxError, Error, kinds},
};

/// The `errwire::Error` in the chain. Else UNAVAILABLE: the service was not reached, or it went away; what an I/O error
/// is called (`NotFound`, `PermissionDenied`) is not an answer of an application.
pub(super) fn error_of(cause: BoxError) -> Error {
    // The caller's own patience ended.
    if error_source::is_timeout(&*cause) {
        return Error::new(kinds::DEADLINE_EXCEEDED).with_source(cause);
    }
    match error_source::find::<Error>(&*cause).cloned() {
        Some(error) => error.with_source(cause),
        None => Error::new(kinds::SERVICE_UNAVAILABLE).with_source(cause),
    }
}
