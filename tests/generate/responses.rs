//! HTTP error responses.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response};
use proptest::{collection, prelude::*, sample};
use serde_json::json;

use super::{code, errors::kind_name, message};

fn built(status: u16, content_type: &str, body: impl Into<Bytes>) -> Response<Bytes> {
    let response = Response::builder().status(status).header("content-type", content_type);
    response.body(body.into()).unwrap()
}

/// A response in our own dialect, with a valid kind and a message that is not empty.
pub(crate) fn kind_message() -> impl Strategy<Value = Response<Bytes>> {
    let message = message().prop_filter("a message is not empty", |message| !message.is_empty());
    (400..=599_u16, kind_name(), message).prop_map(|(status, kind, message)| {
        built(status, "application/json", json!({"kind": kind, "message": message}).to_string())
    })
}

/// A response in any dialect, with header fields that mean something to errors.
pub(crate) fn response() -> impl Strategy<Value = Response<Bytes>> {
    let name = prop_oneof![kind_name(), "[A-Z][a-z]{2,8}([.-][A-Z][a-z]{2,8})?", "[ -~]{0,10}"];
    let body = (name, code(), message(), 400..=599_u16, 0..13_u8).prop_map(|(name, code, message, status, shape)| {
        let json = |value: serde_json::Value| ("application/json", value.to_string());
        match shape {
            0 => json(json!({"kind": name, "message": message})),
            1 => ("application/problem+json", json!({"type": name, "title": "t", "detail": message}).to_string()),
            2 => json(json!({"error": {"code": status, "message": message, "status": code.name()}})),
            3 => json(json!({"code": code.connect_name(), "message": message})),
            4 => json(json!({"code": code.number(), "message": message, "details": []})),
            5 => json(json!({"code": status, "reason": name, "message": message, "metadata": {"a": "b"}})),
            6 => json(json!({"error": name, "error_description": message})),
            7 => json(json!({"errors": [{"message": message, "extensions": {"code": name}}]})),
            8 => json(json!({"error": {"code": name, "message": message}})),
            9 => json(json!({"message": message})),
            10 => json(json!({"detail": [{"loc": ["body", name], "msg": message, "type": "missing"}]})),
            11 => ("text/html", format!("<html><p>{name}</p>{message}</html>")),
            _ => ("text/plain", message),
        }
    });
    let field = prop_oneof![
        ("retry-after", "([0-9]{1,5}|[ -~]{0,9})"),
        ("x-request-id", "[!-~]{0,12}"),
        ("content-language", "[a-zA-Z-]{0,6}"),
        ("allow", "(GET|GET, HEAD|)"),
        ("www-authenticate", "(Basic realm=\"x\"|Bearer error=\"[a-z_]{3,9}\")"),
        ("link", "<https://a\\.example/[a-z]{0,5}>; rel=\"?(help|next)\"?"),
        ("etag", "\"[a-z]{1,5}\""),
    ];
    let fields = collection::vec(field.prop_map(|(name, value)| (name.to_owned(), value)), 0..3);
    let status = prop_oneof![3 => 400..=599_u16, 1 => sample::select(vec![404_u16, 502, 503, 504, 600, 999])];
    (status, body, fields).prop_map(|(status, (content_type, body), fields)| {
        let mut response = built(status, content_type, body);
        for (name, value) in fields {
            let name = HeaderName::try_from(name).unwrap();
            response.headers_mut().append(name, HeaderValue::try_from(value).unwrap());
        }
        response
    })
}
