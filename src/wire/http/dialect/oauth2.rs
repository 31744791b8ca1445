//! `{"error": "invalid_token", "error_description": "..."}` ([RFC 6749, 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)),
//! and the same in `WWW-Authenticate` ([RFC 6750, 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).

use std::borrow::Cow;

use super::Dialect;
use crate::{
    model::{Code, fold},
    wire::http::{Evidence, Reading, challenge::Challenge, context::Page, object::Object},
};

/// The error codes of RFC 6749, 4.1.2.1 and 5.2, and of RFC 6750, 3.1. They need no description to be recognised.
const REGISTERED: [&str; 12] = [
    "access_denied",
    "insufficient_scope",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_token",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
];

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let error = object.text("error")?;
    let is_described = is_token(error) && object.text("error_description").is_some();
    if !is_described && !REGISTERED.contains(&error) {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Oauth2);
    reading.identify(object, page, &["error"]);
    reading.take_message(object, page, &["error_description", "message"]);
    Some(reading)
}

/// Adds what a challenge names to the reading of a body that names no kind.
pub(in crate::wire::http) fn from_challenge(challenge: Challenge, body: Reading) -> Reading {
    let mut reading = Reading::strong(Dialect::Oauth2);
    const HEADER: Option<Cow<'static, str>> = Some(Cow::Borrowed("header www-authenticate"));
    match Code::from_name(&challenge.error) {
        Some(code) => (reading.code, reading.origins.code) = (Some(code), HEADER),
        None if fold(&challenge.error).is_some() => {
            (reading.kind, reading.origins.kind) = (Some(challenge.error.into()), HEADER);
        }
        None => {}
    }
    (reading.message, reading.origins.message) = match body.message.filter(|_| body.evidence > Evidence::None) {
        Some(message) => (Some(message), body.origins.message),
        None => (challenge.description.map(Into::into), HEADER),
    };
    (reading.origins.delay, reading.origins.violations) = (body.origins.delay, body.origins.violations);
    reading.origins.details = body.origins.details;
    Reading {
        complete: body.complete,
        details: body.details,
        json_details: body.json_details,
        notes: body.notes,
        ..reading
    }
}

/// An identifier and no sentence: the characters that RFC 6749 allows, less the blank.
fn is_token(error: &str) -> bool {
    !error.is_empty() && error.bytes().all(|c| c.is_ascii_graphic() && c != b'"' && c != b'\\')
}
