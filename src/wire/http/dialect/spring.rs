//! `{"timestamp": "...", "status": 404, "error": "Not Found", "path": "/tasks/1"}`
//! ([Spring Boot](https://docs.spring.io/spring-boot/api/java/org/springframework/boot/web/error/ErrorAttributeOptions.html)).

use super::{Dialect, message, violations};
use crate::wire::http::{Reading, context::Page, object::Object};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let is_spring = object.has("timestamp")
        && object.integer("status").is_some()
        && object.text("error").is_some_and(|e| !e.is_empty());
    if !is_spring {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Envelope);
    if object.get("status").is_some_and(|status| page.is_status(status)) {
        object.take("status");
    }
    reading.identify(object, page, &["kind", "code"]);
    // `error` is the reason phrase, `exception` a class: neither names a kind.
    reading.message = message::take(object, page, &["message", "error"]);
    reading.details.extend(violations::take(object, "errors"));
    Some(reading)
}
