//! What a fault of the transport means, by its type and never by its text.

use std::error;

use h2::Reason;

use crate::{
    layer::{
        deadline::Deadline,
        error_source::{find, is_overload, is_timeout, is_unconnected},
        grpc::Stage,
    },
    model::{BoxError, Error, Kind, kinds},
};

/// The error of a call that the transport gave up.
///
/// Past its deadline a call has failed by that, whatever came then
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>). Nothing else becomes a code that only an
/// application may use, such as NOT_FOUND
/// (<https://github.com/grpc/proposal/blob/master/A54-restrict-control-plane-status-codes.md>).
pub(super) fn error_of(cause: BoxError, deadline: Deadline, stage: Stage) -> Error {
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
        // With a source it is what tonic made of that, and the source is what counts.
        && error::Error::source(status).is_none()
    {
        return crate::adapter::StatusExt::to_errwire(status);
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
        // The connection went down, and the call with it.
        lost("goaway")
    } else if error.is_remote() {
        Error::new(of_reset(reason)).with_metadata("fault", "reset")
    } else {
        // We reset the stream, since the response broke the protocol: nobody knows what became of the call.
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
        // The table has no word for STREAM_CLOSED and HTTP_1_1_REQUIRED; unknown reasons count as INTERNAL_ERROR
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
