//! `{"__type": "com.amazon#ResourceNotFoundException", "message": "..."}` and the header `x-amzn-errortype`
//! ([Smithy](https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization)).

// docs/rules.md: R-DIALECT-2

use http::HeaderMap;

use super::{Dialect, message};
use crate::{
    model::fold,
    wire::http::{Evidence, Reading, context::Page, object::Object},
};

const HEADER: &str = "x-amzn-errortype";
const MESSAGES: [&str; 4] = ["message", "Message", "errorMessage", "msg"];

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    if object.text("__type").is_none() && header(page.head.headers).is_none() {
        return None;
    }
    read_declared(object, page)
}

/// The same under `application/x-amz-json-*`, where nothing else can be meant.
pub(super) fn read_declared(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let mut reading = Reading::strong(Dialect::Envelope);
    if let Some(error) = header(page.head.headers) {
        reading.identify_as(error.into(), page);
    }
    if let Some(error) = object.text("__type").map(shape) {
        reading.identify_as(error.into(), page);
    }
    // What the type has besides the name is an address inside AWS.
    object.take("__type");
    reading.identify(object, page, &["code"]);
    reading.message = message::take(object, page, &MESSAGES);
    Some(reading)
}

/// Adds the kind that the header names to the reading of a body that names none.
pub(in crate::wire::http) fn from_errortype(headers: &HeaderMap, reading: Reading) -> Reading {
    let Some(error) = header(headers).filter(|error| fold(error).is_some()) else { return reading };
    let message = reading.message.filter(|_| reading.evidence > Evidence::None);
    let complete = reading.complete;
    Reading { kind: Some(error.into()), message, complete, notes: reading.notes, ..Reading::strong(Dialect::Envelope) }
}

fn header(headers: &HeaderMap) -> Option<&str> {
    headers.get(HEADER)?.to_str().ok().map(shape).filter(|error| !error.is_empty())
}

/// `Foo` of `com.amazon#Foo:http://internal.amazon.com/coral/`.
fn shape(error: &str) -> &str {
    let error = error.split(':').next().unwrap_or_default();
    error.rsplit('#').next().unwrap_or_default().trim()
}
