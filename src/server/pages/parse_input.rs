//! What somebody pasted: an HTTP response or a gRPC status, as common tools print them.

// docs/rules.md: R-CLI-3

use serde_json::{Map, Value};

use crate::service::{Json, pb};

/// A request that the pasted text stands for.
#[derive(Debug, PartialEq)]
pub(super) enum Pasted {
    Http(pb::HttpToGrpcRequest),
    Grpc(pb::GrpcToHttpRequest),
}

/// Reads a response as `curl -i` prints it, `grpc-*` fields, a `google.rpc.Status` as JSON, or a line of
/// `errwire translate`.
///
/// # Errors
///
/// What the text is instead, in words.
pub(super) fn read(text: &str) -> Result<Pasted, String> {
    let text = text.trim_start_matches('\u{feff}').trim_start().replace("\r\n", "\n");
    if text.is_empty() {
        return Err("There is nothing to translate. Paste an HTTP response or a gRPC status.".to_owned());
    }
    if text.starts_with('{') {
        return json(&text);
    }
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    if head.starts_with("HTTP/") {
        let status = status(lines.next().unwrap_or_default())?;
        let headers = lines.map(field).collect::<Result<_, _>>()?;
        let body = (!body.is_empty()).then(|| pb::http_response::Body::Text(body.to_owned()));
        let response = pb::HttpResponse { status, headers, body };
        let source = pb::http_to_grpc_request::Source::Response(response);
        return Ok(Pasted::Http(pb::HttpToGrpcRequest { source: Some(source), options: None }));
    }
    trailers(&lines.map(field).collect::<Result<Vec<_>, _>>()?)
}

fn status(line: &str) -> Result<u32, String> {
    let status = line.split_whitespace().nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| format!("The line `{line}` has no status. Write it as `HTTP/1.1 404 Not Found`."))
}

fn field(line: &str) -> Result<pb::Header, String> {
    match line.split_once(':') {
        Some((name, value)) => Ok(pb::Header { name: name.trim().to_lowercase(), value: value.trim().to_owned() }),
        None => Err(format!(
            "The line `{line}` is not a field. Begin with `HTTP/1.1 404 Not Found`, with `grpc-status: 5`, or with `{{`; write \
             each field as `name: value`; and leave an empty line before the body."
        )),
    }
}

fn trailers(fields: &[pb::Header]) -> Result<Pasted, String> {
    let value = |name| fields.iter().find(|field| field.name == name).map(|field| field.value.clone());
    let Some(grpc_status) = value("grpc-status") else {
        return Err("There is neither a line such as `HTTP/1.1 404 Not Found` nor a `grpc-status`.".to_owned());
    };
    let trailers = pb::GrpcTrailers {
        grpc_status,
        grpc_message: value("grpc-message").unwrap_or_default(),
        grpc_status_details_bin: value("grpc-status-details-bin").unwrap_or_default(),
    };
    let source = pb::grpc_to_http_request::Source::Trailers(trailers);
    Ok(Pasted::Grpc(pb::GrpcToHttpRequest { source: Some(source), options: None }))
}

fn json(text: &str) -> Result<Pasted, String> {
    let object: Map<String, Value> =
        serde_json::from_str(text).map_err(|why| format!("This is not a JSON object: {why}."))?;
    let json = Json::default();
    let is_object = |name| object.get(name).is_some_and(Value::is_object);
    let read = if object.get("code").is_some_and(Value::is_number) {
        json.read("google.rpc.Status", text).map(|status| {
            let source = pb::grpc_to_http_request::Source::Status(status);
            Pasted::Grpc(pb::GrpcToHttpRequest { source: Some(source), options: None })
        })
    } else if is_object("status") || is_object("trailers") {
        json.read("GrpcToHttpRequest", text).map(Pasted::Grpc)
    } else if is_object("response") {
        json.read("HttpToGrpcRequest", text).map(Pasted::Http)
    } else {
        return Err(
            "This JSON is a body without its response. Write the status line in front, such as `HTTP/1.1 404 Not \
                    Found`, then an empty line, then the body."
                .to_owned(),
        );
    };
    read.map_err(|error| error.message().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(text: &str) -> pb::HttpResponse {
        match read(text) {
            Ok(Pasted::Http(pb::HttpToGrpcRequest {
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
        assert_eq!(response.body, Some(pb::http_response::Body::Text("{\"kind\":\"x\"}\n\nmore".into())));
        assert_eq!(http("  HTTP/1.1 503 Service Unavailable").body, None);
    }

    #[test]
    fn reads_the_fields_of_a_call() {
        let text = "grpc-message: no%20such%20task\nGrpc-Status: 5\nother: x\ngrpc-status-details-bin: CAU";
        let Ok(Pasted::Grpc(pb::GrpcToHttpRequest {
            source: Some(pb::grpc_to_http_request::Source::Trailers(trailers)),
            ..
        })) = read(text)
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
            assert_eq!(matches!(read(text), Ok(Pasted::Http(_))), is_http, "{text}");
            assert!(read(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let rows = [
            ("", "nothing to translate"),
            ("HTTP/1.1", "has no status"),
            ("HTTP/1.1 4o4", "has no status"),
            ("HTTP/1.1 404\nnonsense", "`nonsense` is not a field"),
            ("hello", "`hello` is not a field"),
            ("a: b", "neither"),
            ("{", "not a JSON object"),
            (r#"{"kind":"task_not_found"}"#, "without its response"),
            (r#"{"code":"NOT_FOUND"}"#, "without its response"),
            (r#"{"code":5,"nope":1}"#, "nope"),
        ];
        for (text, expected) in rows {
            let why = read(text).unwrap_err();
            assert!(why.contains(expected), "{text:?}: {why}");
        }
    }
}
