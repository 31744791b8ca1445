//! `{"jsonrpc": "2.0", "error": {"code": -32601, "message": "...", "data": ...}}`
//! ([JSON-RPC](https://www.jsonrpc.org/specification#error_object)). A2A puts rich details into `data`
//! (<https://a2a-protocol.org/latest/specification/>).

use std::borrow::Cow;

use super::{Dialect, details::is_typed, envelope};
use crate::wire::http::{Origins, Reading, context::Page, object::Object};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    object.text("jsonrpc")?;
    object.object("error")?;
    let mut reading = Reading::strong(Dialect::Jsonrpc);
    object.within("error", |error| {
        reading.take_message(error, page, &["error.message"]);
        let has_details = error.list("data").is_some_and(|list| list.iter().any(is_typed));
        if has_details && let Some(list) = error.take("data") {
            error.put_back("details", list);
            reading.take_details(error, || Cow::Borrowed("error.data"));
            reading.identify_by_error_info();
        } else {
            // The number is that of the application; what `data` holds may name the error.
            error.within("data", |data| {
                let inner = envelope::read(data, page);
                (reading.kind, reading.details) = (inner.kind, inner.details);
                let message = reading.origins.message.take();
                reading.origins = Origins { message, code: None, ..inner.origins.under("error.data") };
            });
        }
    });
    Some(reading)
}
