//! `{"kind", "message"}` to gRPC errors; any other body to its status and first kilobyte, as grpc-go does.

use std::collections::HashMap;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use prost::Message as _;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _, pb};

use super::body::{Body, into_details};

pub(crate) fn to_trailers(response: &Response<Bytes>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    to_status(response).add_header(&mut headers).unwrap();
    headers
}

/// `tonic::Status` holds them encoded, if there are any.
pub(crate) fn to_bytes(response: &Response<Bytes>) -> Bytes {
    let status = to_status(response);
    if status.details().is_empty() {
        let status = pb::Status { code: status.code().into(), message: status.message().into(), details: Vec::new() };
        return status.encode_to_vec().into();
    }
    Bytes::copy_from_slice(status.details())
}

pub(crate) fn to_status(response: &Response<Bytes>) -> Status {
    match serde_json::from_slice::<Body<'_>>(response.body()) {
        Ok(body) => {
            let code = match &*body.kind {
                "task_not_found" | "run_not_found" | "automation_not_found" => Code::NotFound,
                _ => code(response.status()),
            };
            let mut details = body.details.map(into_details).unwrap_or_default();
            if details.error_info().is_none() {
                details = ErrorDetails::with_error_info(body.kind.to_ascii_uppercase(), "errwire.dev", HashMap::new());
            }
            Status::with_error_details(code, body.message, details)
        }
        Err(_) => {
            let text = String::from_utf8_lossy(&response.body()[..response.body().len().min(1024)]);
            Status::new(Code::Unavailable, format!("unexpected HTTP status {}: {text}", response.status()))
        }
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
