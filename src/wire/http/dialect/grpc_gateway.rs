//! `{"code": 5, "message": "...", "details": [{"@type": "..."}]}`, to which version 1 adds `error` and Armeria `grpc-code`
//! ([gRPC-gateway](https://grpc-ecosystem.github.io/grpc-gateway/docs/mapping/customizing_your_gateway/#error-handler)).

use std::borrow::Cow;

use crate::{
    model::Code,
    wire::http::{
        Dialect, Reading,
        json::{Json, Object},
        reading::Page,
    },
};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    if code(object).is_some_and(|code| is_status(object, code, page)) {
        return Some(read_status(object, page));
    }
    // A stream puts the status under `error`. Others number their own errors there, but without `details`.
    let is_inside =
        |error: &Object<'_>| stream_code(error).is_some() || code(error).is_some() && error.list("details").is_some();
    if object.object("error").is_some_and(is_inside) {
        return object.within_object("error", |error| read_status(error, page).under("error", page));
    }
    None
}

/// Whether the number is a code: others than gRPC-gateway number their errors too, but not by the table of gRPC, and Armeria
/// adds the name.
fn is_status(object: &Object<'_>, code: Code, page: &Page<'_>) -> bool {
    let is_version_1 = object.text("error").is_some() && object.text("message").is_some();
    let is_typed = object.list("details").is_some_and(|list| list.iter().all(super::take::is_typed));
    // Without anything else of gRPC the number counts only if it means the status of the response.
    is_typed
        || is_version_1
        || object.text("grpc-code").is_some()
        || object.get("details").is_none_or(Json::is_nothing)
            && u32::from(code.http_status().as_u16()) == page.head.status
}

fn code(object: &Object<'_>) -> Option<Code> {
    number(object, "code")
}

/// What version 1 calls it in a stream.
fn stream_code(object: &Object<'_>) -> Option<Code> {
    object.integer("http_code").and_then(|_| number(object, "grpc_code"))
}

fn number(object: &Object<'_>, name: &str) -> Option<Code> {
    i32::try_from(object.integer(name)?).ok()?.try_into().ok()
}

fn read_status(object: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading::strong(Dialect::GrpcGateway);
    let stated = stream_code(object).map(|code| (code, "grpc_code"));
    if let Some((code, path)) = stated.or_else(|| Some((code(object)?, "code"))) {
        (reading.code, reading.origins.code) = (Some(code), Some(Cow::Borrowed(path)));
    }
    for repeated in ["code", "grpc-code", "grpc_code", "http_code", "http_status"] {
        object.take(repeated);
    }
    reading.take_message(object, page, &["message", "error"]);
    if object.text("error").is_some_and(|error| Some(error) == reading.message.as_deref()) {
        object.take("error");
    }
    reading.take_details(object, "details", Some(Cow::Borrowed("details")));
    reading.identify_by_error_info();
    reading
}
