//! Where the parts of an error were read: `Report::origins`.

use bytes::Bytes;
use errwire::{ReadOptions, Translator};
use http::HeaderMap;

const JSON: (&str, &str) = ("content-type", "application/json");

/// Kind, code, message, delay and violations, each empty if nothing was read.
fn origins(status: u32, fields: &[(&'static str, &'static str)], body: &str) -> [String; 5] {
    let headers: HeaderMap =
        fields.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    let body = Bytes::copy_from_slice(body.as_bytes());
    let (_, report) = Translator::default().read_http_with(status, &headers, &body, &ReadOptions::new()).unwrap();
    let origins = *report.origins.unwrap();
    [origins.kind, origins.code, origins.message, origins.delay, origins.violations]
        .map(|origin| origin.unwrap_or_default().into_owned())
}

/// The paths are those of the members in each body.
// docs/rules.md: R-READ-HTTP-8
#[test]
fn members_of_every_dialect() {
    let rows: [(u32, &str, [&str; 5]); 26] = [
        (404, r#"{"kind":"task_not_found","message":"M"}"#, ["kind", "", "message", "", ""]),
        (404, r#"{"error":{"kind":"task_not_found","message":"M"}}"#, ["error.kind", "", "error.message", "", ""]),
        (
            429,
            r#"{"kind":"rate_limited","message":"M","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}]}"#,
            ["kind", "", "message", "details", ""],
        ),
        (
            400,
            r##"{"type":"https://a.example/probs/bad-colour","title":"T","status":400,"detail":"D","errors":[{"detail":"x","pointer":"#/age"}]}"##,
            ["type", "", "detail", "", "errors"],
        ),
        (
            404,
            r#"{"error":{"code":404,"message":"M","status":"NOT_FOUND"}}"#,
            ["", "error.status", "error.message", "", ""],
        ),
        (
            400,
            r#"{"error":{"code":400,"message":"M","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"},{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"a","description":"b"}]}]}}"#,
            ["error.details", "error.status", "error.message", "", "error.details"],
        ),
        (
            403,
            r#"{"error":{"code":403,"message":"M","errors":[{"reason":"dailyLimitExceeded"}]}}"#,
            ["error.errors[0].reason", "", "error.message", "", ""],
        ),
        (404, r#"{"code":"not_found","message":"M"}"#, ["", "code", "message", "", ""]),
        (404, r#"{"code":5,"message":"M","details":[]}"#, ["", "code", "message", "", ""]),
        (
            404,
            r#"{"error":{"grpc_code":5,"http_code":404,"message":"M"}}"#,
            ["", "error.grpc_code", "error.message", "", ""],
        ),
        (404, r#"{"code":"bad_route","msg":"M"}"#, ["code", "code", "msg", "", ""]),
        (404, r#"{"code":404,"reason":"TASK_NOT_FOUND","message":"M"}"#, ["reason", "", "message", "", ""]),
        (400, r#"{"error":"invalid_grant","error_description":"M"}"#, ["error", "", "error_description", "", ""]),
        (
            400,
            r#"{"errors":[{"message":"M","extensions":{"code":"BAD_USER_INPUT"}}]}"#,
            ["errors[0].extensions.code", "", "errors[0].message", "", ""],
        ),
        (
            422,
            r#"{"errors":[{"status":"422","code":"too_short","title":"T","detail":"D","source":{"pointer":"/data/name"}}]}"#,
            ["errors[0].code", "", "errors[0].detail", "", "errors"],
        ),
        (
            404,
            r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"M","data":{"errorCode":"TASK_GONE"}}}"#,
            ["error.data.errorCode", "", "error.message", "", ""],
        ),
        // Slack, GitHub, Stripe, AWS, Discord, and a list as Salesforce writes it.
        (429, r#"{"ok":false,"error":"ratelimited","message":"M"}"#, ["error", "", "message", "", ""]),
        (
            422,
            r#"{"message":"Validation Failed","errors":[{"resource":"Issue","field":"title","code":"missing_field"}]}"#,
            ["", "", "message", "", "errors"],
        ),
        (
            402,
            r#"{"error":{"type":"card_error","code":"card_declined","message":"Your card was declined."}}"#,
            ["error.code", "", "error.message", "", ""],
        ),
        (400, r#"{"__type":"com.amazon#ValidationException","message":"M"}"#, ["__type", "", "message", "", ""]),
        (
            429,
            r#"{"message":"You are being rate limited.","retry_after":64.57,"global":false}"#,
            ["", "", "message", "retry_after", ""],
        ),
        (404, r#"[{"message":"M","errorCode":"NOT_HERE"}]"#, ["[0].errorCode", "", "[0].message", "", ""]),
        (404, r#"{"itemNotFound":{"message":"M","code":404}}"#, ["itemNotFound", "", "itemNotFound.message", "", ""]),
        (
            422,
            r#"{"detail":[{"loc":["body","name"],"msg":"Field required","type":"missing"}]}"#,
            ["", "", "detail", "", "detail"],
        ),
        (400, r#""M M""#, ["", "", "body", "", ""]),
        // A gateway's page: nothing in it is part of the error.
        (502, "<html><h1>502 Bad Gateway</h1></html>", ["", "", "", "", ""]),
    ];
    for (status, body, expected) in rows {
        assert_eq!(origins(status, &[JSON], body), expected, "{body}");
    }
}

// docs/rules.md: R-READ-HTTP-8
#[test]
fn header_fields() {
    let delayed = ("retry-after", "7");
    let ours = r#"{"kind":"rate_limited","message":"M"}"#;
    assert_eq!(origins(429, &[JSON, delayed], ours), ["kind", "", "message", "header retry-after", ""]);
    let precise = [JSON, ("x-ms-retry-after-ms", "70"), delayed];
    assert_eq!(origins(429, &precise, ours)[3], "header x-ms-retry-after-ms");
    // The body comes first, as it does where both name a delay.
    assert_eq!(origins(429, &[JSON, delayed], r#"{"message":"M","retry_after":1}"#)[3], "retry_after");
    let challenge = ("www-authenticate", r#"Bearer error="invalid_token", error_description="D""#);
    let from = "header www-authenticate";
    assert_eq!(origins(401, &[challenge], ""), [from, "", from, "", ""]);
    assert_eq!(origins(401, &[challenge, JSON], r#"{"message":"M"}"#), [from, "", "message", "", ""]);
    let aws = ("x-amzn-errortype", "ThrottlingException");
    assert_eq!(origins(429, &[aws, JSON], r#"{"message":"M"}"#), ["header x-amzn-errortype", "", "message", "", ""]);
}

// docs/rules.md: R-READ-HTTP-8
#[test]
fn fields_of_grpc() {
    // A google.rpc.Status with code 5, message "M" and an ErrorInfo with reason TASK_NOT_FOUND and domain errwire.dev.
    const DETAILS: &str =
        "CAUSAU0aSQoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLkVycm9ySW5mbxIdCg5UQVNLX05PVF9GT1VORBILZXJyd2lyZS5kZXY";
    let (status, details) = ("header grpc-status", "header grpc-status-details-bin");
    assert_eq!(
        origins(404, &[("grpc-status", "5"), ("grpc-message", "M")], ""),
        ["", status, "header grpc-message", "", ""]
    );
    assert_eq!(
        origins(404, &[("grpc-status", "5"), ("grpc-status-details-bin", DETAILS)], ""),
        [details, status, details, "", ""]
    );
    assert_eq!(origins(404, &[("grpc-status-details-bin", DETAILS)], ""), [details, details, details, "", ""]);
    // Armeria writes the message into the body.
    assert_eq!(
        origins(404, &[JSON, ("grpc-status", "5")], r#"{"grpc-code":"NOT_FOUND","code":5,"message":"M"}"#),
        ["", status, "message", "", ""]
    );
}
