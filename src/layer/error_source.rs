//! What an error of a service below means, by its type and never by its text.

use std::{error, io};

use crate::{
    adapter::StatusExt as _,
    model::{BoxError, Error, kinds},
};

/// The first `errwire::Error` in the chain, else what a timeout or load shedding says by its type, else what the first
/// `tonic::Status` says; else an `internal_error` that says nothing of the cause to a caller. What wraps it is its cause.
pub(super) fn error_of(cause: BoxError) -> Error {
    let known = find::<Error>(&*cause).cloned().or_else(|| status_of(&*cause));
    known.unwrap_or_else(|| Error::new(kinds::INTERNAL_ERROR)).with_source(cause)
}

/// The first error of type `E` in the chain.
pub(super) fn find<'a, E: error::Error + 'static>(error: &'a (dyn error::Error + 'static)) -> Option<&'a E> {
    std::iter::successors(Some(error), |error| inner(*error)).find_map(|error| error.downcast_ref())
}

/// The next error in the chain. An I/O error names as its source not what it wraps, but the source of that.
fn inner<'a>(error: &'a (dyn error::Error + 'static)) -> Option<&'a (dyn error::Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as _).or_else(|| error.source())
}

fn status_of(cause: &(dyn error::Error + 'static)) -> Option<Error> {
    if is_timeout(cause) {
        return Some(Error::new(kinds::DEADLINE_EXCEEDED));
    }
    if is_overload(cause) {
        return Some(Error::new(kinds::SERVICE_UNAVAILABLE));
    }
    find::<tonic::Status>(cause).map(tonic::Status::to_errwire)
}

/// Whether a limit of time ended the call: one of tonic, or of tower.
pub(super) fn is_timeout(cause: &(dyn error::Error + 'static)) -> bool {
    #[cfg(feature = "tower")]
    if find::<tower::timeout::error::Elapsed>(cause).is_some() {
        return true;
    }
    find::<tonic::TimeoutExpired>(cause).is_some()
}

/// Whether there was never a connection: tonic says so, or the system does.
pub(super) fn is_unconnected(cause: &(dyn error::Error + 'static)) -> bool {
    find::<tonic::ConnectError>(cause).is_some()
        || find::<io::Error>(cause).is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// Whether tower shed the call.
#[cfg(feature = "tower")]
pub(super) fn is_overload(cause: &(dyn error::Error + 'static)) -> bool {
    find::<tower::load_shed::error::Overloaded>(cause).is_some()
}

#[cfg(not(feature = "tower"))]
pub(super) fn is_overload(_: &(dyn error::Error + 'static)) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_wrapped() {
        let wrapped = io::Error::other(Error::new(kinds::TASK_NOT_FOUND));
        assert!(error_of(Box::new(wrapped)).kind() == kinds::TASK_NOT_FOUND);
        // An I/O error's kind is not an application code (gRFC A54).
        let missing = io::Error::from(io::ErrorKind::NotFound);
        assert!(error_of(Box::new(missing)).kind() == kinds::INTERNAL_ERROR);
    }

    #[test]
    fn takes_the_word_of_tonic() {
        let status = tonic::Status::unauthenticated("no key");
        let error = error_of(io::Error::other(status).into());
        assert!(error.kind() == kinds::UNAUTHENTICATED && error.message() == "no key");
        assert!(error_of(tonic::TimeoutExpired(()).into()).kind() == kinds::DEADLINE_EXCEEDED);
    }

    #[cfg(feature = "tower")]
    #[test]
    fn takes_the_word_of_tower() {
        use tower::{load_shed::error::Overloaded, timeout::error::Elapsed};

        assert!(error_of(io::Error::other(Elapsed::new()).into()).kind() == kinds::DEADLINE_EXCEEDED);
        assert!(error_of(Overloaded::new().into()).kind() == kinds::SERVICE_UNAVAILABLE);
    }
}
