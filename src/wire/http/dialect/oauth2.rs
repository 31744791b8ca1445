//! `{"error": "invalid_token", "error_description": "..."}` ([RFC 6749, 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)),
//! and the same in `WWW-Authenticate` ([RFC 6750, 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).

use super::{Dialect, message};
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
    reading.message = message::take(object, page, &["error_description", "message"]);
    Some(reading)
}

/// Adds what a challenge names to the reading of a body that names no kind.
pub(in crate::wire::http) fn from_challenge(challenge: Challenge, body: Reading) -> Reading {
    let mut reading = Reading::strong(Dialect::Oauth2);
    match Code::from_name(&challenge.error) {
        Some(code) => reading.code = Some(code),
        None => reading.kind = fold(&challenge.error).is_some().then_some(challenge.error.into()),
    }
    reading.message = body.message.filter(|_| body.evidence > Evidence::None).or(challenge.description.map(Into::into));
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
