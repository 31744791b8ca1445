//! Recognises the form of a pasted text.

use serde::de::IgnoredAny;

use super::{
    clients,
    curl::{self, fields, trailers},
    json, literal, said,
    status::Printed,
    trace,
};
use crate::service::pb::{self, grpc_to_http_request::Source, http_response::Body, translate_request::Request};

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
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    fn http(text: &str) -> pb::HttpResponse {
        match read(text, None).map(|pasted| pasted.request) {
            Ok(Request::HttpToGrpc(pb::HttpToGrpcRequest {
                source: Some(pb::http_to_grpc_request::Source::Response(response)),
                ..
            })) => response,
            other => panic!("{other:?} is not an HTTP response"),
        }
    }

    #[test]
    fn reads_a_response_as_curl_prints_it() {
        let response =
            http("HTTP/2 404 \r\nContent-Type: application/json\r\nx-a: b: c\r\n\r\n{\"kind\":\"x\"}\n\nmore");
        assert_eq!(response.status, 404);
        let fields: Vec<_> = response.headers.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
        assert_eq!(fields, [("content-type", "application/json"), ("x-a", "b: c")]);
        assert_eq!(response.body, Some(Body::Text("{\"kind\":\"x\"}\n\nmore".into())));
        assert_eq!(http("  HTTP/1.1 503 Service Unavailable").body, None);
    }

    #[test]
    fn reads_the_fields_of_a_call() {
        let text = "grpc-message: no%20such%20task\nGrpc-Status: 5\nother: x\ngrpc-status-details-bin: CAU";
        let Ok(Request::GrpcToHttp(pb::GrpcToHttpRequest { source: Some(Source::Trailers(trailers)), .. })) =
            read(text, None).map(|pasted| pasted.request)
        else {
            panic!("these are fields of gRPC")
        };
        assert_eq!(trailers.grpc_status, "5");
        assert_eq!(trailers.grpc_message, "no%20such%20task");
        assert_eq!(trailers.grpc_status_details_bin, "CAU");
    }

    #[test]
    fn reads_json() {
        let rows = [
            (r#"{"code":5,"message":"m","details":[]}"#, false),
            (r#"{"status":{"code":5}}"#, false),
            (r#"{"trailers":{"grpcStatus":"5"}}"#, false),
            (r#"{"response":{"status":404}}"#, true),
        ];
        for (text, is_http) in rows {
            let request = read(text, None).unwrap().request;
            assert_eq!(matches!(request, Request::HttpToGrpc(_)), is_http, "{text}");
        }
    }

    /// Beginnings of all forms, without their ends and into one another.
    const PIECES: [&str; 58] = [
        "404 ",
        "(404) Not Found",
        "status code 404",
        "grpc-status=[",
        "grpc-message=\"",
        "{\"error\": \"404 ",
        "{\"a\": 1}",
        "<= Recv header, 9 bytes (0x9)\n0000: ",
        "<= Recv data, 9 bytes (0x9)\n0000: 48 54\n",
        "transfer-encoding: chunked\n\n",
        "4\n",
        "ffffffffffffffff\n",
        "HTTP/1.1 404 Not Found\n",
        "  HTTP/1.1 404 x\n",
        "404 Not Found\n",
        "< HTTP/2 404\n",
        "< ",
        "* ",
        "\n\n",
        "\n",
        " ",
        "é",
        "a: b\n",
        "grpc-status: 5\n",
        "grpc-status:",
        "rpc error: code = NotFound desc = ",
        "\"",
        "\\\"",
        "'",
        "\\",
        "\\x",
        "\\u{",
        "\\8",
        "5 NOT_FOUND:",
        "StatusCode.NOT_FOUND",
        "details = \"",
        ")",
        ">",
        " (GRPC::NotFound)",
        "Status(StatusCode=",
        "Detail=\"",
        "Status{code=",
        "gRPC Error (",
        "%GRPC.RPCError{status: ",
        "NOT_FOUND: ",
        " [type.googleapis.com/a='",
        "']",
        "ERROR:\n  Code: NotFound\n  Message: m\n  Details:\n",
        "  1)\t",
        "code: 5 ",
        "message: ",
        "details ",
        "{",
        "}",
        "[a]: {",
        "type_url: ",
        ", number = ",
        "{\"code\": 5, \"details\": \"",
    ];

    proptest! {
        #[test]
        fn pieces_of_all_forms_never_panic(pieces in prop::collection::vec(select(&PIECES[..]), 0..24), status in prop::option::of(400_u32..600)) {
            let _ = read(&pieces.concat(), status);
        }
    }

    #[test]
    fn the_cost_grows_with_the_text_alone() {
        // Each beginning stands in a literal that never ends. Were each read to the end of the text, this would take minutes.
        for piece in PIECES {
            let text = format!("\\\"{piece}").repeat(20_000);
            let _ = read(&text, None);
        }
    }

    #[test]
    fn a_payload_that_is_cut_off_costs_no_more_than_itself() {
        let notes = |text: &str| read(text, None).map(|pasted| (pasted.notes.len(), pasted.request));
        for end in ["='\\x0a", "='", "=", "='\\x0a'", ""] {
            let (_, request) = notes(&format!("NOT_FOUND: No task. [type.googleapis.com/a.B{end}")).unwrap();
            let Request::GrpcToHttp(pb::GrpcToHttpRequest { source: Some(Source::Status(status)), .. }) = request
            else {
                panic!("{end}")
            };
            assert_eq!((status.code, status.message.as_str()), (5, "No task."), "{end}");
        }
    }

    #[test]
    fn reports_the_problem() {
        let rows = [
            ("", "nothing to translate"),
            ("HTTP/1.1", "is not a field"),
            ("HTTP/1.1 4o4", "is not a field"),
            ("HTTP/1.1 404\nnonsense", "`nonsense` is not a field"),
            ("hello", "`hello` is not a field"),
            ("a: b", "neither"),
            ("{", "not a JSON object"),
            (r#"{"kind":"task_not_found"}"#, "without its response"),
            (r#"{"code":"NOT_FOUND"}"#, "without its response"),
            (r#"{"code":5,"nope":1}"#, "nope"),
        ];
        for (text, expected) in rows {
            let why = read(text, None).unwrap_err();
            assert!(why.contains(expected), "{text:?}: {why}");
        }
    }
}
