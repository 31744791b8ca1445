//! The dialects that are read and never written, a function each: those of RPC frameworks, OAuth 2.0, and lists of errors.

use std::borrow::Cow;

use super::{
    envelope, field_violations,
    finder::{Finder, Path},
    roles,
    take::is_typed,
};
use crate::{
    model::Code,
    wire::http::{
        Dialect, Origins, Reading,
        json::{Json, Object},
        reading::Page,
    },
};

/// `{"code": 5, "message": "...", "details": [{"@type": "..."}]}`, to which version 1 adds `error` and Armeria `grpc-code`
/// ([gRPC-gateway](https://grpc-ecosystem.github.io/grpc-gateway/docs/mapping/customizing_your_gateway/#error-handler)).
pub(super) fn grpc_gateway(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    if grpc_code(object, "code").is_some_and(|code| is_grpc_status(object, code, page)) {
        return Some(read_grpc_status(object, page));
    }
    // A stream puts the status under `error`. Others number their own errors there, but without `details`.
    let is_inside = |error: &Object<'_>| {
        stream_code(error).is_some() || grpc_code(error, "code").is_some() && error.list("details").is_some()
    };
    if object.object("error").is_some_and(is_inside) {
        return object.within_object("error", |error| read_grpc_status(error, page).under("error", page));
    }
    None
}

/// Whether the number is a code: others than gRPC-gateway number their errors too, but not by the table of gRPC, and Armeria
/// adds the name.
fn is_grpc_status(object: &Object<'_>, code: Code, page: &Page<'_>) -> bool {
    let is_version_1 = object.text("error").is_some() && object.text("message").is_some();
    let is_typed = object.list("details").is_some_and(|list| list.iter().all(is_typed));
    // Without anything else of gRPC the number counts only if it means the status of the response.
    is_typed
        || is_version_1
        || object.text("grpc-code").is_some()
        || object.get("details").is_none_or(Json::is_nothing)
            && u32::from(code.http_status().as_u16()) == page.head.status
}

fn grpc_code(object: &Object<'_>, name: &str) -> Option<Code> {
    i32::try_from(object.integer(name)?).ok()?.try_into().ok()
}

/// What version 1 calls it in a stream.
fn stream_code(object: &Object<'_>) -> Option<Code> {
    object.integer("http_code").and_then(|_| grpc_code(object, "grpc_code"))
}

fn read_grpc_status(object: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading::strong(Dialect::GrpcGateway);
    let stated = stream_code(object).map(|code| (code, "grpc_code"));
    if let Some((code, path)) = stated.or_else(|| Some((grpc_code(object, "code")?, "code"))) {
        reading.state(code, path);
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

/// `{"jsonrpc": "2.0", "error": {"code": -32601, "message": "...", "data": ...}}`
/// ([JSON-RPC](https://www.jsonrpc.org/specification#error_object)). A2A puts rich details into `data`
/// (<https://a2a-protocol.org/latest/specification/>).
pub(super) fn jsonrpc(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    object.text("jsonrpc")?;
    object.within_object("error", |error| {
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
        reading.under("error", page)
    })
}

/// `{"code": "not_found", "msg": "...", "meta": {}}`
/// ([Twirp](https://twitchtv.github.io/twirp/docs/spec_v7.html#error-codes)).
pub(super) fn twirp(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let code = twirp_code(object.text("code")?)?;
    if object.text("msg").is_none() && object.object("meta").is_none() {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Twirp);
    reading.state(code, "code");
    match object.text("code") {
        // Two names that gRPC does not have would be lost in the code.
        Some("malformed" | "bad_route") => reading.take_kind(object, page, "code"),
        _ => drop(object.take("code")),
    }
    reading.take_message(object, page, &["msg"]);
    reading.take_metadata(object, "meta");
    Some(reading)
}

/// The names are those of gRPC but for three: a request that cannot be decoded, a path that leads to no method, and a
/// spelling.
fn twirp_code(name: &str) -> Option<Code> {
    match name {
        "malformed" => Some(Code::InvalidArgument),
        "bad_route" => Some(Code::Unimplemented),
        "dataloss" => Some(Code::DataLoss),
        _ => Code::from_name(name).filter(|_| name.bytes().all(|c| c.is_ascii_lowercase() || c == b'_')),
    }
}

/// `{"code": 404, "reason": "TASK_NOT_FOUND", "message": "...", "metadata": {}}`
/// ([Kratos](https://go-kratos.dev/docs/component/errors/)).
pub(super) fn kratos(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let is_status = object.integer("code").is_some_and(|code| (400..=599).contains(&code));
    // A Kubernetes `Status` is alike, and has more to say.
    if !is_status || object.has("apiVersion") || object.text("reason").is_none() || object.text("message").is_none() {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Kratos);
    page.take_status(object, "code");
    reading.take_kind(object, page, "reason");
    reading.take_message(object, page, &["message"]);
    reading.take_metadata(object, "metadata");
    Some(reading)
}

/// `{"error": "invalid_token", "error_description": "..."}` ([RFC 6749, 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)),
/// and the same in `WWW-Authenticate` ([RFC 6750, 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).
pub(super) fn oauth2(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    // An identifier and no sentence: the characters that RFC 6749 allows, less the blank.
    let is_token =
        |error: &str| !error.is_empty() && error.bytes().all(|c| c.is_ascii_graphic() && c != b'"' && c != b'\\');
    let error = object.text("error")?;
    let is_described = is_token(error) && object.text("error_description").is_some();
    if !is_described && !roles::REGISTERED.texts().contains(&error) {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Oauth2);
    reading.identify(object, page, "error");
    reading.take_message(object, page, &["error_description", "message"]);
    Some(reading)
}

/// Of a list `errors` the first counts.
const FIRST: Path<'_> = Path::of("errors[0]");

/// `{"errors": [{"message": "...", "extensions": {"code": "..."}}]}`
/// ([GraphQL](https://spec.graphql.org/October2021/#sec-Errors)).
pub(super) fn graphql(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    if !has_first_error(object, |first| first.text("message").is_some()) {
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

/// `{"errors": [{"status": "422", "code": "...", "title": "...", "detail": "...", "source": {"pointer": "/data"}}]}`
/// ([JSON:API](https://jsonapi.org/format/#error-objects)).
pub(super) fn json_api(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let has_text = |first: &Object<'_>| ["detail", "title"].iter().any(|name| first.text(name).is_some());
    let has_code =
        |first: &Object<'_>| first.text("code").is_some() && (first.text("status").is_some() || first.has("source"));
    if !has_first_error(object, |first| has_text(first) || has_code(first)) {
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
        page.take_status(first, "status");
    });
    Some(reading)
}

/// Whether a list `errors` begins with an error of this form that does not speak of a field, unless the list only adds to an error
/// that the object itself states.
fn has_first_error(object: &Object<'_>, is_meant: impl FnOnce(&Object<'_>) -> bool) -> bool {
    let first = object.list("errors").and_then(|errors| errors.first()?.as_object());
    let is_own = |name: &&str| object.text(name).is_some();
    first.is_some_and(|first| is_meant(first) && !field_violations::is_violation(first))
        && !["message", "title", "detail", "error", "code", "type"].iter().any(is_own)
}
