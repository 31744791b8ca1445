//! Pasted JSON: a `google.rpc.Status`, the error of a Connect call, a request to errwire, or an archive of a browser.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use serde_json::{Map, Value};

use super::status::Printed;
use crate::{
    model::Code,
    service::{
        Json,
        pb::{
            self, grpc_to_http_request::Source as Grpc, http_response::Body, http_to_grpc_request::Source as Http,
            translate_request::Request,
        },
    },
};

/// Reads an object.
///
/// # Errors
///
/// What the text is instead, in words.
pub(super) fn read(text: &str) -> Result<(Request, Vec<String>), String> {
    let object: Map<String, Value> =
        serde_json::from_str(text).map_err(|why| format!("This is not a JSON object: {why}."))?;
    if let Some(Printed { status, notes }) = connect(&object).or_else(|| node(&object)) {
        return Ok((grpc(Grpc::Status(status)), notes));
    }
    if let Some(response) = archived(&object) {
        return Ok((http(response), Vec::new()));
    }
    let json = Json::default();
    let is_object = |name| object.get(name).is_some_and(Value::is_object);
    let read = if object.get("code").is_some_and(Value::is_number) {
        json.read("google.rpc.Status", text).map(Grpc::Status).map(grpc)
    } else if is_object("status") || is_object("trailers") {
        json.read("GrpcToHttpRequest", text).map(Request::GrpcToHttp)
    } else if is_object("response") {
        json.read("HttpToGrpcRequest", text).map(Request::HttpToGrpc)
    } else {
        return Err("This JSON is a body without its response. Write the status line in front, such as `HTTP/1.1 404 Not \
                    Found`, then an empty line, then the body; or give `errwire translate` the status with `--status 404`."
            .to_owned());
    };
    Ok((read.map_err(|error| error.message().into_owned())?, Vec::new()))
}

/// The request to translate a gRPC error.
pub(super) fn grpc(source: Grpc) -> Request {
    Request::GrpcToHttp(pb::GrpcToHttpRequest { source: Some(source), options: None })
}

/// The request to translate a response.
pub(super) fn http(response: pb::HttpResponse) -> Request {
    Request::HttpToGrpc(pb::HttpToGrpcRequest { source: Some(Http::Response(response)), options: None })
}

/// `{"code": "not_found", "message": "...", "details": [{"type", "value"}]}`, as `buf curl` prints an error: the code says what
/// the status of the response would.
fn connect(object: &Map<String, Value>) -> Option<Printed> {
    let name = object.get("code")?.as_str()?;
    Code::ALL.iter().find(|code| code.connect_name() == name)?;
    let message = object.get("message").and_then(Value::as_str).unwrap_or_default();
    let mut printed = Printed::named(name, message)?;
    for detail in object.get("details").and_then(Value::as_array).into_iter().flatten() {
        let part = |name| detail.get(name).and_then(Value::as_str);
        let value = part("value").and_then(|value| STANDARD_NO_PAD.decode(value.trim_end_matches('=')).ok());
        match (part("type"), value) {
            (Some(name), Some(value)) => {
                printed.add_any(prost_types::Any { type_url: format!("type.googleapis.com/{name}"), value });
            }
            _ => printed.note(&detail.to_string()),
        }
    }
    Some(printed)
}

/// `{"code": 5, "details": "...", "metadata": {...}}`, which `JSON.stringify` makes of an error of grpc-js.
fn node(object: &Map<String, Value>) -> Option<Printed> {
    let number = object.get("code")?.as_i64()?.try_into().ok()?;
    Some(Printed::new(number, object.get("details")?.as_str()?))
}

/// The last response of an HTTP archive (<http://www.softwareishard.com/blog/har-12-spec/>) that is an error.
fn archived(object: &Map<String, Value>) -> Option<pb::HttpResponse> {
    let mut responses = object.get("log")?.get("entries")?.as_array()?.iter().filter_map(|entry| entry.get("response"));
    let status = |response: &Value| response.get("status").and_then(Value::as_u64).unwrap_or_default();
    let response = responses.rfind(|response| status(response) >= 400)?;
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let headers = response.get("headers").and_then(Value::as_array).into_iter().flatten();
    let headers = headers.filter_map(|header| {
        Some(pb::Header { name: text(header, "name")?.to_lowercase(), value: text(header, "value")? })
    });
    // An archive of HTTP/2 lists pseudo-header fields too, such as `:status`.
    let headers = headers.filter(|header| !header.name.starts_with(':')).collect();
    let content = response.get("content").and_then(|content| Some((text(content, "text")?, text(content, "encoding"))));
    let body = content.map(|(body, encoding)| match encoding.as_deref() {
        Some("base64") => Body::Raw(STANDARD.decode(&body).unwrap_or_else(|_| body.into_bytes()).into()),
        _ => Body::Text(body),
    });
    Some(pb::HttpResponse { status: status(response).try_into().ok()?, headers, body })
}
