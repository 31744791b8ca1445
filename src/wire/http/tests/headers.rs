//! Bodies that say nothing, and headers that do.

use super::{answer, summary, with};

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
        let is_json = reading.dialect != crate::wire::http::Dialect::Text;
        assert_eq!(reading.evidence == super::Evidence::Strong, is_json, "{headers:?}");
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
