//! HTTP → `Error`.

mod grpc;

use std::borrow::Cow;

use bytes::Bytes;
use grpc::{carried, grpc_fields};

use super::{NotAnError, ReadOptions, Report, Rule, StatusTable, header_details, kind::Lookup, status};
use crate::{
    model::{
        Code, Detail, Details, Error, HttpStatus, Kind, Known, MAX_KIND_LEN, ReadError, code_for_status, fold,
        kind_for_status, lower_case,
    },
    wire::{
        grpc::{GRPC_STATUS, Received, ReceivedCode, StandardDetails},
        http::{Dialect, Evidence, Origins, Reading, ResponseHead, Survey, exact, is_page, recognise},
    },
};

/// Says what was decided if there is a report, which is empty.
// docs/rules.md: R-READ-HTTP-1, R-READ-HTTP-2
pub(super) fn read<'a, E: ReadError<'a>>(
    lookup: &Lookup<'_>,
    head: ResponseHead<'_>,
    body: &'a Bytes,
    options: &ReadOptions,
    mut report: Option<&mut Report>,
) -> Result<E, NotAnError> {
    let survey = Survey::of(head.headers);
    if survey.has_grpc {
        if head.headers.contains_key(GRPC_STATUS) {
            let received = Received::from_headers(head.headers);
            if matches!(received.code, ReceivedCode::Error(_)) || head.status < 400 {
                let (error, said) = grpc_fields(lookup, head, &survey, body, received)?;
                say(report, said);
                return Ok(E::taken_from(error));
            }
            // What says OK while failing did not mean success, and the rest of the response says more.
            if let Some(report) = report.as_deref_mut() {
                report.notes.push(match received.code {
                    ReceivedCode::Ok => {
                        format!("grpc-status says OK under HTTP status {} and does not count", head.status)
                    }
                    _ => "grpc-status is not a code of an error, 1 to 16, and does not count".to_owned(),
                });
            }
        }
        if let Some((error, said)) = carried(lookup, head) {
            say(report, said);
            return Ok(E::taken_from(error));
        }
    }
    if head.status < 400 {
        return Err(NotAnError { status: Some(head.status) });
    }
    interpret(lookup, head, &survey, body, options, report)
}

fn say(report: Option<&mut Report>, said: Report) {
    if let Some(report) = report {
        *report = said;
    }
}

fn interpret<'a, E: ReadError<'a>>(
    lookup: &Lookup<'_>,
    head: ResponseHead<'_>,
    survey: &Survey<'_>,
    body: &'a Bytes,
    options: &ReadOptions,
    mut report: Option<&mut Report>,
) -> Result<E, NotAnError> {
    let source = Source { lookup, head, survey, body, table: options.table };
    // Most bodies are of our own dialect and say no more than it has members for.
    let mut listed = Details::new();
    if let Some(read) = &mut exact(survey, body, StandardDetails(&mut listed)) {
        if let Some(report) = report.as_deref_mut() {
            let origins = Origins { kind: Some("kind".into()), ..Origins::new(None, Some("message"), Some("details")) };
            report.origins = Some(origins.into());
        }
        let dialect = Dialect::KindMessage;
        let said = Said { dialect, evidence: Evidence::Strong, kind: Some(&read.kind), code: None, complete: true };
        return conclude(&source, said, Some(E::text(body, &mut read.message)), listed, report);
    }
    if let Some(status) = status_proto(survey, body) {
        if let Some(report) = report.as_deref_mut() {
            report.origins = Some(Origins::new(Some("code"), Some("message"), Some("details")).into());
        }
        let code = if let ReceivedCode::Error(code) = status.code { Some(code) } else { None };
        let said = Said { dialect: Dialect::StatusProto, evidence: Evidence::Strong, kind: None, code, complete: true };
        let message = Some(status.message).filter(|message| !message.is_empty());
        return conclude(&source, said, message.map(E::Text::from), status.details, report);
    }
    // Only a caller that vouches for the origin wants a page as a message.
    if options.table != StatusTable::Origin && is_page(survey, body) {
        let said = Said { dialect: Dialect::Text, evidence: Evidence::None, kind: None, code: None, complete: false };
        return conclude(&source, said, None, Details::new(), report);
    }
    let mut reading = recognise(&head, survey, body, report.is_some());
    if options.table == StatusTable::Origin {
        reading.take_text();
    }
    let mut notes = std::mem::take(&mut reading.notes);
    let details = details(lookup, &mut reading, &mut notes);
    if let Some(report) = report.as_deref_mut() {
        report.notes.append(&mut notes);
        report.origins = Some(std::mem::take(&mut reading.origins).into());
    }
    let Reading { dialect, evidence, ref kind, code, message, complete, .. } = reading;
    let said = Said { dialect, evidence, kind: kind.as_deref(), code, complete };
    if reading.metadata.is_empty() {
        return conclude(&source, said, message.map(E::Text::from), details, report);
    }
    let error: Error = conclude(&source, said, message, details, report)?;
    let with = |error: Error, (name, value): (String, String)| error.with_metadata(Cow::<str>::Owned(name), value);
    Ok(E::taken_from(reading.metadata.into_iter().fold(error, with)))
}

/// A body that is a `google.rpc.Status` in protobuf and says something: <https://opentelemetry.io/docs/specs/otlp/#failures-1>.
fn status_proto(survey: &Survey<'_>, body: &Bytes) -> Option<Received> {
    if !survey.is_protobuf() {
        return None;
    }
    let status = Received::decode(body.clone()).ok()?;
    let is_empty = status.code == ReceivedCode::Ok && status.message.is_empty() && status.details.is_empty();
    (!is_empty).then_some(status)
}

/// What is read, and by which rules.
struct Source<'a, 'b> {
    lookup: &'a Lookup<'a>,
    head: ResponseHead<'a>,
    survey: &'a Survey<'a>,
    body: &'b Bytes,
    table: StatusTable,
}

/// What a body says, but for its message and its details.
#[derive(Clone, Copy)]
struct Said<'a> {
    dialect: Dialect,
    evidence: Evidence,
    /// As it was spelled.
    kind: Option<&'a str>,
    code: Option<Code>,
    /// Whether the body is not worth keeping.
    complete: bool,
}

/// Applies the rules, which cannot fail: to make a result of the error later would move it once more.
fn conclude<'b, E: ReadError<'b>>(
    source: &Source<'_, 'b>,
    said: Said<'_>,
    mut message: Option<E::Text>,
    mut details: Details,
    mut report: Option<&mut Report>,
) -> Result<E, NotAnError> {
    let Source { lookup, head, survey, body, .. } = *source;
    let folded = said.kind.and_then(fold);
    let named_by = NamedBy::of(lookup, said.dialect, folded.as_deref(), &details);
    let mut buffer = [0; MAX_KIND_LEN];
    let name = named_by.as_ref().map(|by| by.name(&mut buffer));
    let found = name.and_then(|name| lookup.catalog.find(name));
    let status = u16::try_from(head.status).ok().and_then(|status| HttpStatus::new(status).ok());
    let (table, basis) = status::table_for(head.status, said.evidence, source.table);

    let (code, code_rule) = match status {
        Some(status) => status::code(said.code, found, status, table),
        None => (Code::Unknown, Rule::Invalid),
    };
    let (shown_status, status_rule) = match status {
        Some(status) => (status, Rule::StatusLine),
        None => (Code::Unknown.http_status(), Rule::Invalid),
    };
    // Where no kind is named, that of the status stands in if its code is the chosen one, else that of the code.
    // docs/rules.md: R-READ-HTTP-5
    let of_status = status.filter(|status| code_for_status(*status) == code);
    let (found, kind_rule) = match (name, of_status) {
        (Some(_), _) => (found, Rule::Body),
        (None, Some(status)) => (Some(lookup.catalog.current(kind_for_status(status))), Rule::StatusFallback),
        (None, None) => (Some(lookup.fallback(code)), Rule::CodeFallback),
    };
    let kind = match found {
        Some(kind) => kind.clone(),
        None => Kind::foreign(name.unwrap_or_default()),
    };
    // A name that no kind can have is in no other place.
    let other_name = said.kind.filter(|name| kind != **name);
    let named_in_vain = other_name.is_some_and(|name| !name.is_empty()) && folded.is_none();
    if message.as_ref().is_some_and(|text| !is_message(text, said.evidence, table)) {
        message = None;
    }
    if let Some(report) = report.as_deref_mut() {
        (report.dialect, report.basis) = (Some(said.dialect), Some(basis));
        [report.code_rule, report.kind_rule, report.status_rule] = [code_rule, kind_rule, status_rule].map(Some);
        if status.is_none() {
            report.notes.push(format!("HTTP status {} is above 599, so the code is UNKNOWN", head.status));
        }
        let origins = report.origins.get_or_insert_default();
        origins.kind = match named_by {
            Some(NamedBy::Details(_)) => origins.details.clone(),
            Some(NamedBy::Body(_)) => origins.kind.take(),
            None => None,
        };
        origins.add_details(&details);
        if message.is_none() {
            origins.message = None;
        }
    }
    let kept = header_details::Kept {
        status: head.status,
        spelling: other_name.filter(|name| is_spelling(name, folded.as_deref(), said.dialect, &kind)),
        body: (!said.complete || named_in_vain).then_some(body),
    };
    let origins = report.map(|report| &mut **report.origins.get_or_insert_default());
    let is_added = header_details::read(head.headers, survey, message.as_deref(), &mut details, &kept, origins);
    // An `HttpResponse` that was added is the last one.
    let known = Known { says_status: is_added && status.is_some(), ..Known::default() };
    Ok(E::read(kind, code, shown_status, message, details, known))
}

/// What in a body names the kind.
enum NamedBy<'a> {
    /// The reason of an `ErrorInfo`.
    Details(&'a [u8]),
    /// A name, folded.
    Body(&'a str),
}

impl<'a> NamedBy<'a> {
    /// In our own dialect `kind`, elsewhere first an `ErrorInfo`.
    fn of(lookup: &Lookup<'_>, dialect: Dialect, folded: Option<&'a str>, details: &'a Details) -> Option<Self> {
        if dialect != Dialect::KindMessage
            && let Some(info) = lookup.naming_info(details.iter().map(Detail::view))
        {
            return Some(Self::Details(info.reason));
        }
        folded.map(Self::Body)
    }

    /// The name of the kind, which is ASCII.
    fn name<'n>(&'n self, buffer: &'n mut [u8; MAX_KIND_LEN]) -> &'n [u8] {
        match self {
            Self::Details(reason) => lower_case(reason, buffer),
            Self::Body(folded) => folded.as_bytes(),
        }
    }
}

/// Whether the body's text is the message. What was not recognised is none, unless the caller vouches for the origin: the
/// kind's default stands in, and the text stays in the details.
// docs/rules.md: R-READ-HTTP-6
fn is_message(text: &str, evidence: Evidence, table: StatusTable) -> bool {
    evidence != Evidence::None || (table == StatusTable::Origin && !text.is_empty())
}

/// Whether this is the kind as the body spells it, which is not how the kind is, and where a body has reasons not its reason
/// either.
fn is_spelling(spelled: &str, folded: Option<&str>, dialect: Dialect, kind: &Kind) -> bool {
    let is_reason = dialect != Dialect::KindMessage && kind.reason() == *spelled;
    !is_reason && folded.is_some_and(|folded| kind == folded)
}

/// How many notes there may be before those about details end.
const MAX_LOST: usize = 16;

/// The rich details of the body, in its order; with a note for what cannot be read.
fn details(lookup: &Lookup<'_>, reading: &mut Reading, notes: &mut Vec<String>) -> Details {
    let mut details = Details::new();
    for json in &reading.json_details {
        let lost = match lookup.policy.registry.detail_from_lenient_json(json) {
            Ok((detail, lost)) => {
                details.push(detail);
                lost
            }
            Err(why) => vec![why],
        };
        reading.complete &= lost.is_empty();
        // A body may have more of them than anybody reads.
        let room = MAX_LOST.saturating_sub(notes.len());
        let lost = lost.into_iter().take(room);
        notes.extend(lost.map(|why| format!("a member of details cannot be read: {why}")));
    }
    details.extend(reading.details.drain(..));
    details
}

#[cfg(test)]
mod tests;
