//! Every kind of the API reference and every status that it describes, on both wires.
//!
//! The expected values are those of the reference and of <https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto>.

use errwire::{Error, rpc};
use http::{Response, StatusCode, header};
use serde_json::{Value, json};

use super::product::Product;

/// One error, and how to provoke it on each wire.
struct Row {
    status: u16,
    kind: &'static str,
    /// Name and number of the code.
    code: (&'static str, i32),
    /// What both callers read; `at_grpc` if a caller over gRPC sees more.
    message: &'static str,
    at_grpc: Option<&'static str>,
    method: &'static str,
    path: &'static str,
    key: &'static str,
    json: &'static str,
    args: &'static [&'static str],
}

const NO_TASK: &str = "Task tsk_0 does not exist. Verify the task ID.";
const ON_OUR_SIDE: &str = "An unexpected error occurred on our side. If it persists, please contact support.";
const DOWNSTREAM: &str = "An invalid response was received from a downstream server. Please try again later.";

#[rustfmt::skip]
static ROWS: [Row; 20] = [
    get(400, "url_required", ("INVALID_ARGUMENT", 3), "A source URL is required. Add the URL of the source to the request.",
        "", &["create-task", "--kind", "transcribe"]).post("/v1/tasks", r#"{"kind": "transcribe"}"#),
    get(400, "request_invalid", ("INVALID_ARGUMENT", 3), "The kind of a task is transcribe or thumbnail. Set `kind` to one of them.",
        "", &["create-task"]).post("/v1/tasks", "{}"),
    get(400, "format_unsupported", ("INVALID_ARGUMENT", 3), "A thumbnail task cannot read mp3. Use one of: jpeg, mp4, png.",
        "", &["create-task", "--kind", "thumbnail", "--source-url", "https://example.com/a.mp3"])
        .post("/v1/tasks", r#"{"kind": "thumbnail", "source_url": "https://example.com/a.mp3"}"#),
    get(401, "token_missing", ("UNAUTHENTICATED", 16), "No auth token provided. Include an API key in the Authorization header.",
        "/v1/tasks/tsk_1", &["get-task", "tsk_1", "--key", ""]).key(""),
    get(401, "token_invalid", ("UNAUTHENTICATED", 16), "The auth token is invalid or revoked. Use a valid API key in the Authorization header.",
        "/v1/runs/run_1", &["get-run", "run_1", "--key", "key_revoked"]).key("key_revoked"),
    get(401, "token_invalid", ("UNAUTHENTICATED", 16), "The auth token is invalid or revoked. Use a valid API key in the Authorization header.",
        "/v1/runs/run_1", &["get-run", "run_1", "--key", "key_nobody_has"]).key("key_nobody_has"),
    get(402, "payment_required", ("FAILED_PRECONDITION", 9), "A payment is required to continue using this service. Visit billing to resolve the payment issue.",
        "", &["start-run", "tsk_1", "--key", "key_unpaid"]).post("/v1/tasks/tsk_1/runs", "").key("key_unpaid"),
    get(403, "project_required", ("PERMISSION_DENIED", 7), "This endpoint requires a project-scoped key. Use an API key that belongs to a project.",
        "/v1/automations/aut_1", &["get-automation", "aut_1", "--key", "key_account"]).key("key_account"),
    get(403, "permission_denied", ("PERMISSION_DENIED", 7), "This API key may only read. Use a key that may create tasks and runs.",
        "", &["start-run", "tsk_1", "--key", "key_readonly"]).post("/v1/tasks/tsk_1/runs", "").key("key_readonly"),
    get(404, "task_not_found", ("NOT_FOUND", 5), NO_TASK, "/v1/tasks/tsk_0", &["get-task", "tsk_0"]),
    get(404, "task_not_found", ("NOT_FOUND", 5), NO_TASK, "", &["start-run", "tsk_0"]).post("/v1/tasks/tsk_0/runs", ""),
    get(404, "run_not_found", ("NOT_FOUND", 5), "Run run_0 does not exist. Verify the run ID.",
        "/v1/runs/run_0", &["get-run", "run_0"]),
    get(404, "automation_not_found", ("NOT_FOUND", 5), "Automation aut_0 does not exist. Verify the automation ID.",
        "/v1/automations/aut_0", &["get-automation", "aut_0"]),
    get(405, "method_not_allowed", ("UNIMPLEMENTED", 12), "The HTTP method is not supported for this endpoint. Use a method that the Allow header lists.",
        "/v1/tasks/tsk_1", &["delete-task", "tsk_1"]).method("DELETE"),
    get(408, "request_timeout", ("DEADLINE_EXCEEDED", 4), "The request took too long to complete. Send it again, faster or in smaller parts.",
        "/v1/runs/run_stuck", &["get-run", "run_stuck"]),
    get(500, "internal_error", ("INTERNAL", 13), ON_OUR_SIDE, "/v1/runs/run_damaged", &["get-run", "run_damaged"])
        .at_grpc("The record of the run ends after 17 of 40 bytes."),
    get(500, "internal_error", ("INTERNAL", 13), ON_OUR_SIDE, "/v1/runs/run_empty", &["get-run", "run_empty"]),
    get(502, "bad_gateway", ("UNAVAILABLE", 14), DOWNSTREAM,
        "", &["create-task", "--kind", "transcribe", "--source-url", "https://garbled.example.com/a.mp3"])
        .post("/v1/tasks", r#"{"kind": "transcribe", "source_url": "https://garbled.example.com/a.mp3"}"#),
    get(502, "bad_gateway", ("UNAVAILABLE", 14), DOWNSTREAM,
        "", &["create-task", "--kind", "transcribe", "--source-url", "https://gateway.example.com/a.mp3"])
        .post("/v1/tasks", r#"{"kind": "transcribe", "source_url": "https://gateway.example.com/a.mp3"}"#),
    get(503, "service_unavailable", ("UNAVAILABLE", 14), "The server is temporarily unable to handle requests. Please try again later.",
        "", &["create-task", "--kind", "transcribe", "--source-url", "https://closed.example.com/a.mp3"])
        .post("/v1/tasks", r#"{"kind": "transcribe", "source_url": "https://closed.example.com/a.mp3"}"#),
];

const fn get(
    status: u16,
    kind: &'static str,
    code: (&'static str, i32),
    message: &'static str,
    path: &'static str,
    args: &'static [&'static str],
) -> Row {
    Row { status, kind, code, message, at_grpc: None, method: "GET", path, key: "key_live", json: "", args }
}

impl Row {
    const fn post(self, path: &'static str, json: &'static str) -> Self {
        Self { method: "POST", path, json, ..self }
    }

    const fn method(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    const fn key(self, key: &'static str) -> Self {
        Self { key, ..self }
    }

    const fn at_grpc(self, message: &'static str) -> Self {
        Self { at_grpc: Some(message), ..self }
    }
}

#[tokio::test]
async fn the_same_on_both_wires() {
    let product = Product::start().await;
    for row in &ROWS {
        let Row { status, kind, message, path, .. } = *row;
        let at = format!("{} {path} with {:?}", row.method, row.key);
        let response = product.request(row.method, path, row.key, row.json).await;
        assert_http(&response, status, kind, message, &at);

        let (answers, error) = product.call(row.args).await;
        assert_eq!(answers, [] as [Value; 0], "{at}");
        assert_grpc(&error.expect(&at), row.code, kind, row.at_grpc.unwrap_or(message), &at);
    }
    product.stop().await;
}

/// The limit is one for both wires.
#[tokio::test]
async fn too_many_calls() {
    let product = Product::start().await;
    let message = "This API key may make 2 calls a minute. Reduce the frequency of requests.";
    let call = || product.request("GET", "/v1/tasks/tsk_1", "key_trial", "");
    assert_eq!(call().await.status(), StatusCode::OK);
    let (answers, error) = product.call(["get-task", "tsk_1", "--key", "key_trial"]).await;
    assert_eq!((answers.len(), error), (1, None));

    let refused = call().await;
    assert_http(&refused, 429, "rate_limited", message, "the third call");
    let delay: u64 = refused.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&delay), "{delay}");

    let error = product.call(["get-task", "tsk_1", "--key", "key_trial"]).await.1.unwrap();
    assert_grpc(&error, ("RESOURCE_EXHAUSTED", 8), "rate_limited", message, "the fourth call");
    assert!(error.retry_after().is_some_and(|delay| (1..=60).contains(&delay.as_secs())), "{error:?}");
    assert_eq!(error.metadata()["limit"], "2");
    product.stop().await;
}

/// All statuses of the API reference are in the table or in `too_many_calls`.
#[test]
fn no_status_is_left_out() {
    for status in [400, 401, 402, 403, 404, 405, 408, 500, 502, 503] {
        assert!(ROWS.iter().any(|row| row.status == status), "{status}");
    }
    let reference = [
        "token_missing",
        "token_invalid",
        "project_required",
        "request_invalid",
        "url_required",
        "format_unsupported",
        "task_not_found",
        "run_not_found",
        "automation_not_found",
        "payment_required",
        "internal_error",
    ];
    for kind in reference {
        assert!(ROWS.iter().any(|row| row.kind == kind), "{kind}");
    }
}

#[track_caller]
fn assert_http(response: &Response<bytes::Bytes>, status: u16, kind: &str, message: &str, at: &str) {
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_else(|_| panic!("{at}: {response:?}"));
    assert_eq!(body, json!({"kind": kind, "message": message}), "{at}");
    assert_eq!(response.status(), status, "{at}");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json", "{at}");
    assert!(response.headers().keys().all(|name| !name.as_str().starts_with("grpc-")), "{at}: {response:?}");
    assert_eq!(response.headers().contains_key(header::WWW_AUTHENTICATE), status == 401, "{at}: {response:?}");
}

#[track_caller]
fn assert_grpc(error: &Error, (name, number): (&str, i32), kind: &str, message: &str, at: &str) {
    assert_eq!((error.code().name(), error.code().number()), (name, number), "{at}");
    assert_eq!(error.message(), message, "{at}");
    assert_eq!(error.kind().as_str(), kind, "{at}");
    let info = error.detail::<rpc::ErrorInfo>().expect(at);
    assert_eq!((info.reason, &*info.domain), (kind.to_ascii_uppercase(), "errwire.dev"), "{at}");
}
