//! `{"error": {"code": 404, "message": "...", "status": "NOT_FOUND", "details": []}}`
//! ([AIP-193](https://google.aip.dev/193#http11json-representation)), and the older form with the list `errors`
//! ([Drive](https://developers.google.com/workspace/drive/api/guides/handle-errors)).

use std::borrow::Cow;

use bytes::Bytes;
use bytestring::ByteString;

use super::{
    take::is_typed,
    write::{ErrorFields, List, put_list, put_number, put_text},
};
use crate::{
    model::{Code, is_reason},
    wire::http::{Dialect, Reading, json::Object, reading::Page},
};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    if !object.object("error").is_some_and(is_google) {
        return None;
    }
    object.within_object("error", |error| read_error(error, page))
}

/// A number and a text alone are what many write.
fn is_google(error: &Object<'_>) -> bool {
    let has_status = error.integer("code").is_some_and(|code| code >= 100);
    code(error).is_some() && (error.has("code") || error.text("message").is_some())
        || has_status && (is_legacy(error) || error.list("details").is_some_and(|list| list.iter().any(is_typed)))
}

fn is_legacy(error: &Object<'_>) -> bool {
    let first = error.list("errors").and_then(|list| list.first()?.as_object());
    first.is_some_and(|first| first.text("reason").is_some())
}

fn code(error: &Object<'_>) -> Option<Code> {
    error.text("status").and_then(Code::from_name)
}

fn read_error(error: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading::strong(Dialect::Google);
    if let Some(code) = code(error) {
        error.take("status");
        reading.state(code, "error.status");
    }
    page.take_status(error, "code");
    reading.take_message(error, page, &["error.message"]);
    reading.take_details(error, "details", Some(Cow::Borrowed("error.details")));
    reading.identify_by_error_info();
    // Firebase writes its own identifier as the message, and a class of it as the reason.
    let is_constant = |text: &ByteString| is_reason(text) && text.contains('_');
    if reading.kind.is_none() && is_legacy(error) {
        reading.kind = reading.message.clone().filter(is_constant);
        reading.origins.kind = reading.origins.message.clone().filter(|_| reading.kind.is_some());
    }
    if reading.kind.is_none() {
        error.within_first("errors", |first| reading.take_kind(first, page, "error.errors[0].reason"));
    }
    reading
}

/// An `ErrorInfo` among the details names the kind.
pub(super) fn write(fields: &ErrorFields<'_>, details: Option<List<'_>>) -> Bytes {
    let ErrorFields { code, status, message, .. } = *fields;
    let mut out = Vec::new();
    put_number(&mut out, r#"{"error":{"code":"#, status.as_u16());
    put_text(&mut out, r#","message":"#, message);
    put_text(&mut out, r#","status":"#, code.name());
    put_list(&mut out, details);
    out.extend_from_slice(b"}}");
    out.into()
}
