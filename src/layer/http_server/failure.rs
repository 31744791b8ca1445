//! What it means that the service inside failed to answer.

use crate::{
    layer::error_source,
    model::{BoxError, Error},
};

/// By its type: the `errwire::Error` in the chain, then what tower's and tonic's own layers say, else an
/// `internal_error`.
pub(super) fn error_of(cause: BoxError) -> Error {
    #[cfg(feature = "tower")]
    if is_timeout(&*cause) {
        // A caller of HTTP set no deadline: it was asked for too much at once, or was too slow.
        return Error::new(crate::model::kinds::REQUEST_TIMEOUT).with_source(cause);
    }
    error_source::error_of(cause)
}

#[cfg(feature = "tower")]
fn is_timeout(cause: &(dyn std::error::Error + 'static)) -> bool {
    error_source::find::<Error>(cause).is_none()
        && error_source::find::<tower::timeout::error::Elapsed>(cause).is_some()
}
