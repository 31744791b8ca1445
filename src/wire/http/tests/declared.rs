//! One table for each dialect that a specification or a framework defines.

use super::{check, json, summary, with};
use crate::model::Detail;

// docs/rules.md: R-DIALECT-1
#[test]
fn kind_message() {
    check(&[
        (404, r#"{"kind":"task_not_found","message":"No task."}"#, "KindMessage [] [task_not_found] No task."),
        (404, r#" {"message":"No task.","kind":"Task.NotFound"} "#, "KindMessage [] [Task.NotFound] No task."),
        (404, r#"{"kind":"a\u0062c","message":"line\nline"}"#, "KindMessage [] [abc] line\nline"),
        (404, r#"{"kind":"task_not_found","message":""}"#, "KindMessage [] [task_not_found] "),
        (404, r#"{"kind":"not_found","message":"m"}"#, "KindMessage [] [not_found] m"),
        (404, r#"{"kind":"task_not_found","message":"m","details":[]}"#, "KindMessage [] [task_not_found] m"),
        (404, r#"{"kind":"task_not_found","message":"m","request_id":"r"}"#, "KindMessage [] [task_not_found] m ..."),
        (404, r#"{"error":{"kind":"task_not_found","message":"m"}}"#, "KindMessage [] [task_not_found] m"),
        (404, r#"{"error":{"kind":"task_not_found","message":"m","x":1}}"#, "KindMessage [] [task_not_found] m ..."),
    ]);
    let reading = json(400, r#"{"kind":"k_k","message":"m","details":[{"@type":"a/b.C","x":[1,null]},{"y":1}]}"#);
    assert_eq!(reading.json_details, [serde_json::json!({"@type":"a/b.C","x":[1,null]})]);
    assert_eq!(summary(&reading), "KindMessage [] [k_k] m ...");
}

// https://www.rfc-editor.org/rfc/rfc9457#section-3
// docs/rules.md: R-DIALECT-1, R-DIALECT-2
#[test]
fn problem() {
    let declared = |status, body| summary(&with(status, &[("content-type", "application/problem+json")], body));
    let rows = [
        (
            403,
            r#"{"type":"https://example.com/probs/out-of-credit","title":"You do not have enough credit.",
                "detail":"Your current balance is 30, but that costs 50.","instance":"/account/12345/msgs/abc",
                "balance":30,"accounts":["/account/12345","/account/67890"]}"#,
            "Problem [] [out-of-credit] Your current balance is 30, but that costs 50. ...",
        ),
        (404, r#"{"type":"about:blank","title":"Not Found","status":404}"#, "Problem [] [] Not Found"),
        (404, r#"{"type":"about:blank","title":"Not Found","status":410}"#, "Problem [] [] Not Found ..."),
        (404, r#"{"title":"Not Found","status":404,"detail":"No task."}"#, "Problem [] [] No task. ..."),
        (
            404,
            r#"{"code":"task_missing","type":"https://a.example/x","detail":"d"}"#,
            "Problem [] [task_missing] d ...",
        ),
        (404, r#"{"code":"NOT_FOUND","detail":"d"}"#, "Problem [NOT_FOUND] [] d"),
        // https://learn.microsoft.com/aspnet/core/web-api/handle-errors
        (
            404,
            r#"{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.5","title":"Not Found","status":404,
                "traceId":"00-0623-00"}"#,
            "Problem [] [] Not Found ...",
        ),
        // https://www.rfc-editor.org/rfc/rfc8555#section-6.7
        (
            400,
            r#"{"type":"urn:ietf:params:acme:error:badNonce","detail":"JWS has an invalid anti-replay nonce"}"#,
            "Problem [] [badNonce] JWS has an invalid anti-replay nonce ...",
        ),
        (500, r#"{"kind":"task_stuck","message":"m"}"#, "Problem [] [task_stuck] m"),
        (500, r#"{}"#, "Problem [] [] -"),
    ];
    for (status, body, expected) in rows {
        assert_eq!(declared(status, body), expected, "{body}");
    }
    check(&[
        (
            404,
            r#"{"type":"/errors/task-missing","title":"T","status":404,"detail":"d"}"#,
            "Problem [] [task-missing] d ...",
        ),
        (404, r#"{"type":"about:blank","status":404,"detail":"d"}"#, "Problem [] [] d"),
    ]);
}

#[test]
fn problem_types_that_name_no_kind() {
    let named = |uri: &str| json(404, &format!(r#"{{"type":"{uri}","title":"t"}}"#)).kind.map(|kind| kind.to_string());
    let rows = [
        ("about:blank", None),
        ("https://tools.ietf.org/html/rfc7231#section-6.5.4", None),
        ("https://datatracker.ietf.org/doc/html/rfc9110", None),
        ("http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html", None),
        ("https://www.rfc-editor.org/rfc/rfc9110", None),
        ("https://www.iana.org/assignments/http-problem-types#quota-exceeded", None),
        ("https://httpwg.org/specs/rfc9110.html#status.404", None),
        ("https://example.com", None),
        ("https://example.com/", None),
        ("https://httpstatuses.io/404", None),
        ("https://notietf.org/probs/some-thing", Some("some-thing")),
        // A folder is about many errors: Mailchimp has `error-glossary/` on all of them.
        ("https://example.com/probs/out-of-credit/", None),
        ("https://example.com/probs/out-of-credit?x=/y#/z", Some("out-of-credit")),
        ("https://example.com/errors#out-of-credit", Some("out-of-credit")),
        ("https://example.com/errors.html", None),
        ("tag:example@example.org,2021-09-17:OutOfLuck", Some("OutOfLuck")),
        ("out-of-credit", Some("out-of-credit")),
        ("https://example.com/probs/not_found", None),
        ("", None),
    ];
    for (uri, expected) in rows {
        assert_eq!(named(uri).as_deref(), expected, "{uri}");
    }
}

// https://google.aip.dev/193#http11json-representation
#[test]
fn google() {
    check(&[
        (
            404,
            r#"{"error":{"code":404,"message":"No task.","status":"NOT_FOUND","details":[
                {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"TASK_GONE","domain":"a.example"}]}}"#,
            "Google [NOT_FOUND] [TASK_GONE] No task.",
        ),
        (404, r#"{"error":{"code":404,"message":"No task.","status":"NOT_FOUND"}}"#, "Google [NOT_FOUND] [] No task."),
        (404, r#"[{"error":{"code":404,"message":"m","status":"NOT_FOUND"}}]"#, "Google [NOT_FOUND] [] m"),
        (404, r#"{"error":{"code":403,"message":"m","status":"NOT_FOUND"}}"#, "Google [NOT_FOUND] [] m ..."),
        // https://developers.google.com/workspace/drive/api/guides/handle-errors
        (
            403,
            r#"{"error":{"errors":[{"domain":"usageLimits","reason":"dailyLimitExceeded","message":"Daily Limit Exceeded"}],
                "code":403,"message":"Daily Limit Exceeded"}}"#,
            "Google [] [dailyLimitExceeded] Daily Limit Exceeded ...",
        ),
        // The reason wins over the older list, and a reason that is none names nothing.
        (
            403,
            r#"{"error":{"code":403,"message":"m","status":"PERMISSION_DENIED","errors":[{"reason":"forbidden"}],"details":[
                {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"not one"},
                {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED"}]}}"#,
            "Google [PERMISSION_DENIED] [SERVICE_DISABLED] m ...",
        ),
        (
            403,
            r#"{"error":{"code":403,"message":"m","status":"PERMISSION_DENIED","details":[{"x":1}]}}"#,
            "Google [PERMISSION_DENIED] [] m ...",
        ),
    ]);
}

// https://connectrpc.com/docs/protocol#error-end-stream
#[test]
fn connect() {
    check(&[
        (404, r#"{"code":"not_found","message":"No task."}"#, "Connect [NOT_FOUND] [] No task."),
        (499, r#"{"code":"canceled"}"#, "Connect [CANCELLED] [] -"),
        (503, r#"{"code":"unavailable","message":null}"#, "Connect [UNAVAILABLE] [] -"),
        (503, r#"{"code":"unavailable","message":"","details":[]}"#, "Connect [UNAVAILABLE] [] -"),
        (503, r#"{"code":"unavailable","message":"m","extra":1}"#, "Connect [UNAVAILABLE] [] m ..."),
        (
            400,
            r#"{"code":"internal","message":"m","details":[{"type":"a.B","value":"!"}]}"#,
            "Connect [INTERNAL] [] m ...",
        ),
    ]);
}

// https://grpc-ecosystem.github.io/grpc-gateway/docs/mapping/customizing_your_gateway/
#[test]
fn grpc_gateway() {
    check(&[
        (404, r#"{"code":5,"message":"Not Found","details":[]}"#, "GrpcGateway [NOT_FOUND] [] Not Found"),
        (
            404,
            r#"{"error":"Not Found","code":5,"message":"Not Found","details":[]}"#,
            "GrpcGateway [NOT_FOUND] [] Not Found",
        ),
        (404, r#"{"error":"other","code":5,"message":"m"}"#, "GrpcGateway [NOT_FOUND] [] m ..."),
        (404, r#"{"error":"Not Found","code":5}"#, "GrpcGateway [NOT_FOUND] [] Not Found"),
        (404, r#"{"code":5,"details":[]}"#, "GrpcGateway [NOT_FOUND] [] -"),
        (500, r#"{"error":{"code":13,"message":"m","details":[]}}"#, "GrpcGateway [INTERNAL] [] m"),
        (
            429,
            r#"{"code":8,"message":"m","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"TOO_FAST"}]}"#,
            "GrpcGateway [RESOURCE_EXHAUSTED] [TOO_FAST] m",
        ),
    ]);
}

// https://twitchtv.github.io/twirp/docs/spec_v7.html#error-codes
#[test]
fn twirp() {
    check(&[
        (404, r#"{"code":"not_found","msg":"No hat."}"#, "Twirp [NOT_FOUND] [] No hat."),
        (400, r#"{"code":"malformed","msg":"m"}"#, "Twirp [INVALID_ARGUMENT] [malformed] m"),
        (
            404,
            r#"{"code":"bad_route","msg":"no handler for path"}"#,
            "Twirp [UNIMPLEMENTED] [bad_route] no handler for path",
        ),
        (500, r#"{"code":"dataloss","msg":"m"}"#, "Twirp [DATA_LOSS] [] m"),
        (500, r#"{"code":"internal","msg":"","meta":{}}"#, "Twirp [INTERNAL] [] -"),
        (500, r#"{"code":"internal","msg":"m","meta":{"n":1}}"#, "Twirp [INTERNAL] [] m ..."),
    ]);
    let reading = json(400, r#"{"code":"invalid_argument","msg":"m","meta":{"argument":"inches","cause":"c"}}"#);
    assert_eq!(reading.metadata, [("argument".into(), "inches".into()), ("cause".into(), "c".into())]);
    assert!(reading.complete);
}

// https://go-kratos.dev/docs/component/errors/
#[test]
fn kratos() {
    check(&[
        (404, r#"{"code":404,"reason":"USER_NOT_FOUND","message":"m","metadata":{}}"#, "Kratos [] [USER_NOT_FOUND] m"),
        (404, r#"{"code":404,"reason":"NOT_FOUND","message":"m"}"#, "Kratos [] [NOT_FOUND] m"),
        (500, r#"{"code":500,"reason":"","message":"m","metadata":null}"#, "Kratos [] [] m"),
        (500, r#"{"code":503,"reason":"R_R","message":"m"}"#, "Kratos [] [R_R] m ..."),
    ]);
    let reading = json(404, r#"{"code":404,"reason":"R_R","message":"m","metadata":{"id":"7"}}"#);
    assert_eq!(reading.metadata, [("id".into(), "7".into())]);
    assert!(reading.complete);
}

// https://www.rfc-editor.org/rfc/rfc6749#section-5.2
#[test]
fn oauth2() {
    check(&[
        (400, r#"{"error":"invalid_request"}"#, "Oauth2 [] [invalid_request] -"),
        (401, r#"{"error":"invalid_token","error_description":"Expired."}"#, "Oauth2 [] [invalid_token] Expired."),
        (400, r#"{"error":"slow_down","error_description":"Wait."}"#, "Oauth2 [] [slow_down] Wait."),
        (400, r#"{"error":"invalid_grant","error_uri":"https://a.example"}"#, "Oauth2 [] [invalid_grant] - ..."),
        (503, r#"{"error":"unavailable","error_description":"Later."}"#, "Oauth2 [UNAVAILABLE] [] Later."),
        // Several words in one are an identifier (https://www.rfc-editor.org/rfc/rfc8628#section-3.5), a word may be a text.
        (400, r#"{"error":"slow_down"}"#, "Envelope [] [slow_down] -"),
        (400, r#"{"error":"slow"}"#, "Envelope? [] [] slow"),
        (400, r#"{"error":"not a token","error_description":"x"}"#, "Envelope? [] [] x ..."),
    ]);
}

// https://spec.graphql.org/October2021/#sec-Errors
#[test]
fn graphql() {
    check(&[
        (400, r#"{"errors":[{"message":"No field."}]}"#, "Graphql [] [] No field."),
        (
            400,
            r#"{"errors":[{"message":"m","locations":[{"line":6,"column":7}],"path":["hero",1,"name"],
                "extensions":{"code":"CAN_NOT_FETCH_BY_ID"}}],"data":null}"#,
            "Graphql [] [CAN_NOT_FETCH_BY_ID] m ...",
        ),
        (
            401,
            r#"{"errors":[{"message":"m","extensions":{"code":"UNAUTHENTICATED"}}]}"#,
            "Graphql [UNAUTHENTICATED] [] m",
        ),
        (401, r#"{"errors":[{"message":"m"},{"message":"n"}]}"#, "Graphql [] [] m ..."),
    ]);
    let headers = [("content-type", "application/graphql-response+json")];
    assert_eq!(summary(&with(400, &headers, r#"{"errors":[{"message":"m"}]}"#)), "Graphql [] [] m");
}

// https://jsonapi.org/examples/#error-objects
#[test]
fn json_api() {
    check(&[
        (
            422,
            r#"{"errors":[{"status":"422","source":{"pointer":"/data/attributes/firstName"},"title":"Invalid Attribute",
                "detail":"First name must contain at least two characters."}]}"#,
            "JsonApi [] [] First name must contain at least two characters. ...",
        ),
        (
            404,
            r#"{"jsonapi":{"version":"1.1"},"errors":[{"code":"gone_away","title":"Gone"}]}"#,
            "JsonApi [] [gone_away] Gone ...",
        ),
        (404, r#"{"errors":[{"status":"404","title":"Gone"}]}"#, "JsonApi [] [] Gone"),
        (400, r#"{"errors":[{"code":"123","source":{"pointer":""}}]}"#, "JsonApi [] [] - ..."),
    ]);
    let headers = [("content-type", "application/vnd.api+json")];
    assert_eq!(summary(&with(404, &headers, r#"{"errors":[{"detail":"d"}]}"#)), "JsonApi [] [] d");
}

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
