//! `{"errors": [{"message": "...", "extensions": {"code": "..."}}]}`
//! ([GraphQL](https://spec.graphql.org/October2021/#sec-Errors)).

use super::{
    Dialect, envelope,
    finder::{Finder, Path},
    violations,
};
use crate::wire::http::{Reading, context::Page, object::Object};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let first = object.list("errors")?.first()?.as_object()?;
    if first.text("message").is_none() || violations::is_violation(first) || has_own_message(object) {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Graphql);
    object.within_first("errors", |first| {
        first.within("extensions", |extensions| {
            Finder::new(page, &mut reading).identify(extensions, &Path::of("errors[0].extensions"), true);
        });
        envelope::add(&mut reading, first, page, Path::of("errors[0]"));
    });
    Some(reading)
}

/// Whether the list only adds to an error that the object itself states.
pub(super) fn has_own_message(object: &Object<'_>) -> bool {
    ["message", "title", "detail", "error", "code", "type"].iter().any(|name| object.text(name).is_some())
}
