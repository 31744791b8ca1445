//! Bodies as they are met in the world, typed from the pages that define them.

mod declared;
mod enveloped;
mod hostile;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Dialect, Evidence, Reading, ResponseHead, read};

/// Reads a JSON body that came with this status.
fn json(status: u32, body: &str) -> Reading {
    with(status, &[("content-type", "application/json")], body)
}

fn with(status: u32, headers: &[(&'static str, &'static str)], body: &str) -> Reading {
    answer(status, headers, body, false)
}

fn answer(status: u32, headers: &[(&'static str, &'static str)], body: &str, to_head: bool) -> Reading {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    read(&ResponseHead { status, headers: &map, to_head }, &Bytes::copy_from_slice(body.as_bytes()))
}

/// `dialect [code] [kind] message`, with `?` after the dialect for weak evidence and `...` at the end if the body says
/// more.
fn summary(reading: &Reading) -> String {
    let mut line = format!("{:?}", reading.dialect);
    if reading.evidence == Evidence::Weak {
        line.push('?');
    }
    for word in [reading.code.map(|code| code.name()), reading.kind.as_deref()] {
        line += &format!(" [{}]", word.unwrap_or_default());
    }
    line += &format!(" {}", reading.message.as_deref().unwrap_or("-"));
    line + if reading.complete { "" } else { " ..." }
}

/// Each row is a status, a body under `application/json`, and the summary of its reading.
#[track_caller]
fn check(rows: &[(u32, &str, &str)]) {
    for (status, body, expected) in rows {
        assert_eq!(summary(&json(*status, body)), *expected, "{body}");
    }
}

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
        // Bitfinex has its errors in such lists.
        (404, r#"["error",10020,"No task."]"#, "Envelope? [] [] No task. ..."),
        (404, r#"{"Fehler":"Feld fehlt","Nr":7}"#, "Envelope? [] [] Feld fehlt ..."),
        // An identifier alone is one.
        (404, r#"{"kind":"task_not_found"}"#, "Envelope [] [task_not_found] -"),
        (404, r#"{"code":"some_app_code"}"#, "Envelope [] [some_app_code] -"),
    ]);
}

#[test]
fn a_body_that_is_not_an_object_is_ignored() {
    for body in ["[]", "null", "5", r#"["task_not_found",7]"#, r#"["No task.","No run."]"#] {
        let reading = json(404, body);
        assert_eq!((reading.evidence, reading.kind.as_deref()), (Evidence::None, None), "{body}");
        assert_eq!(reading.dialect, Dialect::Text, "{body}");
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

const HTML: &str = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";

#[test]
fn empty() {
    let rows = [
        (&[][..], "Text [] [] -"),
        (&[("content-type", "text/html")], "Text [] [] -"),
        (&[("content-type", "application/json")], "KindMessage [] [] -"),
        (&[("content-type", "application/json"), ("content-encoding", "br")], "KindMessage [] [] -"),
        (&[("content-type", "application/problem+json")], "Problem [] [] -"),
    ];
    for (headers, expected) in rows {
        assert_eq!(
            summary(&with(404, headers, "")),
            "Text [] [] -",
            "{headers:?}: a body is missing that belongs there"
        );
        let reading = answer(404, headers, "", true);
        assert_eq!(summary(&reading), expected, "{headers:?}");
        let is_json = reading.dialect != Dialect::Text;
        assert_eq!(reading.evidence == Evidence::Strong, is_json, "{headers:?}");
    }
}

#[test]
fn text() {
    assert_eq!(
        summary(&with(502, &[("content-type", "text/html")], HTML)),
        "Text [] [] 502 Bad Gateway 502 Bad Gateway ..."
    );
    assert_eq!(summary(&with(502, &[], HTML)), "Text [] [] 502 Bad Gateway 502 Bad Gateway ...");
    assert_eq!(summary(&with(503, &[], "upstream connect error")), "Text [] [] upstream connect error ...");
    assert_eq!(summary(&with(503, &[("content-encoding", "br")], "{}")), "Text [] [] - ...");
}

// https://www.rfc-editor.org/rfc/rfc6750#section-3.1
#[test]
fn challenge() {
    const EXPIRED: (&str, &str) =
        ("www-authenticate", r#"Bearer realm="a", error="invalid_token", error_description="It expired""#);
    const JSON: (&str, &str) = ("content-type", "application/json");
    let rows = [
        (&[EXPIRED][..], "", "Oauth2 [] [invalid_token] It expired"),
        (&[EXPIRED, JSON], "", "Oauth2 [] [invalid_token] It expired"),
        (&[EXPIRED], "Unauthorized", "Oauth2 [] [invalid_token] It expired ..."),
        (&[EXPIRED], r#"{"message":"Unauthorized"}"#, "Oauth2 [] [invalid_token] Unauthorized"),
        (&[EXPIRED], r#"{"kind":"token_invalid","message":"m"}"#, "KindMessage [] [token_invalid] m"),
        (&[EXPIRED], r#"{"code":"unauthenticated"}"#, "Connect [UNAUTHENTICATED] [] -"),
        (&[("www-authenticate", "Bearer")], "", "Text [] [] -"),
        (&[("www-authenticate", "Basic realm=\"a\"")], "Unauthorized", "Text [] [] Unauthorized ..."),
    ];
    for (headers, body, expected) in rows {
        assert_eq!(summary(&with(401, headers, body)), expected, "{headers:?} {body}");
    }
}
