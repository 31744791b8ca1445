//! From an HTTP status to a code: two tables, each right in its place.

// docs/rules.md: R-CODE-2

use crate::model::{Code, HttpStatus, kind_for_status};

/// The response was written by an API: the code of the status's own kind. This completes the inverse of
/// `google/rpc/code.proto`.
pub(super) fn origin(status: HttpStatus) -> Code {
    kind_for_status(status).entry().map_or(Code::Unknown, |entry| entry.code)
}

/// The response came from a proxy, or from something that does not speak gRPC.
///
/// <https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md>
pub(super) fn intermediary(status: HttpStatus) -> Code {
    match status.as_u16() {
        400 | 431 => Code::Internal,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::Unimplemented,
        429 | 502 | 503 | 504 => Code::Unavailable,
        _ => Code::Unknown,
    }
}
