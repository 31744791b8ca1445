//! The meaning of a failure of the service inside, or of the transport: by its type and never by its text; and of a panic.

// docs/rules.md: R-LAYER-3

use std::{
    any::Any,
    error, fmt, io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
};

use h2::Reason;

use super::deadline::Deadline;
use crate::{
    adapter::StatusExt as _,
    model::{BoxError, Error, Kind, kinds},
};

/// The first `errwire::Error` in the chain; else the error of a timeout or of load shedding, by its type; else that of the first
/// `tonic::Status`; else an `internal_error`, which hides the cause from a caller. The whole chain stays its source.
pub(super) fn error_of(cause: BoxError) -> Error {
    let known = known(&*cause).or_else(|| find::<tonic::Status>(&*cause).map(tonic::Status::to_errwire));
    known.unwrap_or_else(|| Error::new(kinds::INTERNAL_ERROR)).with_source(cause)
}

/// As [`error_of`], for a service that was not reached, or went away: what is not known is UNAVAILABLE. The kind of an I/O error
/// (`NotFound`, `PermissionDenied`) is not an application code.
pub(super) fn unreached(cause: BoxError) -> Error {
    known(&*cause).unwrap_or_else(|| Error::new(kinds::SERVICE_UNAVAILABLE)).with_source(cause)
}

fn known(cause: &(dyn error::Error + 'static)) -> Option<Error> {
    if let Some(error) = find::<Error>(cause) {
        return Some(error.clone());
    }
    if is_timeout(cause) {
        return Some(Error::new(kinds::DEADLINE_EXCEEDED));
    }
    is_overload(cause).then(|| Error::new(kinds::SERVICE_UNAVAILABLE))
}

/// The first error of type `E` in the chain.
pub(super) fn find<'a, E: error::Error + 'static>(error: &'a (dyn error::Error + 'static)) -> Option<&'a E> {
    std::iter::successors(Some(error), |error| inner(*error)).find_map(|error| error.downcast_ref())
}

/// The next error in the chain. The source of an I/O error is not the error that it wraps, but the source of that.
fn inner<'a>(error: &'a (dyn error::Error + 'static)) -> Option<&'a (dyn error::Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as _).or_else(|| error.source())
}

/// Whether a timeout of tonic or tower ended the call.
fn is_timeout(cause: &(dyn error::Error + 'static)) -> bool {
    #[cfg(feature = "tower")]
    if find::<tower::timeout::error::Elapsed>(cause).is_some() {
        return true;
    }
    find::<tonic::TimeoutExpired>(cause).is_some()
}

/// Whether there was never a connection, according to tonic or the system.
fn is_unconnected(cause: &(dyn error::Error + 'static)) -> bool {
    find::<tonic::ConnectError>(cause).is_some()
        || find::<io::Error>(cause).is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// Whether tower shed the call.
#[cfg(feature = "tower")]
fn is_overload(cause: &(dyn error::Error + 'static)) -> bool {
    find::<tower::load_shed::error::Overloaded>(cause).is_some()
}

#[cfg(not(feature = "tower"))]
fn is_overload(_: &(dyn error::Error + 'static)) -> bool {
    false
}

/// The stage of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// No response has arrived.
    Calling,
    /// The headers of the response have arrived, so the peer has begun the call.
    Responding,
}

/// The error of a call that failed in the transport.
///
/// A call past its deadline has failed with DEADLINE_EXCEEDED, whatever happened later
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>). Nothing else becomes a code that only an
/// application may use, such as NOT_FOUND
/// (<https://github.com/grpc/proposal/blob/master/A54-restrict-control-plane-status-codes.md>).
pub(super) fn transport_error(cause: BoxError, deadline: Deadline, stage: Stage) -> Error {
    read(&*cause, deadline, stage).with_source(cause)
}

fn read(cause: &(dyn error::Error + 'static), deadline: Deadline, stage: Stage) -> Error {
    if let Some(error) = find::<Error>(cause) {
        return error.clone();
    }
    if deadline.has_passed() || is_timeout(cause) {
        return Error::new(kinds::DEADLINE_EXCEEDED);
    }
    if is_overload(cause) {
        return fresh(Error::new(kinds::SERVICE_UNAVAILABLE), stage);
    }
    if let Some(error) = find::<h2::Error>(cause) {
        return of_h2(error, stage);
    }
    if let Some(status) = find::<tonic::Status>(cause)
        // A status with a source was made by tonic; the source counts.
        && error::Error::source(status).is_none()
    {
        return status.to_errwire();
    }
    let error = lost("connection");
    // Without a connection nothing was sent.
    if is_unconnected(cause) { fresh(error, stage) } else { error }
}

fn of_h2(error: &h2::Error, stage: Stage) -> Error {
    let Some(reason) = error.reason() else { return lost("connection") };
    // With these, the peer has not begun the call (RFC 9113, 6.8 and 8.7).
    let is_fresh =
        error.is_remote() && (reason == Reason::REFUSED_STREAM || error.is_go_away() && reason == Reason::NO_ERROR);
    let error = if error.is_go_away() {
        // The connection failed, and the call with it.
        lost("goaway")
    } else if error.is_remote() {
        Error::new(of_reset(reason)).with_metadata("fault", "reset")
    } else {
        // We reset the stream, since the response broke the protocol: the outcome of the call is unknown.
        Error::new(kinds::UNKNOWN_ERROR).with_metadata("fault", "protocol")
    };
    let error = error.with_metadata("h2_reason", format!("{reason:?}"));
    if is_fresh { fresh(error, stage) } else { error }
}

/// <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors>
fn of_reset(reason: Reason) -> Kind {
    match reason {
        Reason::REFUSED_STREAM => kinds::SERVICE_UNAVAILABLE,
        Reason::CANCEL => kinds::REQUEST_CANCELLED,
        Reason::ENHANCE_YOUR_CALM => kinds::RATE_LIMITED,
        Reason::INADEQUATE_SECURITY => kinds::PERMISSION_DENIED,
        // The table has no row for STREAM_CLOSED and HTTP_1_1_REQUIRED; unknown reasons count as INTERNAL_ERROR
        // (RFC 9113, 7).
        _ => kinds::INTERNAL_ERROR,
    }
}

/// The peer has not begun the call, so that it may be made again; unless there was a response already.
fn fresh(error: Error, stage: Stage) -> Error {
    if stage == Stage::Calling { error.with_metadata("processed", "false") } else { error }
}

fn lost(fault: &str) -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE).with_metadata("fault", fault)
}

/// Runs `f`; a panic in it becomes an `internal_error`, whose text stays in the error's source.
///
/// After a panic the state that `f` worked on must be dropped and not be used again.
#[inline]
pub(crate) fn catch_panic<T>(f: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(f)).map_err(error_of_panic)
}

#[cold]
fn error_of_panic(payload: Box<dyn Any + Send>) -> Error {
    Error::new(kinds::INTERNAL_ERROR).with_source(Panic::new(&*payload))
}

/// Replaces a future or body, and drops the old one, which may panic again. The new one is made in its place, since a state without
/// content would be copied in its full size.
#[inline]
pub(super) fn replace<T>(mut place: Pin<&mut T>, with: impl FnOnce() -> T) {
    let _ = catch_panic(|| place.set(with()));
}

/// The message of a panic.
#[derive(Debug)]
struct Panic(String);

impl Panic {
    fn new(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        Self(text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default())
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panicked: {}", self.0)
    }
}

impl error::Error for Panic {}

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
