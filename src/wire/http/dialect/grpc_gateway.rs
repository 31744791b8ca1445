//! `{"code": 5, "message": "...", "details": [{"@type": "..."}]}`, to which version 1 adds `error`
//! ([gRPC-gateway](https://grpc-ecosystem.github.io/grpc-gateway/docs/mapping/customizing_your_gateway/#error-handler)).

use super::{Dialect, message};
use crate::{
    model::Code,
    wire::http::{Reading, context::Page, object::Object},
};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let has_text = object.text("message").is_some() || object.text("error").is_some();
    if code(object).is_some() && (has_text || object.list("details").is_some()) {
        return Some(read_status(object, page));
    }
    // A stream puts the status under `error`. Others number their own errors there, but without `details`.
    let is_status = |error: &Object<'_>| code(error).is_some() && error.list("details").is_some();
    if object.object("error").is_some_and(is_status) {
        return object.within("error", |error| read_status(error, page));
    }
    None
}

fn code(object: &Object<'_>) -> Option<Code> {
    i32::try_from(object.integer("code")?).ok()?.try_into().ok()
}

fn read_status(object: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading::strong(Dialect::GrpcGateway);
    reading.code = code(object);
    object.take("code");
    reading.message = message::take(object, page, &["message", "error"]);
    if object.text("error").is_some_and(|error| Some(error) == reading.message.as_deref()) {
        object.take("error");
    }
    reading.take_details(object);
    reading.identify_by_error_info();
    reading
}
