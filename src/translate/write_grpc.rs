//! `Error` → gRPC.

use prost::Message as _;

use super::{Report, WriteGrpcOptions, audience::View, budget::Budget, kind::Lookup, localize::localized, status};
use crate::{
    catalog::Catalog,
    model::{Audience, Detail, Details, Error, Kind, MAX_KIND_LEN, rpc},
    wire::grpc::{ALL_FIELDS, Status},
};

/// For the header or trailer block of a gRPC response. Says what was decided if there is a report.
pub(super) fn write(
    lookup: Lookup<'_>,
    error: &Error,
    options: &WriteGrpcOptions,
    report: Option<&mut Report>,
) -> Status {
    let current = lookup.current(error.kind());
    let view = View::new(lookup, error, &current, options.audience);
    let mut status = Status { code: error.code(), message: view.message().into_owned(), details: Details::new() };
    complete(&view, &mut status.details);
    if let Some(accepted) = &options.accept_language {
        localize(&view, accepted, &mut status.details);
    }
    let trimmed = Budget::fields(lookup.policy.budget.saturating_sub(options.reserved)).fit(lookup, &mut status);
    if let Some(report) = report {
        (report.trimmed, report.redacted) = (trimmed, view.redacted());
    }
    status
}

/// For `grpc-status-details-bin` alone, next to other fields that take `reserved` bytes.
pub(super) fn details_field(view: &View<'_>, reserved: usize, trimmed: &mut Vec<String>) -> Status {
    let lookup = view.lookup;
    let mut status = Status { code: view.error.code(), message: view.message().into_owned(), details: Details::new() };
    complete(view, &mut status.details);
    *trimmed = Budget::details_field(lookup.policy.budget.saturating_sub(reserved)).fit(lookup, &mut status);
    status
}

/// The details that the audience may see, with what names the kind, of any size: a body has room for them.
pub(super) fn details(view: &View<'_>) -> Details {
    let mut details = Details::new();
    complete(view, &mut details);
    details
}

/// Fills `details`, which is empty, in place: to move them costs more than to make one.
// docs/rules.md: R-WRITE-GRPC-2
fn complete(view: &View<'_>, details: &mut Details) {
    view.add_details(details);
    name_kind(view, details);
    // An `HttpResponse` never leaves the building, not even ours.
    if view.audience == Audience::Internal && !says_status(details, view.current, view.error) {
        details.push(http_response(view.error));
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

/// Appends the list of those details as JSON.
pub(super) fn put_details(view: &View<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    if put_usual(view, out).is_none() {
        out.truncate(start);
        view.lookup.policy.registry.write_details(&details(view), out);
    }
}

/// In one walk over the bytes of what is usual.
fn put_usual(view: &View<'_>, out: &mut Vec<u8>) -> Option<()> {
    out.push(b'[');
    match naming(view, view.error.details()) {
        None => view.lookup.policy.registry.write_standard(&naming_info(view), ALL_FIELDS, out)?,
        Some(_) if view.has_pending_metadata() => return None,
        Some(_) => {}
    }
    view.put_usual(out)?;
    out.push(b']');
    Some(())
}

/// Where the `ErrorInfo` is that names the kind of the error.
fn naming(view: &View<'_>, details: &[Detail]) -> Option<usize> {
    let info = view.lookup.naming_info(details)?;
    view.error.kind().has_reason(info.reason).then_some(info.at)
}

/// An `ErrorInfo` that names it.
fn naming_info(view: &View<'_>) -> Detail {
    let (kind, mut buffer) = (view.error.kind(), [0; MAX_KIND_LEN]);
    Detail::error_info(kind.reason_in(&mut buffer), view.lookup.domain_of(kind, view.entry()), view.metadata())
}

/// Makes sure that an `ErrorInfo` names the kind, and that it has the metadata of the error.
// docs/rules.md: R-WRITE-GRPC-1
fn name_kind(view: &View<'_>, details: &mut Details) {
    match naming(view, details) {
        None => details.insert(0, naming_info(view)),
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
fn localize(view: &View<'_>, accepted: &str, details: &mut Details) {
    if details.iter().any(|detail| detail.type_name() == "google.rpc.LocalizedMessage") {
        return;
    }
    if let Some(localized) = localized(view, &[], accepted) {
        let is_last = details.last().is_some_and(|detail| detail.type_name() == "google.rpc.HttpResponse");
        details.insert(details.len() - usize::from(is_last), rpc::LocalizedMessage::from(localized).into());
    }
}

fn http_response(error: &Error) -> Detail {
    let status = error.status();
    Detail::http_response(status.as_u16().into(), status.reason_phrase(), &[], &[])
}
