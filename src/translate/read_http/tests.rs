use http::{
    HeaderMap, HeaderValue,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};

use super::*;
use crate::{catalog::Catalog, translate::Policy};

/// A body that is read without a tree says the same as it does with one.
#[test]
fn both_ways_to_read_our_own_dialect_agree() {
    let rows = [
        (r#"{"kind":"k_1","message":"m"}"#, true),
        (r#"{"kind":"","message":""}"#, true),
        (r#"{"kind":"Task.NotFound","message":"a \"b\" \u00e4\ud83d\ude08"}"#, true),
        ("\u{feff} {\n\"message\" : \"m\", \"kind\" : \"k_1\" }\r\n", true),
        (r#"{"kind":"k_1","message":"m","details":[]}"#, true),
        (
            r#"{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.500s"},
                {"@type":"a.example/google.rpc.ErrorInfo","metadata":{"b":"2","a":"1"},"reason":"\u0041_B"}],
                "kind":"k_1","message":"m"}"#,
            true,
        ),
        (r#"{"kind":"k_1","message":"m","details":[{"@type":"google.rpc.RequestInfo","request_id":"r"}]}"#, true),
        (r#"{"kind":"k_1","message":"m","details":[{"@type":"acme.Widget","value":"CAE="}]}"#, false),
        (r#"{"kind":"k_1","message":"m","details":[{"@type":"google.rpc.Help"},{"x":1}]}"#, false),
        (r#"{"kind":"k_1","message":"m","details":{}}"#, false),
        (r#"{"kind":"k_1","message":"m","requestId":"r"}"#, false),
        (r#"{"kind":"k_1","kind":"k_1","message":"m"}"#, false),
        (r#"{"kind":"k_1","message":"m","details":[{"@type":"google.rpc.Help"}],"details":[]}"#, false),
        (r#"[{"kind":"k_1","message":"m"}]"#, false),
    ];
    let (catalog, policy) = (Catalog::builtin(), Policy::default());
    let lookup = Lookup { catalog: &catalog, policy: &policy, domain: None };
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    let survey = Survey::of(&headers);
    for (text, is_exact) in rows {
        let body = Bytes::from_static(text.as_bytes());
        let mut read = Details::new();
        let exact = exact(&survey, &body, StandardDetails(&mut read));
        assert_eq!(exact.is_some(), is_exact, "{text}");
        let Some(exact) = exact else { continue };
        let head = ResponseHead { status: 404, headers: &headers, to_head: false };
        let mut reading = recognise(&head, &survey, &body, true);
        let mut notes = Vec::new();
        assert_eq!(read, details(&lookup, &mut reading, &mut notes), "{text}");
        assert_eq!((Some(&*exact.kind), Some(&*exact.message)), (reading.kind.as_deref(), reading.message.as_deref()));
        assert_eq!((reading.dialect, reading.evidence), (Dialect::KindMessage, Evidence::Strong), "{text}");
        assert_eq!((reading.code, reading.complete, notes), (None, true, Vec::new()), "{text}");
        assert!(reading.notes.is_empty() && reading.metadata.is_empty(), "{text}");
    }
}

#[test]
fn only_plain_json_is_read_without_a_tree() {
    let body = Bytes::from_static(br#"{"kind":"k_1","message":"m"}"#);
    let long = Bytes::from(format!(r#"{{"kind":"k_1","message":"{}"}}"#, "m".repeat(64 * 1024)));
    let rows = [
        (Some("application/json; charset=utf-8"), false, &body, true),
        (None, false, &body, true),
        (Some("application/json"), true, &body, false),
        (Some("application/problem+json"), false, &body, false),
        (Some("text/html"), false, &body, false),
        (Some("application/json"), false, &long, false),
    ];
    for (media, is_encoded, body, expected) in rows {
        let fields = [media.map(|media| (CONTENT_TYPE, media)), is_encoded.then_some((CONTENT_ENCODING, "gzip"))];
        let fields = fields.into_iter().flatten().map(|(name, value)| (name, HeaderValue::from_static(value)));
        let headers = HeaderMap::from_iter(fields);
        let exact = exact(&Survey::of(&headers), body, StandardDetails(&mut Details::new()));
        assert_eq!(exact.is_some(), expected, "{media:?} {is_encoded}");
    }
}
