//! The same work by hand: `tonic::Status`, `tonic-types`, a `serde` struct and a `match` over a few kinds.

use std::{borrow::Cow, collections::HashMap};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde::{Deserialize, Serialize};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

#[derive(Serialize, Deserialize)]
struct Body<'a> {
    kind: Cow<'a, str>,
    message: Cow<'a, str>,
}

/// Trailers to `{"kind", "message"}`.
pub(crate) fn grpc_to_http(headers: &HeaderMap) -> Response<Bytes> {
    let status = Status::from_header_map(headers).unwrap();
    let details = status.get_error_details();
    let kind = details.error_info().map_or_else(|| "unknown_error".to_owned(), |info| info.reason.to_ascii_lowercase());
    let body = serde_json::to_vec(&Body { kind: kind.into(), message: status.message().into() }).unwrap();
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = http_status(status.code());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// `{"kind", "message"}` to trailers; any other body to its status and first kilobyte, as grpc-go does.
pub(crate) fn http_to_grpc(response: &Response<Bytes>) -> HeaderMap {
    let status = match serde_json::from_slice::<Body<'_>>(response.body()) {
        Ok(body) => {
            let code = match &*body.kind {
                "task_not_found" | "run_not_found" | "automation_not_found" => Code::NotFound,
                _ => code(response.status()),
            };
            let details = ErrorDetails::with_error_info(body.kind.to_ascii_uppercase(), "errwire.dev", HashMap::new());
            Status::with_error_details(code, body.message, details)
        }
        Err(_) => {
            let text = String::from_utf8_lossy(&response.body()[..response.body().len().min(1024)]);
            Status::new(Code::Unavailable, format!("unexpected HTTP status {}: {text}", response.status()))
        }
    };
    let mut headers = HeaderMap::new();
    status.add_header(&mut headers).unwrap();
    headers
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

fn code(status: StatusCode) -> Code {
    match status.as_u16() {
        400 => Code::InvalidArgument,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::NotFound,
        _ => Code::Unknown,
    }
}
