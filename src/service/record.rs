//! An `ErrorRecord` as an error.

use super::{decode, invalid_argument::rejected, pb};
use crate::{
    catalog::Catalog,
    model::{Code, Error, HttpStatus, Kind, fold, is_kind, kind_for_code, kind_for_status, shown},
    translate::{Report, Rule},
};

/// Reads a record. What it leaves out is the catalog's for the kind, or follows from the rest.
///
/// The message is taken as it is, an empty one too, since an error that came over a wire may have an empty one.
pub(super) fn read(catalog: &Catalog, record: pb::ErrorRecord) -> Result<(Error, Report), Error> {
    let given_code = code(record.code)?;
    let given_status = status(record.status)?;
    let (kind, kind_rule) = kind(catalog, &record.kind, given_code, given_status)?;
    let entry = kind.entry();

    let (code, code_rule) = match (given_code, entry, given_status) {
        (Some(code), _, _) => (code, Rule::Given),
        (None, Some(entry), _) => (entry.code, Rule::Catalog),
        (None, None, Some(status)) => (code_of(status), Rule::StatusFallback),
        (None, None, None) => (Code::Unknown, Rule::CodeFallback),
    };
    let (status, status_rule) = match (given_status, entry) {
        (Some(status), _) => (status, Rule::Given),
        (None, Some(entry)) => (entry.status, Rule::Catalog),
        (None, None) => (code.http_status(), Rule::CodeFallback),
    };

    let details = record.details.into_iter().map(decode::detail).collect();
    let error = Error::from_parts(kind, code, status, Some(record.message.into()), details);
    let report = Report {
        kind_rule: Some(kind_rule),
        code_rule: Some(code_rule),
        status_rule: Some(status_rule),
        ..Report::default()
    };
    Ok((error, report))
}

fn code(number: i32) -> Result<Option<Code>, Error> {
    match number {
        0 => Ok(None),
        _ => Code::try_from(number).map(Some).map_err(|why| rejected("error.code", why.to_string())),
    }
}

fn status(number: u32) -> Result<Option<HttpStatus>, Error> {
    if number == 0 {
        return Ok(None);
    }
    let status = u16::try_from(number).ok().and_then(|number| HttpStatus::new(number).ok());
    let why = || rejected("error.status", format!("{number} is not an HTTP error status: use 400 to 599"));
    status.map(Some).ok_or_else(why)
}

fn kind(catalog: &Catalog, name: &str, code: Option<Code>, status: Option<HttpStatus>) -> Result<(Kind, Rule), Error> {
    if !name.is_empty() {
        return named(catalog, name).map(|kind| (kind, Rule::Given));
    }
    let by_status = |status| (kind_for_status(status), Rule::StatusFallback);
    let by_code = |code| (kind_for_code(code), Rule::CodeFallback);
    match (code, status) {
        (Some(code), Some(status)) if code_of(status) == code => Ok(by_status(status)),
        (Some(code), _) => Ok(by_code(code)),
        (None, Some(status)) => Ok(by_status(status)),
        (None, None) => Err(rejected("error.kind", "is missing: send a kind, a code or a status")),
    }
}

fn named(catalog: &Catalog, name: &str) -> Result<Kind, Error> {
    if let Some(kind) = catalog.get(name) {
        return Ok(kind);
    }
    if is_kind(name) {
        return Ok(Kind::foreign(name));
    }
    let name_shown = shown(name);
    Err(rejected(
        "error.kind",
        match fold(name) {
            Some(folded) => format!("`{name_shown}` is not spelled as a kind: write `{folded}`"),
            None => format!(
                "`{name_shown}` is not a kind: use 3 to 63 characters of a-z, 0-9 and _, begin with a letter, and do not \
                 end with _"
            ),
        },
    ))
}

/// The code that an API means by a status.
fn code_of(status: HttpStatus) -> Code {
    kind_for_status(status).entry().map_or(Code::Unknown, |entry| entry.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, code: i32, status: u32) -> pb::ErrorRecord {
        pb::ErrorRecord { kind: kind.into(), code, status, ..Default::default() }
    }

    #[test]
    fn fills_what_is_left_out() {
        let rows = [
            // As given, then as read.
            (("task_not_found", 0, 0), ("task_not_found", 5, 404)),
            (("task_not_found", 9, 0), ("task_not_found", 9, 404)),
            (("task_not_found", 0, 410), ("task_not_found", 5, 410)),
            (("task_not_found", 16, 500), ("task_not_found", 16, 500)),
            (("http_418", 0, 0), ("http_418", 9, 418)),
            (("of_nobody", 0, 0), ("of_nobody", 2, 500)),
            (("of_nobody", 0, 404), ("of_nobody", 5, 404)),
            (("of_nobody", 8, 0), ("of_nobody", 8, 429)),
            (("", 5, 0), ("not_found", 5, 404)),
            (("", 0, 402), ("payment_required", 9, 402)),
            (("", 5, 410), ("gone", 5, 410)),
            (("", 13, 410), ("internal_error", 13, 410)),
        ];
        for ((kind, code, status), expected) in rows {
            let (error, _) = read(&Catalog::builtin(), record(kind, code, status)).unwrap();
            let read = (error.kind().as_str(), error.code().number(), error.status().as_u16());
            assert_eq!(read, expected, "{kind:?} {code} {status}");
        }
    }

    #[test]
    fn names_the_malformed_field() {
        let rows = [
            (record("", 0, 0), "error.kind", "is missing: send a kind, a code or a status"),
            (
                record("Task.NotFound", 0, 0),
                "error.kind",
                "`Task.NotFound` is not spelled as a kind: write `task_not_found`",
            ),
            (record("task_not_found", 17, 0), "error.code", "17 is not a gRPC error code: use 1 to 16"),
            (record("task_not_found", -1, 0), "error.code", "-1 is not a gRPC error code: use 1 to 16"),
            (record("task_not_found", 0, 399), "error.status", "399 is not an HTTP error status: use 400 to 599"),
            (record("task_not_found", 0, 65_936), "error.status", "65936 is not an HTTP error status: use 400 to 599"),
        ];
        for (record, field, why) in rows {
            let error = read(&Catalog::builtin(), record).unwrap_err();
            let violation = error.field_violations().remove(0);
            assert_eq!((violation.field.as_str(), violation.description.as_str()), (field, why));
        }
        let error = read(&Catalog::builtin(), record(&"x".repeat(1_000_000), 0, 0)).unwrap_err();
        assert!(error.message().len() < 300);
    }
}
