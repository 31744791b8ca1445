//! `{"jsonrpc": "2.0", "error": {"code": -32601, "message": "...", "data": ...}}`
//! ([JSON-RPC](https://www.jsonrpc.org/specification#error_object)). A2A puts rich details into `data`
//! (<https://a2a-protocol.org/latest/specification/>).

use std::borrow::Cow;

use super::{envelope, take::is_typed};
use crate::wire::http::{Dialect, Origins, Reading, json::Object, reading::Page};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    object.text("jsonrpc")?;
    object.within_object("error", |error| read_error(error, page).under("error", page))
}

fn read_error(error: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading::strong(Dialect::Jsonrpc);
    reading.take_message(error, page, &["message"]);
    if error.list("data").is_some_and(|list| list.iter().any(is_typed)) {
        reading.take_details(error, "data", Some(Cow::Borrowed("data")));
        reading.identify_by_error_info();
    } else if let Some(data) = error.within_object("data", |data| envelope::read(data, page).under("data", page)) {
        // The number is that of the application; what `data` holds may name the error.
        (reading.kind, reading.details) = (data.kind, data.details);
        reading.origins = Origins { message: reading.origins.message, code: None, ..data.origins };
    }
    reading
}
