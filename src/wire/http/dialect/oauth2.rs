//! `{"error": "invalid_token", "error_description": "..."}` ([RFC 6749, 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)),
//! and the same in `WWW-Authenticate` ([RFC 6750, 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).

use super::roles;
use crate::wire::http::{Dialect, Reading, json::Object, reading::Page};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let error = object.text("error")?;
    let is_described = is_token(error) && object.text("error_description").is_some();
    if !is_described && !roles::REGISTERED.texts().contains(&error) {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Oauth2);
    reading.identify(object, page, "error");
    reading.take_message(object, page, &["error_description", "message"]);
    Some(reading)
}

/// An identifier and no sentence: the characters that RFC 6749 allows, less the blank.
fn is_token(error: &str) -> bool {
    !error.is_empty() && error.bytes().all(|c| c.is_ascii_graphic() && c != b'"' && c != b'\\')
}
