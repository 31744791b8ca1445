//! `Error` → gRPC.

use prost::Message as _;

use super::{Report, WriteGrpcOptions, audience::View, budget, kind::Lookup, localize::localized, status};
use crate::{
    model::{Audience, Detail, Details, Error, KindEntry, MAX_KIND_LEN, rpc},
    wire::grpc::Status,
};

/// Adds to `report` what was decided.
pub(super) fn write(lookup: Lookup<'_>, error: &Error, options: &WriteGrpcOptions, report: &mut Report) -> Status {
    let current = lookup.current(error.kind());
    let entry = current.entry();
    let view = View::new(lookup, error, entry, options.audience);
    let mut status = Status { code: error.code(), message: view.message(), details: Details::new() };
    complete(lookup, error, entry, &view, options.audience, &mut status.details);
    if let Some(accepted) = &options.accept_language {
        localize(&view, entry, accepted, &mut status.details);
    }
    let limit = lookup.policy.budget.saturating_sub(options.reserved);
    report.trimmed = budget::fit(lookup, &mut status, limit);
    report.redacted = view.redacted();
    status
}

/// The details that the audience may see, with what names the kind, of any size: a body has room for them.
pub(super) fn details(lookup: Lookup<'_>, error: &Error, audience: Audience) -> Details {
    let current = lookup.current(error.kind());
    let entry = current.entry();
    let mut details = Details::new();
    complete(lookup, error, entry, &View::new(lookup, error, entry, audience), audience, &mut details);
    details
}

/// Fills `details`, which is empty, in place: to move them costs more than to make one.
fn complete(
    lookup: Lookup<'_>,
    error: &Error,
    entry: Option<&KindEntry>,
    view: &View<'_>,
    audience: Audience,
    details: &mut Details,
) {
    view.add_details(details);
    name_kind(lookup, error, entry, view, details);
    // An `HttpResponse` never leaves the building, not even ours.
    if audience == Audience::Internal && status::of(details, entry, error.code()).0 != error.status() {
        details.push(http_response(error));
    }
}

/// Makes sure that an `ErrorInfo` names the kind, and that it has the metadata of the error.
fn name_kind(lookup: Lookup<'_>, error: &Error, entry: Option<&KindEntry>, view: &View<'_>, details: &mut Details) {
    let named = lookup.naming_info(details).filter(|info| error.kind().has_reason(info.reason)).map(|info| info.at);
    match named {
        None => {
            let mut buffer = [0; MAX_KIND_LEN];
            let (reason, domain) = (error.kind().reason_in(&mut buffer), lookup.domain_of(error.kind(), entry));
            details.insert(0, Detail::error_info(reason, domain, view.metadata()));
        }
        Some(_) if view.pending_metadata().is_empty() => {}
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
    if let Some(localized) = localized(view, entry, None, accepted) {
        let is_last = details.last().is_some_and(|detail| detail.type_name() == "google.rpc.HttpResponse");
        details.insert(details.len() - usize::from(is_last), rpc::LocalizedMessage::from(localized).into());
    }
}

fn http_response(error: &Error) -> Detail {
    let status = error.status();
    Detail::http_response(status.as_u16().into(), status.reason_phrase(), &[], &[])
}
