//! The RPCs over plain HTTP, called with the real `curl`: <https://connectrpc.com/docs/protocol#unary-request>.

use std::process::Command;

use crate::support::binary::Serving;
use serde_json::{Value, json};

const TO_GRPC: &str = "/errwire.v1.ErrorMappingService/HttpToGrpc";
const TO_HTTP: &str = "/errwire.v1.ErrorMappingService/GrpcToHttp";

struct Answer {
    version: String,
    status: u16,
    headers: Value,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {}", self.body))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers[name][0].as_str()
    }
}

/// Calls with `curl`, which is on every machine that builds this.
fn curl(serving: &Serving, path: &str, args: &[&str]) -> Answer {
    let url = format!("http://{}{path}", serving.address());
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--max-time", "20"])
        .args(["--write-out", "\n@@ %{http_version} %{response_code} %{header_json}"])
        .args(args)
        .arg(url)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let (body, told) = output.rsplit_once("\n@@ ").unwrap_or_else(|| panic!("{output}"));
    let (version, rest) = told.split_once(' ').unwrap();
    let (status, headers) = rest.split_once(' ').unwrap();
    Answer {
        version: version.to_owned(),
        status: status.parse().unwrap(),
        headers: serde_json::from_str(headers.trim()).unwrap(),
        body: body.to_owned(),
    }
}

fn post(serving: &Serving, path: &str, body: &str, more: &[&str]) -> Answer {
    curl(serving, path, &[&["-H", "content-type: application/json", "-d", body], more].concat())
}

// docs/rules.md: R-SERVICE-5
#[test]
fn curl_translates_over_both_versions() {
    let serving = Serving::start(&[]);
    let response = json!({ "response": {
        "status": 404,
        "headers": [{ "name": "content-type", "value": "application/json" }],
        "text": r#"{"kind":"task_not_found","message":"Task tsk_1 does not exist."}"#,
    }});
    for (version, flag) in [("1.1", "--http1.1"), ("2", "--http2-prior-knowledge")] {
        let answer = post(&serving, TO_GRPC, &response.to_string(), &[flag]);
        assert_eq!((answer.status, &*answer.version), (200, version), "{}", answer.body);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let answer = answer.json();
        assert_eq!(answer["status"]["code"], 5);
        assert_eq!(answer["status"]["details"][0]["reason"], "TASK_NOT_FOUND");
        assert_eq!(answer["trailers"]["grpcStatus"], "5");
        assert_eq!(answer["error"]["kind"], "task_not_found");
    }
    let trailers = r#"{"trailers":{"grpcStatus":"5","grpcMessage":"no%20such%20task"}}"#;
    let answer = post(&serving, TO_HTTP, trailers, &["-H", "connect-protocol-version: 1"]).json();
    assert_eq!(answer["response"]["status"], 404);
    assert_eq!(answer["response"]["text"], r#"{"kind":"not_found","message":"no such task"}"#);
    let kind = post(&serving, "/errwire.v1.CatalogService/GetKind", r#"{"kind":"gone"}"#, &[]).json();
    assert_eq!(kind["kind"]["status"], 410);
    let kinds = post(&serving, "/errwire.v1.CatalogService/ListKinds", r#"{"pageSize":2}"#, &[]).json();
    assert_eq!(kinds["kinds"].as_array().unwrap().len(), 2);
}

/// A request that is translated.
const FINE: &str = r#"{"trailers":{"grpcStatus":"5"}}"#;

// docs/rules.md: R-SERVICE-5
#[test]
fn errors_have_the_form_of_the_protocol_of_the_call() {
    let serving = Serving::start(&[]);
    let ok = r#"{"response":{"status":200}}"#;
    // Path, method, content type, body; then status, kind, and the code in Connect's form.
    let rows = [
        (TO_GRPC, "POST", "application/json", ok, 400, "request_invalid", "invalid_argument"),
        (TO_GRPC, "POST", "application/json", r#"{"nonsense":1}"#, 400, "request_invalid", "invalid_argument"),
        (TO_GRPC, "POST", "application/json", "{", 400, "request_invalid", "invalid_argument"),
        (TO_GRPC, "POST", "text/plain", ok, 415, "unsupported_media_type", "invalid_argument"),
        (TO_GRPC, "PUT", "application/json", ok, 405, "method_not_allowed", "unimplemented"),
        ("/nowhere", "POST", "application/json", ok, 404, "not_found", "not_found"),
        (
            "/errwire.v1.CatalogService/GetKind",
            "POST",
            "application/json",
            r#"{"kind":"x"}"#,
            404,
            "not_found",
            "not_found",
        ),
    ];
    for (path, method, content_type, body, status, kind, code) in rows {
        let content_type = format!("content-type: {content_type}");
        let args = ["-X", method, "-H", &content_type, "-d", body];
        let ours = curl(&serving, path, &args);
        assert_eq!((ours.status, ours.json()["kind"].as_str()), (status, Some(kind)), "{path} {method} {body}");
        assert!(!ours.json()["message"].as_str().unwrap().is_empty());
        assert_eq!(ours.header("allow"), (status == 405).then_some("GET, POST"));

        let connect = curl(&serving, path, &[&args[..], &["-H", "connect-protocol-version: 1"]].concat());
        assert_eq!((connect.status, connect.json()["code"].as_str()), (status, Some(code)), "{path} {method} {body}");
        assert_eq!(connect.json()["details"][0]["type"], "google.rpc.ErrorInfo");
    }
    let problem = post(&serving, TO_GRPC, "{}", &["-H", "accept: application/problem+json"]);
    assert_eq!(problem.header("content-type"), Some("application/problem+json"));
    assert_eq!(problem.json()["code"], "request_invalid");
    // https://connectrpc.com/docs/protocol#unary-request: the version is 1.
    for version in ["9", "0", "v1"] {
        let newer = post(&serving, TO_HTTP, FINE, &["-H", &format!("connect-protocol-version: {version}")]);
        assert_eq!((newer.status, newer.json()["code"].as_str()), (400, Some("invalid_argument")), "{version}");
    }
    let compressed = post(&serving, TO_GRPC, "{}", &["-H", "content-encoding: gzip"]);
    assert_eq!((compressed.status, compressed.json()["kind"].as_str()), (501, Some("unimplemented")));
}

/// <https://connectrpc.com/docs/protocol#unary-get-request>
#[test]
fn a_message_may_come_in_the_query() {
    let serving = Serving::start(&[]);
    let path = "/errwire.v1.CatalogService/GetKind";
    // {"kind":"gone"}, plain and in base64 for URLs, without and with its padding; then the same as protobuf.
    let rows = [
        "?connect=v1&encoding=json&message=%7B%22kind%22%3A%22gone%22%7D",
        "?connect=v1&encoding=json&base64=1&message=eyJraW5kIjoiZ29uZSJ9",
        "?base64=1&encoding=json&compression=identity&message=eyJraW5kIjoiZ29uZSJ9",
    ];
    for query in rows {
        let answer = curl(&serving, &format!("{path}{query}"), &[]);
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        assert_eq!(answer.json()["kind"]["status"], 410);
    }
    let binary =
        curl(&serving, &format!("{path}?encoding=proto&base64=1&message=CgRnb25l"), &["--output", "/dev/null"]);
    assert_eq!((binary.status, binary.header("content-type")), (200, Some("application/proto")));

    let absent = curl(&serving, &format!("{path}?connect=v1&encoding=json&message=%7B%22kind%22%3A%22x%22%7D"), &[]);
    assert_eq!((absent.status, absent.json()["code"].as_str()), (404, Some("not_found")), "{}", absent.body);

    let bad = [
        ("", 405, "method_not_allowed"),
        ("?", 400, "request_invalid"),
        ("?encoding=xml&message=x", 400, "request_invalid"),
        ("?encoding=json", 400, "request_invalid"),
        ("?encoding=json&base64=1&message=***", 400, "request_invalid"),
        ("?encoding=json&message={}&compression=gzip", 501, "unimplemented"),
    ];
    for (query, status, kind) in bad {
        let answer = curl(&serving, &format!("{path}{query}"), &["--globoff"]);
        assert_eq!((answer.status, answer.json()["kind"].as_str()), (status, Some(kind)), "{query}");
    }
}

#[test]
fn a_body_above_the_limit_is_refused() {
    let serving = Serving::start(&[]);
    let file = crate::support::binary::file("large.json", &"x".repeat(4 * 1024 * 1024 + 1));
    let body = format!("@{file}");
    let answer = curl(&serving, TO_GRPC, &["-H", "content-type: application/json", "--data-binary", &body]);
    assert_eq!((answer.status, answer.json()["kind"].as_str()), (413, Some("content_too_large")));
}

/// A stream does not fit one message, and `curl` is told so.
// docs/rules.md: R-SERVICE-5
#[test]
fn a_post_to_a_streaming_rpc_is_explained() {
    let serving = Serving::start(&[]);
    for path in [
        "/errwire.v1.ErrorMappingService/Translate",
        "/errwire.v1.CatalogService/WatchCatalog",
        "/grpc.health.v1.Health/Watch",
    ] {
        let answer = post(&serving, path, "{}", &[]);
        assert_eq!((answer.status, answer.json()["kind"].as_str()), (501, Some("unimplemented")), "{path}");
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with(&format!("{} is a stream", &path[1..])), "{message}");
        assert!(message.contains("over gRPC"), "{message}");
    }
    // As people spell it.
    let answer = post(&serving, TO_HTTP, r#"{"status":{"code":"NOT_FOUND"},"audience":"public"}"#, &[]);
    assert_eq!((answer.status, &answer.json()["response"]["status"]), (200, &json!(404)), "{}", answer.body);
}
