//! From a gRPC error to its HTTP status, and from an HTTP status to a code, by one of two tables.

use super::{Basis, Rule, StatusTable};
use crate::{
    model::{Code, DetailType, DetailView, Field, Fields, HttpStatus, Kind, KindEntry, code_for_status},
    wire::http::Evidence,
};

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

/// Which table the evidence asks for.
// docs/rules.md: R-READ-HTTP-3
pub(super) fn table_for(status: u32, evidence: Evidence, forced: StatusTable) -> (StatusTable, Basis) {
    match (forced, evidence) {
        (StatusTable::Origin | StatusTable::Intermediary, _) => (forced, Basis::Forced),
        (StatusTable::Auto, Evidence::None) => (StatusTable::Intermediary, Basis::None),
        // Gateways write such bodies too.
        (StatusTable::Auto, Evidence::Weak) if matches!(status, 502..=504) => (StatusTable::Intermediary, Basis::Weak),
        (StatusTable::Auto, Evidence::Weak) => (StatusTable::Origin, Basis::Weak),
        (StatusTable::Auto, Evidence::Strong) => (StatusTable::Origin, Basis::Strong),
    }
}

/// The code that the dialect states; else the catalog's, for a named kind whose status agrees; else the table's.
// docs/rules.md: R-READ-HTTP-4
pub(super) fn code(stated: Option<Code>, named: Option<&Kind>, status: HttpStatus, table: StatusTable) -> (Code, Rule) {
    let entry = named.and_then(Kind::entry).filter(|entry| entry.status == status);
    match (stated, entry, table) {
        (Some(code), _, _) => (code, Rule::Body),
        (None, Some(entry), _) => (entry.code, Rule::Catalog),
        (None, None, StatusTable::Intermediary) => (intermediary(status), Rule::IntermediaryTable),
        (None, None, StatusTable::Origin | StatusTable::Auto) => (code_for_status(status), Rule::OriginTable),
    }
}

/// The response came from a proxy, or from something that does not speak gRPC. The other table, for a response that an API
/// wrote, is [`code_for_status`](crate::model::code_for_status).
///
/// <https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md>
// docs/rules.md: R-CODE-2
fn intermediary(status: HttpStatus) -> Code {
    match status.as_u16() {
        400 | 431 => Code::Internal,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::Unimplemented,
        429 | 502 | 503 | 504 => Code::Unavailable,
        _ => Code::Unknown,
    }
}
