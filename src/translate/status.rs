//! The HTTP status of a gRPC error.

use super::Rule;
use crate::model::{Code, DetailType, DetailView, Field, Fields, HttpStatus, KindEntry};

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
