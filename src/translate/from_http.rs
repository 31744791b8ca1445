//! HTTP → `Error`.

use bytes::Bytes;
use bytestring::ByteString;

use super::{
    Basis, NotAnError, ParseOptions, Report, Rule, Table, facts, from_grpc, kind::Lookup, report::What, table,
};
use crate::{
    model::{Code, Details, Error, HttpStatus, Kind, fold, kind_for_status},
    wire::{
        grpc::{GRPC_STATUS, Received, ReceivedCode, StandardDetails},
        http::{Dialect, Evidence, Head, Reading, headers::Survey, recognise},
    },
};

pub(super) fn read(
    lookup: Lookup<'_>,
    head: Head<'_>,
    body: &Bytes,
    options: &ParseOptions,
) -> Result<(Error, Report), NotAnError> {
    let survey = Survey::of(head.headers);
    if survey.has_grpc {
        if head.headers.contains_key(GRPC_STATUS) {
            return grpc_fields(lookup, head);
        }
        if let Some(carried) = carried(lookup, head) {
            return Ok(carried);
        }
    }
    if head.status < 400 {
        return Err(NotAnError(What::Http(head.status)));
    }
    Ok(interpret(lookup, head, &survey, body, options))
}

/// A response with `grpc-status` is read as one of gRPC.
fn grpc_fields(lookup: Lookup<'_>, head: Head<'_>) -> Result<(Error, Report), NotAnError> {
    let mut received = Received::from_headers(head.headers);
    if received.code == ReceivedCode::Ok && head.status >= 400 {
        // Who says OK while failing did not mean success.
        received.notes.push(format!("grpc-status says OK under HTTP status {}", head.status));
        received.code = ReceivedCode::Invalid(Some("0".to_owned()));
    }
    let (error, mut report) = from_grpc::read(lookup, received)?;
    report.basis = Some(Basis::GrpcFields);
    Ok((error, report))
}

/// The details that an insider wrote beside the body are the error, if they are of this response.
fn carried(lookup: Lookup<'_>, head: Head<'_>) -> Option<(Error, Report)> {
    let received = Received::from_details(head.headers)?;
    let (error, mut report) = from_grpc::read(lookup, received).ok()?;
    report.basis = Some(Basis::GrpcFields);
    (report.code_rule == Some(Rule::GrpcStatus) && u32::from(error.status().as_u16()) == head.status)
        .then_some((error, report))
}

fn interpret(
    lookup: Lookup<'_>,
    head: Head<'_>,
    survey: &Survey<'_>,
    body: &Bytes,
    options: &ParseOptions,
) -> (Error, Report) {
    let mut reading = recognise(&head, survey, body, StandardDetails);
    if options.table == Table::Origin {
        // Only a caller who vouches for the origin wants a page for a message.
        reading.take_text();
    }
    let mut report =
        Report { dialect: Some(reading.dialect), notes: std::mem::take(&mut reading.notes), ..Report::default() };
    let details = details(lookup, &mut reading, &mut report);
    let named = named(lookup, &reading, &details);
    let status = u16::try_from(head.status).ok().and_then(|status| HttpStatus::new(status).ok());
    let (table, basis) = table_for(head.status, reading.evidence, options.table);
    report.basis = Some(basis);

    let (code, kind, shown_status) = match status {
        Some(status) => {
            let (code, code_rule) = code(&reading, named.as_ref(), status, table);
            let (kind, kind_rule) = kind(lookup, named, status, code);
            (report.code_rule, report.kind_rule, report.status_rule) =
                (Some(code_rule), Some(kind_rule), Some(Rule::StatusLine));
            (code, kind, status)
        }
        None => {
            report.notes.push(format!("HTTP status {} is above 599, so the code is UNKNOWN", head.status));
            let kind_rule = if named.is_some() { Rule::Body } else { Rule::CodeFallback };
            (report.code_rule, report.kind_rule, report.status_rule) =
                (Some(Rule::Invalid), Some(kind_rule), Some(Rule::Invalid));
            (Code::Unknown, named.unwrap_or_else(|| lookup.fallback(Code::Unknown)), Code::Unknown.http_status())
        }
    };
    // A name that no kind can have is in no other place.
    let named_in_vain =
        reading.kind.as_deref().is_some_and(|name| kind != *name && !name.is_empty() && fold(name).is_none());
    reading.complete &= !named_in_vain;
    let message = message(&mut reading, table);
    let spelling = spelling(&mut reading, &kind);
    let kept =
        facts::Kept { status: head.status, spelling: spelling.as_deref(), body: (!reading.complete).then_some(body) };
    let details = facts::read(head.headers, survey, message.as_deref(), details, &kept);
    let mut error = Error::from_parts(kind, code, shown_status, message, details);
    for (name, value) in reading.metadata {
        error = error.with_metadata(name, value);
    }
    (error, report)
}

/// The rich details of the body, in its order.
fn details(lookup: Lookup<'_>, reading: &mut Reading, report: &mut Report) -> Details {
    let mut details = std::mem::take(&mut reading.known_details);
    for json in &reading.json_details {
        match lookup.policy.registry.detail_from_json(json) {
            Ok(detail) => details.push(detail),
            Err(why) => {
                reading.complete = false;
                report.notes.push(format!("a member of details cannot be read: {why}"));
            }
        }
    }
    details.extend(reading.details.drain(..));
    details
}

/// The kind that the body names: in our own dialect `kind`, elsewhere first an `ErrorInfo`.
fn named(lookup: Lookup<'_>, reading: &Reading, details: &Details) -> Option<Kind> {
    let info = if reading.dialect == Dialect::KindMessage { None } else { lookup.naming_info(details) };
    match info {
        Some(info) => Some(lookup.kind_of_reason(info.reason)),
        None => Some(lookup.kind(&fold(reading.kind.as_ref()?)?)),
    }
}

/// Which table the evidence asks for.
fn table_for(status: u32, evidence: Evidence, forced: Table) -> (Table, Basis) {
    match (forced, evidence) {
        (Table::Origin | Table::Intermediary, _) => (forced, Basis::Forced),
        (Table::Auto, Evidence::None) => (Table::Intermediary, Basis::None),
        // Gateways write such bodies too.
        (Table::Auto, Evidence::Weak) if matches!(status, 502..=504) => (Table::Intermediary, Basis::Weak),
        (Table::Auto, Evidence::Weak) => (Table::Origin, Basis::Weak),
        (Table::Auto, Evidence::Strong) => (Table::Origin, Basis::Strong),
    }
}

/// The code that the dialect states; else the catalog's, for a named kind whose status agrees; else the table's.
fn code(reading: &Reading, named: Option<&Kind>, status: HttpStatus, table: Table) -> (Code, Rule) {
    let entry = named.and_then(Kind::entry).filter(|entry| entry.status == status);
    match (reading.code, entry, table) {
        (Some(code), _, _) => (code, Rule::Body),
        (None, Some(entry), _) => (entry.code, Rule::Catalog),
        (None, None, Table::Intermediary) => (table::intermediary(status), Rule::IntermediaryTable),
        (None, None, Table::Origin | Table::Auto) => (table::origin(status), Rule::OriginTable),
    }
}

/// The kind named; else the status's fallback kind if its code is the chosen code; else the code's fallback kind.
fn kind(lookup: Lookup<'_>, named: Option<Kind>, status: HttpStatus, code: Code) -> (Kind, Rule) {
    if let Some(kind) = named {
        return (kind, Rule::Body);
    }
    let of_status = kind_for_status(status);
    if of_status.entry().is_some_and(|entry| entry.code == code) {
        (lookup.current(&of_status).into_owned(), Rule::StatusFallback)
    } else {
        (lookup.fallback(code), Rule::CodeFallback)
    }
}

/// The body's message. What was not recognised is no message, unless the caller vouches for the origin: the kind's
/// default stands in, and the text stays in the details.
fn message(reading: &mut Reading, table: Table) -> Option<ByteString> {
    let trusted = reading.evidence != Evidence::None || table == Table::Origin;
    reading.message.take().filter(|text| trusted && (reading.evidence != Evidence::None || !text.is_empty()))
}

/// The kind as the body spells it, if that is neither the kind nor, where a body has reasons, its reason.
fn spelling(reading: &mut Reading, kind: &Kind) -> Option<ByteString> {
    let spelled = reading.kind.take()?;
    let has_reasons = reading.dialect != Dialect::KindMessage;
    let same = kind == &*spelled || (has_reasons && kind.reason() == *spelled);
    (!same && fold(&spelled).is_some_and(|folded| kind == &*folded)).then_some(spelled)
}
