//! Recognises the form of a pasted text.

use serde_json::{Map, Value};

use super::{
    curl::{self, fields, trailers},
    printed,
};
use crate::service::{
    Json,
    pb::{self, grpc_to_http_request, http_response::Body, http_to_grpc_request},
};

/// A request that the pasted text stands for.
#[derive(Debug, PartialEq)]
pub(crate) enum Pasted {
    Http(pb::HttpToGrpcRequest),
    Grpc(pb::GrpcToHttpRequest),
}

impl Pasted {
    fn http(response: pb::HttpResponse) -> Self {
        let source = Some(http_to_grpc_request::Source::Response(response));
        Self::Http(pb::HttpToGrpcRequest { source, options: None })
    }

    fn grpc(source: grpc_to_http_request::Source) -> Self {
        Self::Grpc(pb::GrpcToHttpRequest { source: Some(source), options: None })
    }
}

/// Reads a response as curl prints it, the error of a gRPC client, `grpc-*` fields, a `google.rpc.Status` as JSON, or a
/// line of `errwire translate`. With a `status`, a text without a status line is the body of a response.
///
/// # Errors
///
/// What the text is instead, in words.
pub(crate) fn read(text: &str, status: Option<u32>) -> Result<Pasted, String> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let text = text.trim_start();
    // A body may quote a status line. What curl prints begins with `{` only where it counts bytes, and with `< ` before fields.
    let is_data = text.starts_with(['{', '[', '<']) && !text.starts_with("< ") && !text.starts_with("{ [");
    if !is_data && let Some(response) = curl::read(text) {
        let response = response?;
        return Ok(match grpc_trailers(&response) {
            Some(trailers) => Pasted::grpc(grpc_to_http_request::Source::Trailers(trailers)),
            None => Pasted::http(response),
        });
    }
    if let Some(status) = status {
        let body = (!text.is_empty()).then(|| Body::Text(text.to_owned()));
        return Ok(Pasted::http(pb::HttpResponse { status, headers: Vec::new(), body }));
    }
    let text = text.trim();
    if text.is_empty() {
        return Err("There is nothing to translate. Paste an HTTP response or a gRPC status.".to_owned());
    }
    if text.starts_with('{') {
        return json(text);
    }
    if let Some(source) = printed::read(text) {
        return source.map(Pasted::grpc);
    }
    let source = trailers(&fields(text.lines().filter(|line| !line.trim().is_empty()))?);
    source
        .map(grpc_to_http_request::Source::Trailers)
        .map(Pasted::grpc)
        .ok_or_else(|| "There is neither a line such as `HTTP/1.1 404 Not Found` nor a `grpc-status`.".to_owned())
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

fn json(text: &str) -> Result<Pasted, String> {
    let object: Map<String, Value> =
        serde_json::from_str(text).map_err(|why| format!("This is not a JSON object: {why}."))?;
    let json = Json::default();
    let is_object = |name| object.get(name).is_some_and(Value::is_object);
    let read = if object.get("code").is_some_and(Value::is_number) {
        let status = json.read("google.rpc.Status", text);
        status.map(|status| Pasted::grpc(grpc_to_http_request::Source::Status(status)))
    } else if is_object("status") || is_object("trailers") {
        json.read("GrpcToHttpRequest", text).map(Pasted::Grpc)
    } else if is_object("response") {
        json.read("HttpToGrpcRequest", text).map(Pasted::Http)
    } else {
        return Err("This JSON is a body without its response. Write the status line in front, such as `HTTP/1.1 404 Not \
                    Found`, then an empty line, then the body; or give `errwire translate` the status with `--status 404`."
            .to_owned());
    };
    read.map_err(|error| error.message().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(text: &str) -> pb::HttpResponse {
        match read(text, None) {
            Ok(Pasted::Http(pb::HttpToGrpcRequest {
                source: Some(http_to_grpc_request::Source::Response(response)),
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
        let Ok(Pasted::Grpc(pb::GrpcToHttpRequest {
            source: Some(grpc_to_http_request::Source::Trailers(trailers)),
            ..
        })) = read(text, None)
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
            assert_eq!(matches!(read(text, None), Ok(Pasted::Http(_))), is_http, "{text}");
            assert!(read(text, None).is_ok(), "{text}");
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
