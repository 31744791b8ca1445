//! Bodies of each dialect, through the translator: docs/rules.md, R-DIALECT-1 and R-DIALECT-2, and the documents of each dialect.

use bytes::Bytes;
use errwire::{Code, Dialect, Error, ReadOptions, Report, Translator, rpc};
use http::{HeaderMap, HeaderName, HeaderValue};

const JSON: (&str, &str) = ("content-type", "application/json");
const PROBLEM: (&str, &str) = ("content-type", "application/problem+json");

fn read(status: u32, fields: &[(&'static str, &'static str)], body: &str) -> (Error, Report) {
    let field =
        |(name, value): &(&'static str, &'static str)| (HeaderName::from_static(name), HeaderValue::from_static(value));
    let fields: HeaderMap = fields.iter().map(field).collect();
    let body = Bytes::copy_from_slice(body.as_bytes());
    Translator::default().read_http_with(status, &fields, &body, &ReadOptions::new()).unwrap()
}

#[test]
fn each_dialect_is_recognised_and_names_the_kind() {
    use Code::{Aborted, FailedPrecondition, Internal, InvalidArgument, NotFound, PermissionDenied, Unauthenticated};
    let rows = [
        (404, JSON, Dialect::KindMessage, r#"{"kind":"task_not_found","message":"M"}"#, "task_not_found", NotFound),
        (
            404,
            JSON,
            Dialect::KindMessage,
            r#"{"error":{"kind":"task_not_found","message":"M"}}"#,
            "task_not_found",
            NotFound,
        ),
        // RFC 9457, section 3.
        (
            403,
            PROBLEM,
            Dialect::Problem,
            r#"{"type":"https://example.com/probs/out-of-credit","title":"You do not have enough credit.","detail":"M","instance":"/account/12345/msgs/abc"}"#,
            "out_of_credit",
            PermissionDenied,
        ),
        (
            403,
            JSON,
            Dialect::Problem,
            r#"{"type":"https://example.com/probs/out-of-credit","title":"T","status":403,"detail":"M"}"#,
            "out_of_credit",
            PermissionDenied,
        ),
        (
            403,
            PROBLEM,
            Dialect::Problem,
            r#"{"type":"https://example.com/probs/out-of-credit","title":"T","code":"no_credit","detail":"M"}"#,
            "no_credit",
            PermissionDenied,
        ),
        (
            404,
            PROBLEM,
            Dialect::Problem,
            r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"M"}"#,
            "not_found",
            NotFound,
        ),
        (
            404,
            PROBLEM,
            Dialect::Problem,
            r#"{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.5","title":"Not Found","status":404,"detail":"M"}"#,
            "not_found",
            NotFound,
        ),
        // AIP-193.
        (
            403,
            JSON,
            Dialect::Google,
            r#"{"error":{"code":403,"message":"M","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_DISABLED","domain":"googleapis.com","metadata":{"service":"pubsub.googleapis.com"}}]}}"#,
            "api_disabled",
            PermissionDenied,
        ),
        (
            403,
            JSON,
            Dialect::Google,
            r#"{"error":{"code":403,"message":"M","errors":[{"domain":"usageLimits","reason":"rateLimitExceeded","message":"M"}]}}"#,
            "rate_limit_exceeded",
            PermissionDenied,
        ),
        (
            404,
            JSON,
            Dialect::Google,
            r#"{"error":{"code":404,"message":"M","status":"NOT_FOUND"}}"#,
            "not_found",
            NotFound,
        ),
        // https://connectrpc.com/docs/protocol#error-end-stream
        (409, JSON, Dialect::Connect, r#"{"code":"aborted","message":"M","details":[]}"#, "conflict", Aborted),
        (
            503,
            JSON,
            Dialect::Connect,
            r#"{"code":"not_found","message":"M","details":[{"type":"google.rpc.RetryInfo","value":"CgIIPA"}]}"#,
            "not_found",
            NotFound,
        ),
        // https://grpc-ecosystem.github.io/grpc-gateway/docs/mapping/customizing_your_gateway/
        (404, JSON, Dialect::GrpcGateway, r#"{"code":5,"message":"M","details":[]}"#, "not_found", NotFound),
        (
            404,
            JSON,
            Dialect::GrpcGateway,
            r#"{"code":5,"message":"M","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SHELF_MISSING","domain":"lib.example"}]}"#,
            "shelf_missing",
            NotFound,
        ),
        // https://twitchtv.github.io/twirp/docs/spec_v7.html#error-codes
        (
            403,
            JSON,
            Dialect::Twirp,
            r#"{"code":"permission_denied","msg":"M","meta":{"a":"b"}}"#,
            "permission_denied",
            PermissionDenied,
        ),
        (
            404,
            JSON,
            Dialect::Kratos,
            r#"{"code":404,"reason":"USER_NOT_FOUND","message":"M","metadata":{"id":"1"}}"#,
            "user_not_found",
            NotFound,
        ),
        // RFC 6750, section 3.1.
        (
            401,
            JSON,
            Dialect::Oauth2,
            r#"{"error":"invalid_token","error_description":"M"}"#,
            "invalid_token",
            Unauthenticated,
        ),
        (
            400,
            JSON,
            Dialect::Graphql,
            r#"{"errors":[{"message":"M","extensions":{"code":"BAD_USER_INPUT"}}]}"#,
            "bad_user_input",
            InvalidArgument,
        ),
        (
            400,
            JSON,
            Dialect::Graphql,
            r#"{"errors":[{"message":"M","extensions":{"code":"UNAUTHENTICATED"}}]}"#,
            "unauthenticated",
            Unauthenticated,
        ),
        // https://jsonapi.org/format/#error-objects
        (
            409,
            JSON,
            Dialect::JsonApi,
            r#"{"errors":[{"status":"409","code":"name-taken","title":"T","detail":"M"}]}"#,
            "name_taken",
            Aborted,
        ),
        (
            404,
            JSON,
            Dialect::Envelope,
            r#"{"error":{"type":"invalid_request_error","code":"resource_missing","message":"M"}}"#,
            "resource_missing",
            NotFound,
        ),
        (
            402,
            JSON,
            Dialect::Envelope,
            r#"{"error":{"type":"card_error","message":"M"}}"#,
            "card_error",
            FailedPrecondition,
        ),
        (404, JSON, Dialect::Envelope, r#"{"code":"ShelfMissing","message":"M"}"#, "shelf_missing", NotFound),
        // https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization
        (
            400,
            JSON,
            Dialect::Envelope,
            r#"{"__type":"com.amazonaws.dynamodb.v20120810#TableMissingError:http://x.example/","message":"M"}"#,
            "table_missing_error",
            InvalidArgument,
        ),
        // https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
        (
            409,
            JSON,
            Dialect::Envelope,
            r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"M","reason":"AlreadyExists","code":409}"#,
            "already_exists",
            Code::AlreadyExists,
        ),
        // https://docs.spring.io/spring-boot/api/java/org/springframework/boot/web/servlet/error/DefaultErrorAttributes.html
        (
            500,
            JSON,
            Dialect::Envelope,
            r#"{"timestamp":"2026-01-01T00:00:00Z","status":500,"error":"Internal Server Error","exception":"java.lang.IllegalStateException","message":"M","path":"/a"}"#,
            "internal_error",
            Internal,
        ),
    ];
    for (status, content_type, dialect, body, kind, code) in rows {
        let (error, report) = read(status, &[content_type], body);
        assert_eq!((error.kind().as_str(), error.code()), (kind, code), "{body}");
        assert_eq!((u32::from(error.status().as_u16()), &*error.message()), (status, "M"), "{body}");
        assert_eq!(report.dialect, Some(dialect), "{body}");
    }
}

#[test]
fn an_aws_header_names_the_kind() {
    let fields = [JSON, ("x-amzn-errortype", "ThrottledError:http://internal.amazon.com/coral/")];
    let (error, _) = read(400, &fields, r#"{"message":"M"}"#);
    assert_eq!((error.kind().as_str(), &*error.message()), ("throttled_error", "M"));
}

#[test]
fn a_bearer_challenge_names_the_kind() {
    // RFC 6750, section 3.
    let challenge = r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#;
    let (error, _) = read(401, &[("www-authenticate", challenge)], "");
    assert_eq!((error.kind().as_str(), error.code()), ("invalid_token", Code::Unauthenticated));
    assert_eq!(error.message(), "The access token expired");
}

#[test]
fn a_code_name_states_a_code_and_never_a_kind() {
    for (body, kind, code) in [
        (r#"{"error":{"code":"canceled","message":"M"}}"#, "request_cancelled", Code::Cancelled),
        (r#"{"error":{"code":"NOT_FOUND","message":"M"}}"#, "not_found", Code::NotFound),
        (r#"{"error":{"type":"unavailable","message":"M"}}"#, "service_unavailable", Code::Unavailable),
        (r#"{"code":"DATA_LOSS","message":"M"}"#, "data_loss", Code::DataLoss),
    ] {
        let (error, _) = read(418, &[JSON], body);
        assert_eq!((error.kind().as_str(), error.code(), error.status().as_u16()), (kind, code, 418), "{body}");
    }
}

#[test]
fn violations_become_a_bad_request() {
    let rows = [
        // https://fastapi.tiangolo.com/tutorial/handling-errors/
        (
            JSON,
            r#"{"detail":[{"loc":["body","url"],"msg":"field required","type":"value_error.missing"}]}"#,
            "field required",
        ),
        // https://laravel.com/docs/validation#validation-error-response-format
        (
            JSON,
            r#"{"message":"The given data was invalid.","errors":{"url":["The url field is required."]}}"#,
            "The url field is required.",
        ),
        // https://www.django-rest-framework.org/api-guide/exceptions/
        (JSON, r#"{"url":["This field is required."]}"#, "This field is required."),
        // https://jsonapi.org/examples/#error-objects-source-usage
        (
            JSON,
            r#"{"errors":[{"status":"422","source":{"pointer":"/data/attributes/url"},"title":"Invalid","detail":"Must be set."}]}"#,
            "Must be set.",
        ),
        // RFC 9457, section 3.
        (
            PROBLEM,
            r##"{"type":"https://example.net/validation-error","title":"Your request is not valid.","errors":[{"detail":"must be set","pointer":"#/url"}]}"##,
            "must be set",
        ),
    ];
    for (content_type, body, description) in rows {
        let (error, _) = read(422, &[content_type], body);
        let violations = error.field_violations();
        assert_eq!(violations.len(), 1, "{body}");
        assert!(violations[0].field.ends_with("url"), "{:?} of {body}", violations[0].field);
        assert_eq!(violations[0].description, description, "{body}");
        assert_eq!((error.code(), error.status().as_u16()), (Code::InvalidArgument, 422), "{body}");
        let kind = if content_type == PROBLEM { "validation_error" } else { "unprocessable_content" };
        assert_eq!(error.kind(), kind, "{body}");
    }
}

#[test]
fn google_details_arrive_as_messages() {
    let body = r#"{"error":{"code":429,"message":"M","status":"RESOURCE_EXHAUSTED","details":[
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.5s"},
        {"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"d","url":"https://a.example"}]}]}}"#;
    let (error, _) = read(429, &[JSON], body);
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_millis(1_500)));
    let links = vec![rpc::help::Link { description: "d".into(), url: "https://a.example".into() }];
    assert_eq!(error.detail::<rpc::Help>(), Some(rpc::Help { links }));
    assert_eq!((error.kind().as_str(), error.code()), ("rate_limited", Code::ResourceExhausted));
}
