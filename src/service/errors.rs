//! The service's own errors, and what tonic refuses before a handler sees it, as errors of ours.

use std::time::Duration;

use http::HeaderMap;
use tonic::{Code, Extensions, Response, Status, body::Body};

use super::call::CallContext;
use crate::{
    model::{Error, kinds, rpc},
    translate::Translator,
    wire::grpc::{GRPC_STATUS, GRPC_STATUS_DETAILS_BIN},
};

/// The outcome of a handler, as tonic wants it.
pub(super) fn outcome<T>(
    translator: &Translator,
    request: &Extensions,
    result: Result<T, Error>,
) -> Result<Response<T>, Status> {
    result.map(Response::new).map_err(|error| translator.write_grpc(&named(error, request.get())).into())
}

/// Adds the request id, by which the log finds the error.
pub(crate) fn named(error: Error, context: Option<&CallContext>) -> Error {
    match context {
        Some(CallContext { id, .. }) => {
            error.with_detail(rpc::RequestInfo { request_id: id.to_string(), ..Default::default() })
        }
        None => error,
    }
}

/// A request that is malformed, or whose input is not an error. `field` is a path of proto field names, such as
/// `response.headers[2].name`; `why` says what to send instead.
// docs/rules.md: R-SERVICE-2
pub(crate) fn rejected(field: impl Into<String>, why: impl Into<String>) -> Error {
    let (field, why) = (field.into(), why.into());
    Error::new(kinds::REQUEST_INVALID)
        .with_message(format!("Field `{field}`: {why}"))
        .with_metadata("field", field.clone())
        .with_field_violation(field, why)
}

/// The most bytes of one message that a caller may send, unless the server is set up otherwise: 4 MiB, as everywhere in
/// gRPC.
pub(super) const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;

/// A request that could not be taken from its stream.
pub(super) fn status(status: Status) -> Status {
    match ours(status.code(), status.message(), MAX_MESSAGE_BYTES) {
        Some(error) if status.details().is_empty() => error.into(),
        _ => status,
    }
}

/// As [`status`], for a response that is written already. `most` is the limit of a message in bytes.
pub(crate) fn name_refusal(mut response: http::Response<Body>, most: usize) -> http::Response<Body> {
    if let Some(error) = refusal(response.headers(), most) {
        // Our messages have no byte that a header field may not have.
        let _ = Status::from(error).add_header(response.headers_mut());
    }
    response
}

/// Our handlers never fail without details, so this is an error of tonic itself.
fn refusal(headers: &HeaderMap, most: usize) -> Option<Error> {
    if !headers.contains_key(GRPC_STATUS) || headers.contains_key(GRPC_STATUS_DETAILS_BIN) {
        return None;
    }
    let status = Status::from_header_map(headers)?;
    ours(status.code(), status.message(), most)
}

/// A message over the limit.
pub(crate) fn too_large(most: usize) -> Error {
    const MIB: usize = 1024 * 1024;
    let most = match most % MIB {
        0 => format!("{} MiB", most / MIB),
        _ => format!("{most} bytes"),
    };
    Error::new(kinds::CONTENT_TOO_LARGE).with_message(format!("A message may have {most} at most. Send a smaller one."))
}

/// An item of a stream that sends more of them than it may.
pub(super) fn too_many(wait: Duration) -> Error {
    Error::new(kinds::RATE_LIMITED)
        .with_message("Too many items per second on this connection. Send fewer, or wait.")
        .with_retry_after(wait)
}

/// Bytes that are not a message of the method.
pub(super) fn undecodable(why: &str) -> Error {
    Error::new(kinds::REQUEST_INVALID).with_message(format!("The request could not be decoded: {why}"))
}

fn ours(code: Code, message: &str, most: usize) -> Option<Error> {
    match code {
        // tonic has OUT_OF_RANGE for a message above its limit, and RESOURCE_EXHAUSTED, as gRPC does
        // (https://github.com/grpc/grpc/blob/master/doc/statuscodes.md), for one that is too large once it is decompressed.
        Code::OutOfRange | Code::ResourceExhausted => Some(too_large(most)),
        // Bytes that are not a message are an error of the caller.
        Code::Internal => Some(undecodable(message)),
        Code::Unimplemented if message.is_empty() => {
            let message = "The server has no such method. List its methods by server reflection.";
            Some(Error::new(kinds::UNIMPLEMENTED).with_message(message))
        }
        Code::Unimplemented => Some(Error::new(kinds::UNIMPLEMENTED).with_message(message.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_field() {
        let error = rejected("response.status", "99 is not an HTTP status: send 400 or more");
        assert_eq!(error.kind(), kinds::REQUEST_INVALID);
        assert_eq!(error.message(), "Field `response.status`: 99 is not an HTTP status: send 400 or more");
        assert_eq!(error.field_violations()[0].field, "response.status");
        assert_eq!(error.metadata()["field"], "response.status");
    }
}
