//! Pieces that several pages have.

use std::fmt::Write;

use maud::{Markup, html};

use crate::{HttpStatus, Retry, service::pb};

/// The address of a kind's page.
pub(super) fn path_of(kind: &str) -> String {
    format!("/errors/{kind}")
}

pub(super) fn kind_link(kind: &str) -> Markup {
    html! { a href=(path_of(kind)) { code { (kind) } } }
}

pub(super) fn status(status: HttpStatus) -> String {
    format!("{status} {}", status.reason_phrase()).trim_end().to_owned()
}

/// The name of a retry rule in a query, and in words.
pub(super) fn retry(retry: Retry) -> (&'static str, String) {
    match retry {
        Retry::Never => ("never", "never".to_owned()),
        Retry::AfterBackoff => ("after_backoff", "after backoff".to_owned()),
        Retry::AfterDelay(delay) => ("after_delay", format!("after {} s", delay.as_secs_f64())),
    }
}

/// A term and what it is, for a `dl`.
pub(super) fn fact(term: &str, value: impl maud::Render) -> Markup {
    html! { div { dt { (term) } dd { (value) } } }
}

/// A sentence of ours, with code between backticks.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Text as it is, which a keyboard can scroll.
pub(super) fn listing(label: &str, text: &str) -> Markup {
    html! { pre tabindex="0" role="region" aria-label=(label) { code { (text) } } }
}

/// A response as HTTP/1.1 writes it.
pub(super) fn response(response: &pb::HttpResponse) -> String {
    let phrase = u16::try_from(response.status).ok().and_then(|status| http::StatusCode::from_u16(status).ok());
    let phrase = phrase.and_then(|status| status.canonical_reason()).unwrap_or_default();
    let mut text = format!("HTTP/1.1 {} {phrase}", response.status).trim_end().to_owned();
    for pb::Header { name, value } in &response.headers {
        // Writing into memory cannot fail.
        let _ = write!(text, "\n{name}: {value}");
    }
    text.push_str("\n\n");
    match &response.body {
        Some(pb::http_response::Body::Text(body)) => text.push_str(body),
        Some(pb::http_response::Body::Raw(body)) => {
            let _ = write!(text, "({} bytes that are no text)", body.len());
        }
        None => {}
    }
    text.trim_end().to_owned()
}

/// The three fields of a gRPC error.
pub(super) fn trailers(trailers: &pb::GrpcTrailers) -> String {
    let pb::GrpcTrailers { grpc_status, grpc_message, grpc_status_details_bin } = trailers;
    let mut text = format!("grpc-status: {grpc_status}\ngrpc-message: {grpc_message}");
    if !grpc_status_details_bin.is_empty() {
        let _ = write!(text, "\ngrpc-status-details-bin: {grpc_status_details_bin}");
    }
    text
}
