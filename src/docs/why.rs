//! A translation in words: what was decided, and responses and trailers as text.

use std::fmt::Write;

use bytes::Bytes;
use http::Response;
use prost::{Message, Name};

use super::{json::pretty, words};
use crate::{
    model::{HttpStatus, rpc},
    service::{Json, pb},
};

/// The facts of a report, each under a term. A part that was read has its place: `error.code`, `header retry-after`.
pub(crate) fn why(report: &pb::Report, error: Option<&pb::ErrorRecord>) -> Vec<(&'static str, String)> {
    let is_http = report.evidence() != pb::Evidence::Unspecified;
    let mut facts = vec![
        ("read as", if is_http { dialect(report.dialect()) } else { String::new() }),
        ("evidence", evidence(report.evidence()).to_owned()),
        ("kind", by(report.kind_rule(), &report.kind_from)),
        ("code", by(report.code_rule(), &report.code_from)),
        ("status", by(report.status_rule(), "")),
        (
            "message",
            if is_http && report.message_from.is_empty() {
                "the default of the kind".into()
            } else {
                report.message_from.clone()
            },
        ),
        ("delay", report.delay_from.clone()),
        ("violations", report.violations_from.clone()),
        (
            "not read",
            error.and_then(kept_body).map_or_else(String::new, |body| {
                let excerpt = words::excerpt(&String::from_utf8_lossy(&body));
                format!("some of the body, kept in google.rpc.HttpResponse: {excerpt}")
            }),
        ),
        ("trimmed", report.trimmed.join("; ")),
        ("withheld", report.redacted.join("; ")),
        ("mismatch", if report.mismatch { "header and details disagree: the header wins" } else { "" }.into()),
    ];
    facts.extend(report.notes.iter().map(|note| ("note", note.clone())));
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

fn dialect(dialect: pb::Dialect) -> String {
    match dialect {
        pb::Dialect::Unspecified => String::new(),
        named => named.as_str_name().trim_start_matches("DIALECT_").to_lowercase(),
    }
}

/// The place of what was read; else the rule that decided.
fn by(rule: pb::Rule, origin: &str) -> String {
    let words = match rule {
        pb::Rule::Body | pb::Rule::GrpcStatus | pb::Rule::ErrorInfo | pb::Rule::ForeignErrorInfo
            if !origin.is_empty() =>
        {
            origin
        }
        pb::Rule::Unspecified => "",
        pb::Rule::Given => "as given",
        pb::Rule::GrpcStatus => "grpc-status",
        pb::Rule::ErrorInfo => "ErrorInfo",
        pb::Rule::ForeignErrorInfo => "ErrorInfo of another domain",
        pb::Rule::Body => "the body",
        pb::Rule::StatusLine => "the status line",
        pb::Rule::HttpResponse => "google.rpc.HttpResponse",
        pb::Rule::Catalog => "the catalog, by kind",
        pb::Rule::CodeFallback => "none is named: the one of the code",
        pb::Rule::StatusFallback => "none is named: the one of the status",
        pb::Rule::OriginTable => "the table for APIs, by status",
        pb::Rule::IntermediaryTable => "the table for proxies, by status",
        pb::Rule::Invalid => "what arrived is not valid: a fixed value",
    };
    words.to_owned()
}

fn evidence(evidence: pb::Evidence) -> &'static str {
    match evidence {
        pb::Evidence::Unspecified => "",
        pb::Evidence::Forced => "forced: the caller chose the table",
        pb::Evidence::GrpcFields => "fields of gRPC",
        pb::Evidence::Strong => "strong: an API wrote the body",
        pb::Evidence::Weak => "weak: an API or a gateway wrote the body",
        pb::Evidence::None => "none: a proxy may have written the body",
    }
}

/// The body that travels on, since it says more than was understood.
fn kept_body(error: &pb::ErrorRecord) -> Option<Vec<u8>> {
    let name = rpc::HttpResponse::full_name();
    let mut responses = error.details.iter().filter(|detail| detail.type_url.rsplit('/').next() == Some(&name));
    let body = responses.find_map(|detail| rpc::HttpResponse::decode(&*detail.value).ok())?.body;
    (!body.is_empty()).then(|| body.into())
}

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
