//! `{"errors": [{"status": "422", "code": "...", "title": "...", "detail": "...", "source": {"pointer": "/data"}}]}`
//! ([JSON:API](https://jsonapi.org/format/#error-objects)).

use std::borrow::Cow;

use super::{
    Dialect,
    finder::{Finder, Path},
    graphql::has_own_message,
    violations,
};
use crate::wire::http::{Reading, context::Page, object::Object};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let first = object.list("errors")?.first()?.as_object()?;
    let has_text = ["detail", "title"].iter().any(|name| first.text(name).is_some());
    let has_code = first.text("code").is_some() && (first.text("status").is_some() || first.has("source"));
    if !(has_text || has_code) || violations::is_violation(first) || has_own_message(object) {
        return None;
    }
    let mut reading = Reading::strong(Dialect::JsonApi);
    if let Some(violations) = violations::of_sources(object.list("errors").unwrap_or_default()) {
        reading.details.push(violations);
        reading.origins.violations = Some(Cow::Borrowed("errors"));
    }
    object.within_first("errors", |first| {
        reading.identify(first, page, &["errors[0].code"]);
        // Some write `errorCode` where the specification has `code`.
        if reading.code.is_none() {
            Finder::new(page, &mut reading).identify_explicitly(first, &Path::of("errors[0]"));
        }
        reading.take_message(first, page, &["errors[0].detail", "errors[0].title"]);
        if first.get("status").is_some_and(|status| page.is_status(status)) {
            first.take("status");
        }
    });
    Some(reading)
}
