//! From a gRPC error to its HTTP status, and from an HTTP status to a code: two tables, each right in its place.

use super::Rule;
use crate::model::{Code, DetailType, DetailView, Field, Fields, HttpStatus, KindEntry, kind_for_status};

/// The status of the last `HttpResponse` that has a valid one; else the catalog's for the kind, if its code is the one
/// that arrived; else `google/rpc/code.proto`'s for the code.
// docs/rules.md: R-READ-GRPC-6
pub(super) fn of<'d>(
    details: impl DoubleEndedIterator<Item = DetailView<'d>>,
    entry: Option<&KindEntry>,
    code: Code,
) -> (HttpStatus, Rule) {
    let stated = details.rev().find_map(http_response);
    match (stated, entry) {
        (Some(status), _) => (status, Rule::HttpResponse),
        (None, Some(entry)) if entry.code == code => (entry.status, Rule::Catalog),
        (None, _) => (code.http_status(), Rule::CodeFallback),
    }
}

/// The status of an `HttpResponse`, read in place.
pub(super) fn http_response(detail: DetailView<'_>) -> Option<HttpStatus> {
    if detail.detail_type() != DetailType::HttpResponse {
        return None;
    }
    let mut status = None;
    for field in Fields(detail.value()) {
        if let (1, Field::Varint(number)) = field.ok()? {
            status = u16::try_from(number).ok();
        }
    }
    HttpStatus::new(status?).ok()
}

// docs/rules.md: R-CODE-2

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
