//! `{"type", "title", "status", "detail", "instance"}` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457#section-3.1)).

// docs/rules.md: R-DIALECT-2

use bytes::Bytes;

use super::{
    finder::{Finder, Path},
    message,
    token::last_segment,
    write::{ErrorFields, List, put_list, put_number, put_text},
};
use crate::wire::http::{Dialect, Reading, json::Object, reading::Page};

/// Under another content type, the members show it.
pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let has_type = object.text("type").is_some();
    let has_status = object.integer("status").is_some();
    let has_detail = object.text("detail").is_some();
    let is_problem = match object.text("title") {
        Some(_) => has_type || has_status,
        None => has_type && has_status && has_detail,
    };
    if is_problem { read_declared(object, page) } else { None }
}

/// Under `application/problem+json` every object is one.
pub(super) fn read_declared(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let mut reading = Reading::strong(Dialect::Problem);
    reading.take_kind(object, page, "kind");
    reading.identify(object, page, "code");
    if reading.code.is_none() {
        Finder::new(page, &mut reading).identify_explicitly(object, &Path::default());
    }
    if object.text("type") == Some("about:blank") {
        object.take("type");
    } else if reading.kind.is_none()
        && let Some(segment) = object.text("type").and_then(last_segment)
    {
        reading.identify_as(segment, page, "type");
    }
    page.take_status(object, "status");
    reading.take_message(object, page, &["detail"]);
    let is_text = |title: &str| title.contains(' ') && !message::says_nothing(page, title);
    if reading.message.is_none() && object.text("title").is_some_and(is_text) {
        reading.take_message(object, page, &["title"]);
    }
    Finder::new(page, &mut reading).settle(object);
    if object.has("detail") && object.text("title").is_some_and(|title| page.is_reason_phrase(title)) {
        object.take("title");
    }
    let mut finder = Finder::new(page, &mut reading);
    finder.violations(object, &Path::default());
    finder.own_field(object, &Path::default());
    finder.identify_by_details(object, &Path::default());
    reading.take_details(object, "details", Some("details".into()));
    Some(reading)
}

/// The members `code`, which holds the kind, and `details` are extensions.
pub(super) fn write(fields: &ErrorFields<'_>, details: Option<List<'_>>) -> Bytes {
    let ErrorFields { kind, status, message, help_url, .. } = *fields;
    let mut out = Vec::new();
    put_text(&mut out, r#"{"type":"#, help_url.unwrap_or("about:blank"));
    put_text(&mut out, r#","title":"#, status.reason_phrase());
    put_number(&mut out, r#","status":"#, status.as_u16());
    put_text(&mut out, r#","detail":"#, message);
    put_text(&mut out, r#","code":"#, kind);
    put_list(&mut out, details);
    out.push(b'}');
    out.into()
}
