//! Bodies that more than one dialect could claim, and bodies that none may.

use super::{check, summary, with};

#[test]
fn one_dialect_wins() {
    check(&[
        // A code of an application is not a code of Connect, and no name of gRPC is a kind.
        (404, r#"{"code":"some_app_code","message":"m"}"#, "Envelope [] [some_app_code] m"),
        (404, r#"{"code":"not_found","message":"m"}"#, "Connect [NOT_FOUND] [] m"),
        (404, r#"{"code":"not_found","msg":"m"}"#, "Twirp [NOT_FOUND] [] m"),
        (404, r#"{"code":"some_app_code","msg":"m"}"#, "Envelope [] [some_app_code] m"),
        // Small numbers are gRPC's, those of HTTP Kratos's, but only with a reason.
        (404, r#"{"code":5,"reason":"R_R","message":"m"}"#, "GrpcGateway [NOT_FOUND] [] m ..."),
        (404, r#"{"code":404,"reason":"R_R","message":"m"}"#, "Kratos [] [R_R] m"),
        (404, r#"{"code":0,"message":"m"}"#, "Envelope? [] [] m ..."),
        (404, r#"{"code":17,"message":"m"}"#, "Envelope? [] [] m ..."),
        // `error` is a text, an identifier or an object.
        (401, r#"{"error":"invalid_token"}"#, "Oauth2 [] [invalid_token] -"),
        (401, r#"{"error":"Unauthorized"}"#, "Envelope? [] [] Unauthorized"),
        (404, r#"{"error":{"code":404,"message":"m"}}"#, "Envelope? [] [] m"),
        (404, r#"{"error":{"code":404,"message":"m","status":"Not Found"}}"#, "Envelope? [] [] m ..."),
        (404, r#"{"error":{"code":"NotFound","message":"m","status":404}}"#, "Envelope [] [NotFound] m"),
        (404, r#"{"error":{"code":"not_found","message":"m"}}"#, "Envelope [NOT_FOUND] [] m"),
        // A kind and a message decide.
        (404, r#"{"kind":"k_k","message":"m","code":"not_found"}"#, "KindMessage [] [k_k] m ..."),
        (404, r#"{"kind":"k_k","title":"t","status":404}"#, "Problem [] [k_k] t"),
        // `errors` next to a message only adds to it.
        (
            422,
            r#"{"message":"m","errors":[{"resource":"Issue","field":"title","code":"missing_field"}]}"#,
            "Envelope [] [] m ...",
        ),
        // Violations and no text: the first one's.
        (400, r#"{"errors":[{"message":"m","field":"f"}]}"#, "Envelope [] [] m ..."),
        (400, r#"{"errors":[{"message":"m","title":"t"}]}"#, "Graphql [] [] m ..."),
    ]);
}

/// JSON that no API is known to write costs the identifier and the text, never the code.
#[test]
fn what_is_not_understood_is_weak() {
    check(&[
        (404, "{}", "Envelope? [] [] -"),
        (404, r#""text""#, "Envelope? [] [] text"),
        (404, r#"{"data":{}}"#, "Envelope? [] [] -"),
        (404, r#"{"kind":null,"message":null}"#, "Envelope? [] [] -"),
        (404, r#"{"kind":["a"],"message":{}}"#, "Envelope? [] [] - ..."),
        (404, r#"{"error":{}}"#, "Envelope? [] [] -"),
        (404, r#"{"error":true}"#, "Envelope? [] [] - ..."),
        (404, r#"{"errors":[{}]}"#, "Envelope? [] [] - ..."),
        (404, r#"{"errors":[5]}"#, "Envelope? [] [] - ..."),
        (404, r#"{"id":1,"tags":["a"]}"#, "Envelope? [] [] - ..."),
        (404, r#"[{"message":"a"},{"message":"b"}]"#, "Envelope? [] [] a ..."),
        (404, r#"{"Fehler":"Feld fehlt","Nr":7}"#, "Envelope? [] [] Feld fehlt ..."),
        // An identifier alone is one.
        (404, r#"{"kind":"task_not_found"}"#, "Envelope [] [task_not_found] -"),
        (404, r#"{"code":"some_app_code"}"#, "Envelope [] [some_app_code] -"),
    ]);
}

#[test]
fn a_body_that_is_not_an_object_is_ignored() {
    for body in ["[]", "null", "5", r#"["task_not_found","No task."]"#] {
        let reading = super::json(404, body);
        assert_eq!((reading.evidence, reading.kind.as_deref()), (super::Evidence::None, None), "{body}");
        assert_eq!(reading.dialect, crate::wire::http::Dialect::Text, "{body}");
    }
}

#[test]
fn the_content_type_does_not_matter() {
    let body = r#"{"kind":"task_not_found","message":"m"}"#;
    let rows = [
        ("application/json; charset=utf-8", "KindMessage [] [task_not_found] m"),
        ("application/vnd.acme+json", "KindMessage [] [task_not_found] m"),
        // Bytes matter, labels do not.
        ("text/html", "KindMessage [] [task_not_found] m"),
        ("text/plain", "KindMessage [] [task_not_found] m"),
        ("application/octet-stream", "KindMessage [] [task_not_found] m"),
    ];
    for (media, expected) in rows {
        assert_eq!(summary(&with(404, &[("content-type", media)], body)), expected, "{media}");
    }
    assert_eq!(summary(&with(404, &[], body)), "KindMessage [] [task_not_found] m");
}
