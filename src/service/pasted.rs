//! Pasted errors, as curl, HTTPie, wget, grpcurl, evans or a gRPC client prints them.

// docs/rules.md: R-CLI-3

mod clients;
mod curl;
mod json;
mod literal;
mod said;
mod status;
mod text_format;
mod trace;

use curl::{fields, trailers};
use serde::de::IgnoredAny;
use status::Printed;

use super::pb::{self, grpc_to_http_request::Source, http_response::Body, translate_request::Request};

/// A request that the pasted text stands for, and what of the text could not be read.
#[derive(Debug, PartialEq)]
pub(crate) struct Pasted {
    pub(crate) request: Request,
    pub(crate) notes: Vec<String>,
}

impl From<Request> for Pasted {
    fn from(request: Request) -> Self {
        Self { request, notes: Vec::new() }
    }
}

impl From<Printed> for Pasted {
    fn from(Printed { status, notes }: Printed) -> Self {
        Self { request: json::grpc(Source::Status(status)), notes }
    }
}

/// Reads a response as curl, HTTPie or wget prints it, the error of a gRPC client, `grpc-*` fields, a `google.rpc.Status` as JSON or in
/// text format, an HTTP archive, or a line of `errwire translate`. With a `status`, a text without a status line is the body of a response.
///
/// # Errors
///
/// What the text is instead, in words.
pub(crate) fn read(text: &str, status: Option<u32>) -> Result<Pasted, String> {
    let text = trace::uncolored(text.trim_start_matches('\u{feff}')).replace("\r\n", "\n");
    let text = trace::untraced(&text).or_else(|| trace::undumped(&text)).unwrap_or(text);
    let is_indented = curl::is_indented(&text);
    let text = if is_indented { &text } else { text.trim_start() };
    // A body may quote a status line. What curl prints begins with `{` only where it counts bytes, and with `< ` before fields.
    let is_data = text.starts_with(['{', '[', '<']) && !text.starts_with("< ") && !text.starts_with("{ [");
    if !is_data && let Some(response) = curl::read(text) {
        let response = response?;
        return Ok(Pasted::from(match grpc_trailers(&response) {
            Some(trailers) => json::grpc(Source::Trailers(trailers)),
            None => json::http(response),
        }));
    }
    if let Some(status) = status {
        // PowerShell puts the name of its command in front.
        let is_of_command = text.starts_with("Invoke-RestMethod") || text.starts_with("Invoke-WebRequest");
        let text = said::body(text, 0).filter(|_| is_of_command).map_or(text, |(_, body)| body);
        let body = (!text.is_empty()).then(|| Body::Text(text.to_owned()));
        return Ok(json::http(pb::HttpResponse { status, headers: Vec::new(), body }).into());
    }
    let text = text.trim();
    if text.is_empty() {
        return Err("There is nothing to translate. Paste an HTTP response or a gRPC status.".to_owned());
    }
    if text.starts_with('{') {
        return match json::read(text) {
            Ok((request, notes)) => Ok(Pasted { request, notes }),
            // Elixir prints tuples between braces, and JavaScript names without quotes.
            Err(why) if serde_json::from_str::<IgnoredAny>(text).is_err() => {
                printed(text).or_else(|| json(&literal::object(text)?)).unwrap_or(Err(why))
            }
            Err(why) => Err(why),
        };
    }
    // The value of `grpc-message` may be the text of another client.
    let has_fields = text.lines().any(|line| line.trim_start().to_ascii_lowercase().starts_with("grpc-status:"));
    if !has_fields && let Some(read) = printed(text) {
        return read;
    }
    let fields = fields(text.lines().filter(|line| !line.trim().is_empty()));
    let trailers = fields.as_ref().ok().and_then(|fields| trailers(fields)).or_else(|| said::trailers(text));
    if let Some(trailers) = trailers {
        return Ok(json::grpc(Source::Trailers(trailers)).into());
    }
    if let Some(response) = said::kubernetes(text).or_else(|| said::google(text)).or_else(|| said::response(text)) {
        let notes = match response.body {
            Some(_) => Vec::new(),
            None => vec!["the text has the status alone, without the body that says more".to_owned()],
        };
        return Ok(Pasted { notes, ..json::http(response).into() });
    }
    if let Some((at, body)) = said::body(text, 0) {
        // On a line of its own it may be one of many.
        let read = if text[..at].ends_with('\n') { None } else { json(body) };
        return read.unwrap_or_else(|| Err(json::WITHOUT_STATUS.to_owned()));
    }
    fields?;
    Err("There is neither a status, as in `HTTP/1.1 404 Not Found` or `status code 404`, nor a gRPC error, such as `grpc-status: 5` or \
         `rpc error: code = NotFound desc = ...`."
        .to_owned())
}

/// What an object says that stands within other text; nothing if it says nothing of a call.
fn json(text: &str) -> Option<Result<Pasted, String>> {
    json::read(text).ok().map(|(request, notes)| Ok(Pasted { request, notes }))
}

/// The error of whichever client printed the text; nothing if none of them did.
fn printed(text: &str) -> Option<Result<Pasted, String>> {
    clients::printed(text).map(|read| read.map(Pasted::from))
}

/// The trailers of a response of gRPC. After messages, curl prints them behind the body.
fn grpc_trailers(response: &pb::HttpResponse) -> Option<pb::GrpcTrailers> {
    let is_grpc = |field: &pb::Header| field.name == "content-type" && field.value.starts_with("application/grpc");
    if !response.headers.iter().any(is_grpc) {
        return None;
    }
    trailers(&response.headers).or_else(|| {
        let Some(Body::Text(body)) = &response.body else { return None };
        trailers(&fields(body[body.rfind("grpc-status:")?..].lines()).ok()?)
    })
}

#[cfg(test)]
mod tests;
