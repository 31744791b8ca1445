//! `Error` → gRPC.

use prost::Message as _;

use super::{Report, WriteGrpcOptions, audience::View, budget::Budget, kind::Lookup, localize::localized, status};
use crate::{
    catalog::Catalog,
    model::{Audience, Detail, Details, Error, Kind, KindEntry, MAX_KIND_LEN, rpc},
    wire::grpc::Status,
};

/// For the header or trailer block of a gRPC response. Adds to `report` what was decided.
pub(super) fn write(lookup: Lookup<'_>, error: &Error, options: &WriteGrpcOptions, report: &mut Report) -> Status {
    let limit = lookup.policy.budget.saturating_sub(options.reserved);
    let (status, redacted) = within(lookup, error, options, Budget::fields(limit), &mut report.trimmed);
    report.redacted = redacted;
    status
}

/// For `grpc-status-details-bin` alone, next to other fields that take `reserved` bytes.
pub(super) fn details_field(lookup: Lookup<'_>, error: &Error, reserved: usize, report: &mut Report) -> Status {
    let limit = lookup.policy.budget.saturating_sub(reserved);
    let options = WriteGrpcOptions::new(Audience::Internal);
    within(lookup, error, &options, Budget::details_field(limit), &mut report.trimmed).0
}

fn within(
    lookup: Lookup<'_>,
    error: &Error,
    options: &WriteGrpcOptions,
    budget: Budget,
    trimmed: &mut Vec<String>,
) -> (Status, Vec<String>) {
    let current = lookup.current(error.kind());
    let view = View::new(lookup, error, current.entry(), options.audience);
    let mut status = Status { code: error.code(), message: view.message().into_owned(), details: Details::new() };
    complete(lookup, error, &current, &view, options.audience, &mut status.details);
    if let Some(accepted) = &options.accept_language {
        localize(&view, current.entry(), accepted, &mut status.details);
    }
    *trimmed = budget.fit(lookup, &mut status);
    let redacted = view.redacted();
    (status, redacted)
}

/// The details that the audience may see, with what names the kind, of any size: a body has room for them.
pub(super) fn details(lookup: Lookup<'_>, error: &Error, audience: Audience) -> Details {
    let current = lookup.current(error.kind());
    let view = View::new(lookup, error, current.entry(), audience);
    let mut details = Details::new();
    complete(lookup, error, &current, &view, audience, &mut details);
    details
}

/// Fills `details`, which is empty, in place: to move them costs more than to make one.
// docs/rules.md: R-WRITE-GRPC-2
fn complete(
    lookup: Lookup<'_>,
    error: &Error,
    current: &Kind,
    view: &View<'_>,
    audience: Audience,
    details: &mut Details,
) {
    view.add_details(details);
    name_kind(lookup, error, current.entry(), view, details);
    // An `HttpResponse` never leaves the building, not even ours.
    if audience == Audience::Internal && !says_status(details, current, error) {
        details.push(http_response(error));
    }
}

/// Whether every reader finds the status of the error: one with this catalog, and one that has only the built-in kinds, since
/// not each process has the catalog of the kind.
fn says_status(details: &[Detail], current: &Kind, error: &Error) -> bool {
    let found_with = |entry| status::of(details, entry, error.code()).0 == error.status();
    let builtin = || Catalog::builtin().get(current.as_str());
    found_with(current.entry())
        && (!current.is_made_by_catalog() || found_with(builtin().as_ref().and_then(Kind::entry)))
}

/// Makes sure that an `ErrorInfo` names the kind, and that it has the metadata of the error.
// docs/rules.md: R-WRITE-GRPC-1
fn name_kind(lookup: Lookup<'_>, error: &Error, entry: Option<&KindEntry>, view: &View<'_>, details: &mut Details) {
    let named = lookup.naming_info(details).filter(|info| error.kind().has_reason(info.reason)).map(|info| info.at);
    match named {
        None => {
            let mut buffer = [0; MAX_KIND_LEN];
            let (reason, domain) = (error.kind().reason_in(&mut buffer), lookup.domain_of(error.kind(), entry));
            details.insert(0, Detail::error_info(reason, domain, view.metadata()));
        }
        Some(_) if !view.has_pending_metadata() => {}
        Some(at) => {
            if let Some(mut info) = details[at].decode::<rpc::ErrorInfo>() {
                info.metadata.extend(view.metadata());
                details[at] = details[at].with_value(info.encode_to_vec());
            }
        }
    }
}

/// Adds the catalog's message in a language that the caller accepts, unless the error brings a translation of its own: each
/// type of detail is there at most once (<https://google.aip.dev/193>).
fn localize(view: &View<'_>, entry: Option<&KindEntry>, accepted: &str, details: &mut Details) {
    if details.iter().any(|detail| detail.type_name() == "google.rpc.LocalizedMessage") {
        return;
    }
    if let Some(localized) = localized(view, entry, &[], accepted) {
        let is_last = details.last().is_some_and(|detail| detail.type_name() == "google.rpc.HttpResponse");
        details.insert(details.len() - usize::from(is_last), rpc::LocalizedMessage::from(localized).into());
    }
}

fn http_response(error: &Error) -> Detail {
    let status = error.status();
    Detail::http_response(status.as_u16().into(), status.reason_phrase(), &[], &[])
}
