//! Whole messages of the service.

use std::error::Error;

use prost::Message;
use serde_json::{Value as Json, json};

use super::super::Registry;
use crate::model::rpc;

fn there_and_back(full_name: &str, json: Json) {
    let registry = Registry::default();
    let bytes = registry.message_from_json(full_name, &json.to_string()).unwrap();
    assert_eq!(registry.message_to_json(full_name, &bytes).unwrap(), json, "{full_name}");
    assert_eq!(registry.message_from_value(full_name, &json).unwrap(), bytes, "{full_name}");
}

// docs/rules.md: R-BODY-4
#[test]
fn details_are_lenient_at_any_depth() {
    let details = json!([
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "A", "metadata": {"b": "2", "a": "1"}},
        {"@type": "type.googleapis.com/acme.Widget", "value": "CAE="},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "value": "/w=="},
    ]);
    there_and_back(
        "errwire.v1.TranslateRequest",
        json!({
            "id": "1",
            "grpcToHttp": {
                "status": {"code": 5, "message": "gone", "details": details},
                "options": {"audience": "AUDIENCE_PUBLIC", "includeDetails": true},
            },
        }),
    );
    there_and_back(
        "errwire.v1.GrpcToHttpResponse",
        json!({
            "response": {"status": 404, "headers": [{"name": "allow", "value": "GET"}], "text": ""},
            "error": {"kind": "not_found", "code": "NOT_FOUND", "status": 404, "details": details},
            "report": {"dialect": "DIALECT_KIND_MESSAGE", "trimmed": ["DebugInfo"], "mismatch": true},
        }),
    );
}

#[test]
fn both_spellings_and_numbers_are_read() {
    let registry = Registry::default();
    let read = |json| registry.message_from_json("errwire.v1.GrpcToHttpRequest", json).unwrap();
    let camel =
        r#"{"trailers": {"grpcStatus": "5"}, "options": {"acceptLanguage": "de", "dialect": "DIALECT_PROBLEM"}}"#;
    let proto = r#"{"trailers": {"grpc_status": "5"}, "options": {"accept_language": "de", "dialect": 2}}"#;
    assert_eq!(read(camel), read(proto));
    // `null` is the default: https://protobuf.dev/programming-guides/json/#null-values
    assert_eq!(read(r#"{"status": null, "trailers": {}, "options": null}"#), read(r#"{"trailers": {}}"#));
}

#[test]
fn encoding_is_that_of_the_generated_code() {
    let json =
        r#"{"@type": "google.rpc.ErrorInfo", "metadata": {"c": "3", "a": "1", "d": "", "b": "2"}, "reason": "A"}"#;
    let metadata = [("a", "1"), ("b", "2"), ("c", "3"), ("d", "")];
    let info = rpc::ErrorInfo {
        reason: "A".into(),
        metadata: metadata.map(|(name, value)| (name.into(), value.into())).into(),
        ..Default::default()
    };
    let detail = Registry::default().detail_from_json(&serde_json::from_str(json).unwrap()).unwrap();
    assert_eq!(*detail.value(), info.encode_to_vec());
}

#[test]
fn errors_say_where_and_what() {
    let rows = [
        (
            "unknown field",
            r#"{"response": {"headers": [{}, {}, {"nme": "a"}]}}"#,
            "response.headers[2].nme: unknown field; the fields of errwire.v1.Header are name, value",
        ),
        (
            "wrong type",
            r#"{"response": {"headers": [{"value": 1}]}}"#,
            "response.headers[0].value: expected a string, not a number",
        ),
        ("array wanted", r#"{"response": {"headers": {}}}"#, "response.headers: expected an array, not an object"),
        ("item is null", r#"{"response": {"headers": [null]}}"#, "response.headers[0]: expected an object, not null"),
        ("object wanted", r#"{"response": []}"#, "response: expected an object, not an array"),
        ("top", "[]", "expected an object, not an array"),
        ("range", r#"{"response": {"status": -1}}"#, "response.status: the number is out of the range of the field"),
        ("fraction", r#"{"response": {"status": 1.5}}"#, "response.status: the number is not whole"),
        ("base64", r#"{"response": {"raw": "*"}}"#, "response.raw: the text is not base64"),
        (
            "enum",
            r#"{"options": {"table": "ORIGIN"}}"#,
            "options.table: \"ORIGIN\" is not a value of errwire.v1.Table; it is one of TABLE_UNSPECIFIED, TABLE_AUTO, \
             TABLE_ORIGIN, TABLE_INTERMEDIARY",
        ),
        (
            "oneof",
            r#"{"response": {}, "error": {}}"#,
            // Members are read in the order of their names.
            "response: only one of \"error\" and \"response\" may be given",
        ),
        (
            "two spellings",
            r#"{"error": {"details": [{"@type": "google.rpc.RetryInfo", "retryDelay": "1s", "retry_delay": "1s"}]}}"#,
            "error.details[0].retry_delay: the field is given twice",
        ),
        (
            "detail",
            r#"{"error": {"details": [{"@type": "google.rpc.ErrorInfo", "metadata": {"a": 1}}]}}"#,
            "error.details[0].metadata[\"a\"]: expected a string, not a number",
        ),
        ("not JSON", "{\"error\": \n }", "malformed JSON at line 2, column 2"),
        ("cut off", "{", "malformed JSON at line 1, column 1"),
        ("rest", "{} {}", "malformed JSON at line 1, column 4"),
        ("one name twice", r#"{"error": {}, "error": {}}"#, "malformed JSON at line 1, column 21"),
    ];
    for (name, json, message) in rows {
        let error = Registry::default().message_from_json("errwire.v1.HttpToGrpcRequest", json).unwrap_err();
        assert_eq!(error.to_string(), message, "{name}");
    }
    let error =
        Registry::default().message_from_json("errwire.v1.Header", r#"{"name": "a", "name": "b"}"#).unwrap_err();
    assert!(error.source().unwrap().to_string().starts_with("the member \"name\" is given twice"));
    let error = Registry::default().message_from_json("acme.Widget", "{}").unwrap_err();
    assert_eq!(error.to_string(), "the message type acme.Widget is not registered");
    let error = Registry::default().message_to_json("errwire.v1.Header", b"\xff").unwrap_err();
    assert_eq!(error.to_string(), "the bytes are not a valid errwire.v1.Header");
}

#[test]
fn quoted_input_is_short_and_escaped() {
    let json = json!({"\r\n\u{1b}[31m".repeat(1_000): 1});
    let error = Registry::default().message_from_value("errwire.v1.Header", &json).unwrap_err();
    let text = error.to_string();
    assert!(text.len() < 1_000 && !text.contains(['\r', '\n', '\u{1b}']), "{text}");
}

#[test]
fn deep_text_is_refused() {
    let text = format!("{}{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    assert!(Registry::default().message_from_json("errwire.v1.Header", &text).is_err());
}
