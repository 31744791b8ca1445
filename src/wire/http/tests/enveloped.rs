//! The common rest, and what becomes of details and violations.

use super::{check, json, summary, with};
use crate::model::{
    Detail,
    rpc::{BadRequest, RetryInfo, bad_request::FieldViolation},
};

// docs/rules.md: R-GENERAL-1, R-GENERAL-3
#[test]
fn weak() {
    check(&[
        (502, r#"{"message":"m"}"#, "Envelope? [] [] m"),
        (
            404,
            r#"{"message":"no Route matched with those values","request_id":"r"}"#,
            "Envelope? [] [] no Route matched with those values ...",
        ),
        (404, r#"{"detail":"Not Found"}"#, "Envelope? [] [] Not Found"),
        (404, r#"{"error":"page not found"}"#, "Envelope? [] [] page not found"),
        (404, r#"{"error_msg":"404 Route Not Found"}"#, "Envelope? [] [] 404 Route Not Found"),
        (401, r#"{"statusCode":401,"message":"Access denied."}"#, "Envelope? [] [] Access denied."),
        (400, r#"{"statusCode":400,"message":["a","b"],"error":"Bad Request"}"#, "Envelope? [] [] a; b ..."),
        // Of several errors the first is the text, and the body stays for the others (R-GENERAL-3).
        (400, r#"{"errors":["a","b"]}"#, "Envelope? [] [] a ..."),
        (500, r#"{"error":{"message":"m"}}"#, "Envelope? [] [] m"),
        (500, r#"{"message":"m","kind":null}"#, "Envelope? [] [] m"),
        (500, r#"{"message":"m","kind":5}"#, "Envelope? [] [] m ..."),
    ]);
}

// docs/rules.md: R-GENERAL-2
#[test]
fn named() {
    check(&[
        (404, r#"{"code":"task_missing","message":"m"}"#, "Envelope [] [task_missing] m"),
        (404, r#"{"code":404,"message":"m"}"#, "Envelope? [] [] m"),
        (404, r#"{"code":10042,"message":"m"}"#, "Envelope? [] [] m ..."),
        (404, r#"{"code":"10042","type":"task_missing","message":"m"}"#, "Envelope [] [task_missing] m ..."),
        (404, r#"{"code":"NOT_FOUND","message":"m"}"#, "Envelope [NOT_FOUND] [] m"),
        (404, r#"{"code":"cancelled","message":"m"}"#, "Envelope [CANCELLED] [] m"),
        (404, r#"{"status":"NOT_FOUND","message":"m"}"#, "Envelope [NOT_FOUND] [] m"),
        (404, r#"{"type":"error","message":"m"}"#, "Envelope? [] [] m ..."),
        (404, r#"{"kind":"task_missing","error":"m"}"#, "Envelope [] [task_missing] m"),
        // https://www.django-rest-framework.org/api-guide/exceptions/
        (
            401,
            r#"{"detail":"Token is invalid","code":"token_not_valid"}"#,
            "Envelope [] [token_not_valid] Token is invalid",
        ),
        (404, r#"{"detail":{"code":"task_missing","message":"m"}}"#, "Envelope [] [task_missing] m"),
    ]);
}

#[test]
fn classes_of_exceptions_are_no_kinds() {
    check(&[
        (500, r#"{"message":"m","type":"java.lang.NullPointerException"}"#, "Envelope? [] [] m ..."),
        (500, r#"{"message":"m","type":"builtins.ValueError"}"#, "Envelope? [] [] m ..."),
        (500, r#"{"message":"m","exception":"Symfony\\Component\\NotFound"}"#, "Envelope? [] [] m ..."),
        (500, r#"{"errorMessage":"m","errorType":"ValueError","stackTrace":[]}"#, "Envelope? [] [] m ..."),
        (500, r#"{"error":{"message":"m","type":"App\\Exceptions\\Gone"}}"#, "Envelope? [] [] m ..."),
        (500, r#"{"message":"m","code":"Task.NotFound"}"#, "Envelope [] [Task.NotFound] m"),
    ]);
}

#[test]
fn vendors() {
    check(&[
        // https://docs.stripe.com/api/errors
        (
            402,
            r#"{"error":{"code":"card_declined","decline_code":"generic_decline","message":"Your card was declined.",
                "type":"card_error"}}"#,
            "Envelope [] [card_declined] Your card was declined. ...",
        ),
        (400, r#"{"error":{"type":"invalid_request_error","message":"m"}}"#, "Envelope [] [invalid_request_error] m"),
        // https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#handling-errors
        (
            404,
            r#"{"error":{"code":"ResourceNotFound","message":"No such resource.","target":null,"details":[]}}"#,
            "Envelope [] [ResourceNotFound] No such resource.",
        ),
        (
            400,
            r#"{"error":{"code":"BadArgument","message":"m","details":[{"code":"NullValue","target":"PhoneNumber"}]}}"#,
            "Envelope [] [BadArgument] m ...",
        ),
        // https://docs.anthropic.com/en/api/errors
        (
            404,
            r#"{"type":"error","error":{"type":"not_found_error","message":"m"}}"#,
            "Envelope [] [not_found_error] m ...",
        ),
        // https://platform.openai.com/docs/guides/error-codes
        (
            401,
            r#"{"error":{"message":"m","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#,
            "Envelope [] [invalid_api_key] m ...",
        ),
        // https://www.elastic.co/docs/api/doc/elasticsearch/
        (
            404,
            r#"{"error":{"root_cause":[],"type":"index_not_found_exception","reason":"no such index [x]"},"status":404}"#,
            "Envelope [] [index_not_found_exception] no such index [x]",
        ),
        // https://www.jsonrpc.org/specification#error_object
        (
            400,
            r#"{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}"#,
            "Jsonrpc [] [] Method not found ...",
        ),
        // https://developers.facebook.com/docs/graph-api/guides/error-handling
        (
            400,
            r#"{"error":{"message":"m","type":"OAuthException","code":10,"fbtrace_id":"x"}}"#,
            "Envelope? [] [] m ...",
        ),
        // https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
        (404, r#"[{"errorCode":"MALFORMED_ID","message":"m"}]"#, "Envelope [] [MALFORMED_ID] m"),
    ]);
}

// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
// docs/rules.md: R-GENERAL-4
#[test]
fn kubernetes() {
    check(&[
        (
            404,
            r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \"x\" not found",
                "reason":"NotFound","details":{"name":"x","kind":"pods"},"code":404}"#,
            "Envelope [] [NotFound] pods \"x\" not found ...",
        ),
        (
            500,
            r#"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"m","code":500}"#,
            "Envelope? [] [] m ...",
        ),
        (500, r#"{"kind":"Status","message":"m"}"#, "KindMessage [] [Status] m"),
    ]);
}

// https://docs.spring.io/spring-boot/reference/web/servlet.html#web.servlet.spring-mvc.error-handling
#[test]
fn spring() {
    check(&[
        (
            404,
            r#"{"timestamp":"2026-01-02T03:04:05.678+00:00","status":404,"error":"Not Found","path":"/tasks/1"}"#,
            "Envelope? [] [] Not Found ...",
        ),
        (
            500,
            r#"{"timestamp":1700000000000,"status":500,"error":"Internal Server Error",
                "exception":"java.lang.IllegalStateException","message":"No message available","path":"/x"}"#,
            "Envelope? [] [] No message available ...",
        ),
    ]);
    // Nothing in it is an identifier.
    assert_eq!(json(404, r#"{"timestamp":1,"status":404,"error":"Not Found"}"#).evidence, super::Evidence::Weak);
}

// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization
// docs/rules.md: R-DIALECT-2
#[test]
fn aws() {
    let amazon = |headers: &[_], body| summary(&with(400, headers, body));
    let declared = [("content-type", "application/x-amz-json-1.1")];
    let named = [("x-amzn-errortype", "FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/")];
    let rows = [
        (&declared[..], r#"{"__type":"com.amazon.coral#FooError","message":"m"}"#, "Envelope [] [FooError] m"),
        (&[], r#"{"__type":"FooError","Message":"m"}"#, "Envelope [] [FooError] m"),
        (&[], r#"{"__type":"aws.x#FooError:http://internal.amazon.com/#y"}"#, "Envelope [] [FooError] -"),
        (&named, r#"{"message":"m"}"#, "Envelope [] [FooError] m"),
        (&named, r#"{"message":"m","code":"Other"}"#, "Envelope [] [FooError] m ..."),
        (&named, r#"<x>"#, "Envelope [] [FooError] - ..."),
        (&named, "", "Envelope [] [FooError] -"),
        (&declared, r#"{"code":"FooError"}"#, "Envelope [] [FooError] -"),
    ];
    for (headers, body, expected) in rows {
        assert_eq!(amazon(headers, body), expected, "{body}");
    }
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
