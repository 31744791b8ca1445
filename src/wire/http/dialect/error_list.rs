//! A list `errors` of which the first counts: of GraphQL `{"errors": [{"message": "...", "extensions": {"code": "..."}}]}`
//! ([GraphQL](https://spec.graphql.org/October2021/#sec-Errors)), of JSON:API
//! `{"errors": [{"status": "422", "code": "...", "title": "...", "detail": "...", "source": {"pointer": "/data"}}]}`
//! ([JSON:API](https://jsonapi.org/format/#error-objects)).

use super::{
    envelope, field_violations,
    finder::{Finder, Path},
};
use crate::wire::http::{Dialect, Reading, json::Object, reading::Page};

const FIRST: Path<'_> = Path::of("errors[0]");

pub(super) fn read_graphql(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let first = object.list("errors")?.first()?.as_object()?;
    if first.text("message").is_none() || field_violations::is_violation(first) || has_own_message(object) {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Graphql);
    object.within_first("errors", |first| {
        first.within_object("extensions", |extensions| {
            Finder::new(page, &mut reading).identify(extensions, &FIRST.inside("extensions"), true);
        });
        envelope::add(&mut reading, first, page, &FIRST);
    });
    Some(reading)
}

pub(super) fn read_json_api(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let first = object.list("errors")?.first()?.as_object()?;
    let has_text = ["detail", "title"].iter().any(|name| first.text(name).is_some());
    let has_code = first.text("code").is_some() && (first.text("status").is_some() || first.has("source"));
    if !(has_text || has_code) || field_violations::is_violation(first) || has_own_message(object) {
        return None;
    }
    let mut reading = Reading::strong(Dialect::JsonApi);
    Finder::new(page, &mut reading).violations(object, &Path::default());
    object.within_first("errors", |first| {
        Finder::new(page, &mut reading).delay(first, &FIRST);
        reading.identify(first, page, "errors[0].code");
        // Some write `errorCode` where the specification has `code`.
        if reading.code.is_none() {
            Finder::new(page, &mut reading).identify_explicitly(first, &FIRST);
        }
        reading.take_message(first, page, &["errors[0].detail", "errors[0].title"]);
        if first.get("status").is_some_and(|status| page.is_status(status)) {
            first.take("status");
        }
    });
    Some(reading)
}

/// Whether the list only adds to an error that the object itself states.
fn has_own_message(object: &Object<'_>) -> bool {
    ["message", "title", "detail", "error", "code", "type"].iter().any(|name| object.text(name).is_some())
}
