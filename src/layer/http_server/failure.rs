//! What it means that the service inside failed to answer.

use crate::{
    layer::cause,
    model::{BoxError, Error},
};

/// By its type: the `errwire::Error` in the chain, then what tower's own layers say, else an `internal_error`.
pub(super) fn error_of(cause: BoxError) -> Error {
    #[cfg(feature = "tower")]
    if let Some(error) = tower_error(&*cause) {
        return error.with_source(cause);
    }
    cause::error_of(cause)
}

#[cfg(feature = "tower")]
fn tower_error(cause: &(dyn std::error::Error + 'static)) -> Option<Error> {
    use tower::{load_shed::error::Overloaded, timeout::error::Elapsed};

    use crate::model::kinds;

    for cause in std::iter::successors(Some(cause), |cause| cause.source()) {
        if cause.is::<Error>() {
            return None;
        } else if cause.is::<Elapsed>() {
            return Some(Error::new(kinds::REQUEST_TIMEOUT));
        } else if cause.is::<Overloaded>() {
            return Some(Error::new(kinds::SERVICE_UNAVAILABLE));
        }
    }
    None
}
