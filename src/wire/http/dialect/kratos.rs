//! `{"code": 404, "reason": "TASK_NOT_FOUND", "message": "...", "metadata": {}}`
//! ([Kratos](https://go-kratos.dev/docs/component/errors/)).

use crate::wire::http::{Dialect, Reading, json::Object, reading::Page};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let is_status = object.integer("code").is_some_and(|code| (400..=599).contains(&code));
    // A Kubernetes `Status` is alike, and has more to say.
    if !is_status || object.has("apiVersion") || object.text("reason").is_none() || object.text("message").is_none() {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Kratos);
    if object.get("code").is_some_and(|code| page.is_status(code)) {
        object.take("code");
    }
    reading.take_kind(object, page, "reason");
    reading.take_message(object, page, &["message"]);
    reading.take_metadata(object, "metadata");
    Some(reading)
}
