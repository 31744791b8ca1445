//! gRPC errors to `{"kind", "message"}`.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use prost::Message as _;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, RpcStatusExt as _, StatusExt as _, pb};

use super::body::{Body, from_details};

pub(crate) fn from_bytes(bytes: &Bytes, with_details: bool) -> Response<Bytes> {
    let status = pb::Status::decode(bytes.clone()).unwrap();
    respond(status.code.into(), &status.message, &status.get_error_details(), with_details)
}

pub(crate) fn from_trailers(headers: &HeaderMap, with_details: bool) -> Response<Bytes> {
    let status = Status::from_header_map(headers).unwrap();
    respond(status.code(), status.message(), &status.get_error_details(), with_details)
}

pub(crate) fn from_status(status: &Status, with_details: bool) -> Response<Bytes> {
    respond(status.code(), status.message(), &status.get_error_details(), with_details)
}

fn respond(code: Code, message: &str, details: &ErrorDetails, with_details: bool) -> Response<Bytes> {
    let kind = match details.error_info() {
        Some(info) => info.reason.to_ascii_lowercase().into(),
        None if code == Code::NotFound => "not_found".into(),
        None => "unknown_error".into(),
    };
    // Nothing of the inside for callers outside.
    let message = match code {
        Code::Unknown | Code::Internal | Code::DataLoss => "An unexpected error occurred.",
        _ => message,
    };
    let list = with_details.then(|| from_details(details));
    let body = serde_json::to_vec(&Body { kind, message: message.into(), details: list }).unwrap();
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = http_status(code);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(delay) = details.retry_info().and_then(|info| info.retry_delay) {
        headers.insert(header::RETRY_AFTER, delay.as_secs().into());
    }
    if let Some(info) = details.request_info()
        && let Ok(id) = HeaderValue::from_str(&info.request_id)
    {
        headers.insert("x-request-id", id);
    }
    for link in details.help().iter().flat_map(|help| &help.links) {
        let value = format!("<{}>; rel=\"help\"; title=\"{}\"", link.url, link.description);
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.append(header::LINK, value);
        }
    }
    response
}

fn http_status(code: Code) -> StatusCode {
    match code {
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
