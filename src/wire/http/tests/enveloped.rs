//! The common rest.

use super::{check, json, summary, with};

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
        (400, r#"{"errors":["a","b"]}"#, "Envelope? [] [] a; b"),
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
