//! `Error` → gRPC.

use prost::Message as _;

use super::{Report, WriteGrpcOptions, audience::View, budget::Counted, kind::Lookup, localize::localize, status};
use crate::{
    catalog::Catalog,
    model::{Audience, Detail, DetailType, DetailView, Details, ErrorRef, Kind, MAX_KIND_LEN, Part, rpc},
    wire::grpc::{ALL_FIELDS, Naming, Outgoing},
};

/// For the header or trailer block of a gRPC response. Says what was decided if there is a report, and hands over what is to be
/// sent.
pub(super) fn write<T>(
    lookup: &Lookup<'_>,
    error: &ErrorRef<'_>,
    options: &WriteGrpcOptions,
    report: Option<&mut Report>,
    send: impl FnOnce(&mut Outgoing<'_>) -> T,
) -> T {
    let current = lookup.catalog.current(error.kind());
    let view = View::new(lookup, error, current, options.audience);
    let mut outgoing = Outgoing::new(error.code(), view.message());
    complete(&view, &mut outgoing);
    if let Some(accepted) = &options.accept_language {
        localize(&view, accepted, &mut outgoing.details);
    }
    let trimmed = Counted::All.fit(lookup.policy.budget.saturating_sub(options.reserved), lookup, &mut outgoing);
    if let Some(report) = report {
        (report.trimmed, report.redacted) = (trimmed, view.redacted());
    }
    send(&mut outgoing)
}

/// For `grpc-status-details-bin` alone, next to other fields that take `reserved` bytes. `None` if there are no details.
pub(super) fn details_field(view: &View<'_>, reserved: usize, trimmed: &mut Vec<String>) -> Option<Vec<u8>> {
    let lookup = view.lookup;
    let mut outgoing = Outgoing::new(view.error.code(), view.message());
    complete(view, &mut outgoing);
    *trimmed = Counted::Details.fit(lookup.policy.budget.saturating_sub(reserved), lookup, &mut outgoing);
    outgoing.details_field()
}

/// The details that the audience may see, with what names the kind, of any size: a body has room for them.
pub(super) fn details(view: &View<'_>) -> Details {
    let mut outgoing = Outgoing::new(view.error.code(), view.message());
    complete(view, &mut outgoing);
    outgoing.take_status().details
}

// docs/rules.md: R-WRITE-GRPC-2
fn complete<'a>(view: &View<'a>, outgoing: &mut Outgoing<'a>) {
    view.add_details(&mut outgoing.details);
    name_kind(view, outgoing);
    // An `HttpResponse` never leaves the building, not even ours.
    if view.audience == Audience::Internal && !says_status(view) {
        outgoing.details.push(Part::Own(http_response(view.error)));
    }
}

/// Whether every reader finds the status of the error: one with this catalog, and one that has only the built-in kinds, since
/// not each process has the catalog of the kind.
fn says_status(view: &View<'_>) -> bool {
    let View { error, current, .. } = *view;
    if error.known.says_status {
        return true;
    }
    // What is added to the details says no status.
    let responses = || error.views_for(DetailType::HttpResponse);
    let found_with = |entry| status::of(responses(), entry, error.code()).0 == error.status();
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
    if !is_named(view) {
        match naming(view, view.error.views_for(DetailType::ErrorInfo)) {
            None => view.lookup.policy.registry.write_standard(naming_info(view).view(), ALL_FIELDS, out)?,
            Some(_) if view.has_pending_metadata() => return None,
            Some(_) => {}
        }
    }
    view.put_usual(out)?;
    out.push(b']');
    Some(())
}

/// Whether reading has shown that an `ErrorInfo` names the kind, and there is no other metadata.
fn is_named(view: &View<'_>) -> bool {
    view.error.known.names_kind && !view.has_pending_metadata()
}

/// Where the `ErrorInfo` is that names the kind of the error.
fn naming<'d>(view: &View<'_>, details: impl Iterator<Item = DetailView<'d>>) -> Option<usize> {
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
fn name_kind<'a>(view: &View<'a>, outgoing: &mut Outgoing<'a>) {
    // Of insiders, nothing was withheld.
    if view.audience == Audience::Internal && is_named(view) {
        return;
    }
    match naming(view, outgoing.details.iter().map(Part::view)) {
        None if !view.error.has(DetailType::ErrorInfo) && !view.has_pending_metadata() => {
            let kind = view.error.kind();
            outgoing.naming = Some(Naming::new(kind, view.lookup.domain_of(kind, view.entry())));
        }
        None => outgoing.details.insert(0, Part::Own(naming_info(view))),
        Some(_) if !view.has_pending_metadata() => {}
        Some(at) => {
            let part = &mut outgoing.details[at];
            if let Some(mut info) = part.view().decode::<rpc::ErrorInfo>() {
                info.metadata.extend(view.metadata());
                *part = Part::Own(part.with_value(info.encode_to_vec()));
            }
        }
    }
}

fn http_response(error: &ErrorRef<'_>) -> Detail {
    let status = error.status();
    Detail::http_response(status.as_u16().into(), status.reason_phrase(), &[], &[])
}
