//! `{"code": "not_found", "msg": "...", "meta": {}}`
//! ([Twirp](https://twitchtv.github.io/twirp/docs/spec_v7.html#error-codes)).

use std::borrow::Cow;

use crate::{
    model::Code,
    wire::http::{Dialect, Reading, json::Object, reading::Page},
};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let code = code(object.text("code")?)?;
    if object.text("msg").is_none() && object.object("meta").is_none() {
        return None;
    }
    let mut reading = Reading::strong(Dialect::Twirp);
    (reading.code, reading.origins.code) = (Some(code), Some(Cow::Borrowed("code")));
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
fn code(name: &str) -> Option<Code> {
    match name {
        "malformed" => Some(Code::InvalidArgument),
        "bad_route" => Some(Code::Unimplemented),
        "dataloss" => Some(Code::DataLoss),
        _ => Code::from_name(name).filter(|_| name.bytes().all(|c| c.is_ascii_lowercase() || c == b'_')),
    }
}
