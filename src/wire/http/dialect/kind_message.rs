//! `{"kind": "task_not_found", "message": "..."}`, also under `error`, also with `details`.

use std::borrow::Cow;

use super::{Dialect, identifier};
use crate::wire::http::{Reading, context::Page, object::Object};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    if is_named(object) {
        return Some(read_named(object, page, &["kind", "message", "details"]));
    }
    if object.object("error").is_some_and(is_named) {
        return object
            .within("error", |inner| read_named(inner, page, &["error.kind", "error.message", "error.details"]));
    }
    None
}

fn is_named(object: &Object<'_>) -> bool {
    // A Kubernetes `Status` has its kind in `reason`.
    let is_kubernetes = object.text("kind") == Some("Status") && object.has("apiVersion");
    object.text("kind").is_some_and(|kind| !identifier::is_shape(kind))
        && object.text("message").is_some()
        && !is_kubernetes
}

fn read_named(object: &mut Object<'_>, page: &Page<'_>, paths: &[&'static str; 3]) -> Reading {
    let [kind, message, details] = paths.map(Cow::Borrowed);
    let mut reading = Reading::strong(Dialect::KindMessage);
    reading.kind = object.take_text("kind").map(|kind| page.share(kind));
    reading.message = object.take_text("message").map(|message| page.share(message));
    (reading.origins.kind, reading.origins.message) = (Some(kind), Some(message));
    reading.take_details(object, || details);
    reading
}
