//! What becomes of details and violations.

use super::json;
use crate::model::{
    Detail,
    rpc::{BadRequest, RetryInfo, bad_request::FieldViolation},
};

#[test]
fn connect_details_keep_their_bytes() {
    // https://connectrpc.com/docs/protocol#error-end-stream
    let body = r#"{"code":"unauthenticated","message":"m","details":[
        {"type":"google.protobuf.Duration","value":"CAIQAw","debug":{"x":1}},
        {"type":"google.protobuf.Duration","value":"CAIQAw=="},
        {"type":"acme.example/a.B","value":""}]}"#;
    let reading = json(401, body);
    let expected = [
        Detail::new("type.googleapis.com/google.protobuf.Duration", vec![8, 2, 16, 3]),
        Detail::new("type.googleapis.com/google.protobuf.Duration", vec![8, 2, 16, 3]),
        Detail::new("acme.example/a.B", vec![]),
    ];
    assert_eq!(reading.details, expected);
    assert!(reading.complete);
    let broken =
        json(401, r#"{"code":"unauthenticated","details":[5,{"type":"a.B"},{"type":"a.B","value":"A"},{"value":""}]}"#);
    assert_eq!((broken.details.len(), broken.complete, broken.notes.len()), (0, false, 1));
}

#[track_caller]
fn check_violations(body: &str, expected: &[(&str, &str, &str)]) {
    let reading = json(422, body);
    let expected = expected.iter().map(|(field, description, reason)| FieldViolation {
        field: (*field).into(),
        description: (*description).into(),
        reason: (*reason).into(),
        ..FieldViolation::default()
    });
    assert_eq!(reading.details, [Detail::from(BadRequest { field_violations: expected.collect() })], "{body}");
}

// docs/rules.md: R-GENERAL-5
#[test]
fn violations() {
    // https://fastapi.tiangolo.com/tutorial/handling-errors/
    check_violations(
        r#"{"detail":[{"type":"int_parsing","loc":["path","item_id"],"msg":"Input should be a valid integer","input":"foo"},
            {"loc":["body","items",0,"price"],"msg":"m","type":"value_error.missing"}]}"#,
        &[
            ("path.item_id", "Input should be a valid integer", "INT_PARSING"),
            ("body.items.0.price", "m", "VALUE_ERROR_MISSING"),
        ],
    );
    // https://laravel.com/docs/validation#validation-error-response-format
    check_violations(
        r#"{"message":"m","errors":{"team_name":["Must be a string.","Too short."],"authorization.role":["Invalid."]}}"#,
        &[
            ("team_name", "Must be a string.", ""),
            ("team_name", "Too short.", ""),
            ("authorization.role", "Invalid.", ""),
        ],
    );
    // https://www.django-rest-framework.org/api-guide/exceptions/
    check_violations(r#"{"name":["This field is required."]}"#, &[("name", "This field is required.", "")]);
    // https://jsonapi.org/examples/#error-objects-source-usage
    check_violations(
        r#"{"errors":[{"source":{"pointer":"/data/attributes/a~1b"},"detail":"d","code":"too_short"},{"title":"no field"},
            {"source":{"parameter":"include"},"title":"t"}]}"#,
        &[("data.attributes.a/b", "d", "TOO_SHORT"), ("include", "t", "")],
    );
    // https://www.rfc-editor.org/rfc/rfc9457#section-3
    check_violations(
        r##"{"type":"https://example.net/validation-error","title":"t",
            "errors":[{"detail":"must be a positive integer","pointer":"#/age"}]}"##,
        &[("age", "must be a positive integer", "")],
    );
    // https://www.rfc-editor.org/rfc/rfc7807#section-3
    check_violations(
        r#"{"title":"t","status":422,"invalid-params":[{"name":"age","reason":"must be a positive integer"}]}"#,
        &[("age", "must be a positive integer", "")],
    );
    // https://docs.spring.io/spring-boot/api/java/org/springframework/boot/web/error/ErrorAttributeOptions.html
    check_violations(
        r#"{"timestamp":1,"status":422,"error":"e","errors":[{"field":"age","defaultMessage":"d","code":"Min"}]}"#,
        &[("age", "d", "MIN")],
    );
    // https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
    check_violations(
        r#"{"message":"m","errors":[{"resource":"Issue","field":"title","code":"missing_field"}]}"#,
        &[("title", "", "MISSING_FIELD")],
    );
    // https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
    check_violations(
        r#"{"kind":"Status","apiVersion":"v1","message":"m","details":{"causes":[
            {"reason":"FieldValueRequired","message":"Required value","field":"spec.name"}]}}"#,
        &[("spec.name", "Required value", "FIELD_VALUE_REQUIRED")],
    );
}

#[test]
fn only_a_detail_in_full_is_complete() {
    let rows = [
        (r#"{"message":"m","errors":{"a":["b"]}}"#, true),
        (r#"{"message":"m","errors":{"a":"b"}}"#, true),
        (r#"{"message":"m","errors":{"a":["b"],"c":5}}"#, false),
        (r#"{"detail":[{"loc":["a"],"msg":"m","type":"missing"}]}"#, false),
    ];
    for (body, expected) in rows {
        let reading = json(422, body);
        assert_eq!((reading.details.len(), reading.complete), (1, expected), "{body}");
    }
}

#[test]
fn members_that_are_not_violations() {
    for body in [
        r#"{"detail":{"foo":"bar"}}"#,
        r#"{"message":"m","errors":[{"name":"x"}]}"#,
        r#"{"message":"m","errors":{"a":{"b":1}}}"#,
        r#"{"message":"m","errors":5}"#,
    ] {
        assert_eq!(json(422, body).details, [], "{body}");
    }
    assert_eq!(
        json(404, r#"{"name":["This field is required."]}"#).evidence,
        super::Evidence::Weak,
        "no list of violations"
    );
}

#[test]
fn kubernetes_retry_after_seconds() {
    let body = r#"{"kind":"Status","apiVersion":"v1","message":"m","reason":"TooManyRequests","details":{"retryAfterSeconds":7}}"#;
    let retry_delay = Some(prost_types::Duration { seconds: 7, nanos: 0 });
    assert_eq!(json(429, body).details, [Detail::from(RetryInfo { retry_delay })]);
}
