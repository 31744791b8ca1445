//! Pasted JSON: a `google.rpc.Status`, the error of a Connect call, a request to errwire, an archive of a browser, a line of a log, or
//! a body that says its status.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use serde_json::{Map, Value};

use super::{
    clients, said,
    status::{Printed, code},
};
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

/// What is missing around a body.
pub(super) const WITHOUT_STATUS: &str = "This JSON is a body without its response. Write the status line in front, such as `HTTP/1.1 404 Not \
                                         Found`, then an empty line, then the body; or give `errwire translate` the status with \
                                         `--status 404`.";

/// Reads an object.
///
/// # Errors
///
/// What the text is instead, in words.
pub(super) fn read(text: &str) -> Result<(Request, Vec<String>), String> {
    let mut object: Map<String, Value> =
        serde_json::from_str(text).map_err(|why| format!("This is not a JSON object: {why}."))?;
    // PHP's `ApiException` has the name of the code too.
    let named = object.get("status").and_then(Value::as_str).and_then(code).map(Value::from);
    let text = match named.filter(|named| object.get("code") == Some(named)).and_then(|_| object.remove("status")) {
        Some(_) => &Value::from(object.clone()).to_string(),
        None => text,
    };
    if let Some(Printed { status, notes }) = connect(&object).or_else(|| node(&object)) {
        return Ok((grpc(Grpc::Status(status)), notes));
    }
    if let Some(response) = archived(&object) {
        return Ok((http(response), Vec::new()));
    }
    let json = Json::default();
    let is_object = |name| object.get(name).is_some_and(Value::is_object);
    let is_response = is_object("response") && object["response"].get("data").is_none();
    let is_request = is_response
        || ["status", "trailers"].into_iter().any(is_object)
        || object.get("error").is_some_and(|error| error.get("kind").is_some());
    let code = object.get("code").and_then(Value::as_i64);
    let status =
        code.filter(|code| !ERRORS.contains(code)).map(|_| json.read("google.rpc.Status", text).map(Grpc::Status));
    let read = match status {
        Some(Ok(status)) => Ok(grpc(status)),
        _ if !is_request && let Some(read) = logged(&object, text) => return Ok(read),
        Some(Err(why)) => Err(why),
        None if is_object("status") || is_object("trailers") => {
            json.read("GrpcToHttpRequest", text).map(Request::GrpcToHttp)
        }
        None if is_response => json.read("HttpToGrpcRequest", text).map(Request::HttpToGrpc),
        None => return Err(WITHOUT_STATUS.to_owned()),
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

/// What a program that logs JSON, or prints an error as JSON, says of a call: the fields of gRPC, the error of a client in one of the
/// texts, a code with its name, or the status of an HTTP response.
fn logged(object: &Map<String, Value>, text: &str) -> Option<(Request, Vec<String>)> {
    let first = |value: &Value| value.as_array().and_then(|list| list.first()).unwrap_or(value).clone();
    let member = |names: &[&str]| {
        let is_it = |name: &str| names.contains(&name.replace(['_', '-', '.'], "").to_ascii_lowercase().as_str());
        let value = object.iter().find(|(name, _)| is_it(name)).map(|(_, value)| first(value))?;
        value.as_str().map(str::to_owned).or_else(|| Some(value.as_i64()?.to_string()))
    };
    if let Some(grpc_status) = member(&["grpcstatus"]).and_then(|status| code(&status)) {
        return Some((
            grpc(Grpc::Trailers(pb::GrpcTrailers {
                grpc_status: grpc_status.to_string(),
                grpc_message: member(&["grpcmessage"]).unwrap_or_default(),
                grpc_status_details_bin: member(&["grpcstatusdetailsbin"]).unwrap_or_default(),
            })),
            Vec::new(),
        ));
    }
    let mut texts = Vec::new();
    collect(object, MAX_DEPTH, &mut texts);
    if let Some(Ok(Printed { status, notes })) = texts.iter().find_map(|text| clients::printed(text)) {
        return Some((grpc(Grpc::Status(status)), notes));
    }
    let named = member(&["grpccode", "code", "statuscode"]);
    let message = member(&["details", "error", "err", "message", "desc", "msg", "statusmessage"]);
    if let (Some(name), Some(message)) = (named, message)
        && let Some(Printed { status, notes }) = Printed::named(&name, &message)
        && Code::ALL.iter().any(|code| code.number() == status.code)
    {
        return Some((grpc(Grpc::Status(status)), notes));
    }
    let response = stated(object, text).or_else(|| texts.into_iter().find_map(said::response))?;
    Some((http(response), Vec::new()))
}

/// The response whose status is a number in the object, or in its `error`, `response` or such: what AWS Lambda returns, what axios got, or a body
/// that repeats its status.
fn stated(object: &Map<String, Value>, text: &str) -> Option<pb::HttpResponse> {
    let status = |object: &Map<String, Value>| {
        let numbers =
            ["status", "statusCode", "status_code", "code"].iter().filter_map(|name| object.get(*name)?.as_i64());
        numbers.filter(|status| ERRORS.contains(status)).find_map(|status| status.try_into().ok())
    };
    let inner = |name| object.get(name).and_then(Value::as_object);
    if let Some(response) = inner("response")
        && let (Some(status), Some(data)) = (status(response), response.get("data"))
    {
        return Some(pb::HttpResponse { status, headers: Vec::new(), body: Some(Body::Text(data.to_string())) });
    }
    let status = [Some(object), inner("error")].into_iter().flatten().find_map(status)?;
    let body = object.get("body").and_then(Value::as_str).unwrap_or(text);
    let headers = inner("headers").into_iter().flatten();
    let headers = headers
        .filter_map(|(name, value)| Some(pb::Header { name: name.to_lowercase(), value: value.as_str()?.to_owned() }));
    Some(pb::HttpResponse { status, headers: headers.collect(), body: Some(Body::Text(body.to_owned())) })
}

/// The statuses of an error: a number that is not a code of gRPC.
const ERRORS: std::ops::Range<i64> = 400..600;

/// How deep the texts of a log line are looked for, and how many are looked at.
const MAX_DEPTH: u8 = 4;
const MAX_TEXTS: usize = 64;

fn collect<'v>(object: &'v Map<String, Value>, depth: u8, texts: &mut Vec<&'v str>) {
    for value in object.values().take(MAX_TEXTS) {
        match value {
            Value::String(text) if texts.len() < MAX_TEXTS => texts.push(text),
            Value::Object(inner) if depth > 0 => collect(inner, depth - 1, texts),
            _ => {}
        }
    }
}

/// The last response of an HTTP archive (<http://www.softwareishard.com/blog/har-12-spec/>) that is an error.
fn archived(object: &Map<String, Value>) -> Option<pb::HttpResponse> {
    let entries = object.get("log").and_then(|log| log.get("entries")?.as_array());
    // Or one of its entries alone.
    let alone = object.get("response").filter(|response| response.get("content").is_some());
    let mut responses =
        alone.into_iter().chain(entries.into_iter().flatten().filter_map(|entry| entry.get("response")));
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
