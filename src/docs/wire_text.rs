//! Responses and trailers as text.

use std::fmt::Write;

use bytes::Bytes;
use http::Response;

use super::json::pretty;
use crate::{
    model::{HttpStatus, rpc},
    service::{Json, pb},
};

/// A response as HTTP/1.1 writes it.
pub(crate) fn response(response: &Response<Bytes>) -> String {
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())));
    let mut text = head(response.status().as_u16().into(), headers);
    text.push_str(&String::from_utf8_lossy(response.body()));
    text.trim_end().to_owned()
}

/// The same of a message.
pub(crate) fn response_message(response: &pb::HttpResponse) -> String {
    let headers = response.headers.iter().map(|pb::Header { name, value }| (name.as_str(), value.as_str().into()));
    let mut text = head(response.status, headers);
    match &response.body {
        Some(pb::http_response::Body::Text(body)) => text.push_str(body),
        Some(pb::http_response::Body::Raw(body)) => {
            // Writing into memory cannot fail.
            let _ = write!(text, "({} bytes that are not text)", body.len());
        }
        None => {}
    }
    text.trim_end().to_owned()
}

fn head<'a>(status: u32, headers: impl Iterator<Item = (&'a str, std::borrow::Cow<'a, str>)>) -> String {
    let known = u16::try_from(status).ok().and_then(|status| HttpStatus::new(status).ok());
    let phrase = known.map_or("", HttpStatus::reason_phrase);
    let mut text = format!("HTTP/1.1 {status} {phrase}").trim_end().to_owned();
    for (name, value) in headers {
        let _ = write!(text, "\n{name}: {value}");
    }
    text.push_str("\n\n");
    text
}

/// A status as JSON, on lines of its own.
pub(crate) fn status(status: &rpc::Status) -> String {
    let mut text = Vec::new();
    // A status has a JSON form, whatever its details are.
    let _ = Json::default().write("google.rpc.Status", status, &mut text);
    pretty(&text)
}

/// The three fields of a gRPC error.
pub(crate) fn trailers(trailers: &pb::GrpcTrailers) -> String {
    let pb::GrpcTrailers { grpc_status, grpc_message, grpc_status_details_bin } = trailers;
    let mut text = format!("grpc-status: {grpc_status}\ngrpc-message: {grpc_message}");
    if !grpc_status_details_bin.is_empty() {
        let _ = write!(text, "\ngrpc-status-details-bin: {grpc_status_details_bin}");
    }
    text
}
