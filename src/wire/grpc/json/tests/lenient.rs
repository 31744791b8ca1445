//! What ProtoJSON calls an error and we do not.

use prost::Message;
use prost_types::{Any, Duration};
use serde_json::{Value as Json, json};

use super::super::Registry;
use crate::model::{Detail, rpc};

const PREFIX: &str = "type.googleapis.com/";

#[test]
fn what_has_no_json_form_is_base64() {
    let delay = |seconds, nanos| rpc::RetryInfo { retry_delay: Some(Duration { seconds, nanos }) }.encode_to_vec();
    let rows: [(&str, &str, Vec<u8>); 11] = [
        ("unknown type", "acme.Widget", b"\x08\x01".to_vec()),
        ("unknown type, no bytes", "acme.Widget", vec![]),
        ("no type name", "", b"\x08\x01".to_vec()),
        ("package", "google.rpc", b"\x08\x01".to_vec()),
        ("enum", "google.rpc.Code", b"\x08\x01".to_vec()),
        ("garbage", "google.rpc.ErrorInfo", b"\xff\xff\xff".to_vec()),
        ("text that is not UTF-8", "google.rpc.ErrorInfo", b"\x0a\x01\xff".to_vec()),
        ("duration above the range", "google.rpc.RetryInfo", delay(315_576_000_001, 0)),
        ("duration below the range", "google.rpc.RetryInfo", delay(i64::MIN, i32::MIN)),
        ("nanoseconds above the range", "google.rpc.RetryInfo", delay(0, 1_000_000_000)),
        ("signs that differ", "google.rpc.RetryInfo", delay(1, -1)),
    ];
    for (name, type_name, bytes) in rows {
        let registry = Registry::default();
        let detail = Detail::new(format!("{PREFIX}{type_name}"), bytes);
        let json = registry.detail_to_json(&detail);
        let members = json.as_object().unwrap();
        assert_eq!(members.keys().collect::<Vec<_>>(), ["@type", "value"], "{name}");
        assert_eq!(members["@type"], detail.type_url(), "{name}");
        assert_eq!(registry.detail_from_json(&json).unwrap(), detail, "{name}");
    }
}

#[test]
fn what_cannot_be_read_costs_itself_alone() {
    // The detail, what is left of it, and where something was lost.
    let rows = [
        (
            json!({"@type": "google.rpc.ErrorInfo", "reason": "A_B", "domain": "c.d", "metadata": {"a": 3, "b": "x"}, "new": {}}),
            json!({"@type": "google.rpc.ErrorInfo", "reason": "A_B", "domain": "c.d", "metadata": {"b": "x"}}),
            vec!["metadata[\"a\"]", "new"],
        ),
        (
            json!({"@type": "google.rpc.BadRequest", "fieldViolations": [{"field": "a", "description": 5}, "b", {"field": "c"}]}),
            json!({"@type": "google.rpc.BadRequest", "fieldViolations": [{"field": "a"}, {"field": "c"}]}),
            vec!["fieldViolations[0].description", "fieldViolations[1]"],
        ),
        (
            json!({"@type": "google.rpc.Status", "code": 5, "details": [{"@type": "google.rpc.Help", "links": 7}, 4]}),
            json!({"@type": "google.rpc.Status", "code": 5, "details": [{"@type": "google.rpc.Help"}]}),
            vec!["details[0].links", "details[1]"],
        ),
        (
            json!({"@type": "google.rpc.RequestInfo", "request_id": "a", "requestId": "a"}),
            json!({"@type": "google.rpc.RequestInfo", "requestId": "a"}),
            vec!["request_id"],
        ),
        // Bytes stay bytes.
        (
            json!({"@type": "google.rpc.Help", "value": "CAE="}),
            json!({"@type": "google.rpc.Help", "value": "CAE="}),
            vec![],
        ),
    ];
    let registry = Registry::default();
    for (json, left, expected) in rows {
        let (detail, lost) = registry.detail_from_lenient_json(&json).unwrap();
        let mut lost: Vec<&str> = lost.iter().map(|error| error.path()).collect();
        lost.sort_unstable();
        assert_eq!(lost, expected, "{json}");
        assert_eq!(registry.detail_to_json(&detail)["@type"], left["@type"], "{json}");
        if !left.to_string().contains("value") {
            assert_eq!(registry.detail_to_json(&detail), left, "{json}");
        }
        assert_eq!(registry.detail_from_json(&json).is_ok(), expected.is_empty(), "asked for by name, it is an error");
    }
    let many = json!({"@type": "google.rpc.BadRequest", "fieldViolations": vec![json!(1); 10_000]});
    assert_eq!(registry.detail_from_lenient_json(&many).unwrap().1.len(), 8);
    assert!(registry.detail_from_lenient_json(&json!({"reason": "A_B"})).is_err());
}

#[test]
fn base64_of_every_spelling_is_read() {
    // RFC 4648, sections 4 and 5: https://www.rfc-editor.org/rfc/rfc4648
    for text in ["+/8=", "+/8", "-_8=", "-_8"] {
        for type_name in ["acme.Widget", "google.rpc.RetryInfo"] {
            let json = json!({"@type": type_name, "value": text});
            let detail = Registry::default().detail_from_json(&json).unwrap();
            assert_eq!(detail, Detail::new(type_name, &b"\xfb\xff"[..]), "{text} {type_name}");
        }
    }
}

#[test]
fn an_empty_any_is_an_empty_object() {
    let registry = Registry::default();
    assert_eq!(registry.detail_to_json(&Detail::new("", &b""[..])), json!({}));
    assert_eq!(registry.detail_from_json(&json!({})).unwrap(), Detail::new("", &b""[..]));
}

#[test]
fn json_that_is_not_a_detail() {
    let rows = [
        ("array", json!([]), "expected an object with \"@type\", not an array"),
        ("no type", json!({"a": 1}), "\"@type\" is missing: give the type URL of the message"),
        ("type of another type", json!({"@type": 1}), "@type: expected a type URL, not a number"),
        ("not base64", json!({"@type": "a.B", "value": "*"}), "value: the value is not base64"),
        (
            "members of an unknown type",
            json!({"@type": "x/a.B", "id": 1}),
            "the type \"x/a.B\" is not registered, so its only other member is \"value\" with the bytes in base64",
        ),
        (
            "wrong value of a known type",
            json!({"@type": "google.rpc.RetryInfo", "retryDelay": "soon"}),
            "retryDelay: expected a duration such as \"1.5s\"",
        ),
        (
            "neither base64 nor a member",
            json!({"@type": "google.rpc.RetryInfo", "value": "*"}),
            "value: unknown field; the fields of google.rpc.RetryInfo are retryDelay",
        ),
        (
            "more than the value",
            json!({"@type": "google.protobuf.Duration", "value": "1s", "other": 1}),
            "a google.protobuf.Duration has \"@type\" and \"value\"",
        ),
    ];
    for (name, json, message) in rows {
        let error = Registry::default().detail_from_json(&json).unwrap_err();
        assert_eq!(error.to_string(), message, "{name}");
    }
}

fn any(type_name: &str, value: Vec<u8>) -> Any {
    Any { type_url: format!("{PREFIX}{type_name}"), value }
}

/// A detail that holds `levels` times an `Any`.
fn nested(levels: usize, innermost: Any) -> Detail {
    let outermost = (0..levels).fold(innermost, |inner, _| any("google.protobuf.Any", inner.encode_to_vec()));
    Detail::new(outermost.type_url, outermost.value)
}

#[test]
fn any_inside_any_inside_any() {
    let known = any("google.rpc.RequestInfo", b"\x0a\x01x".to_vec());
    let unknown = any("acme.Widget", b"\x08\x01".to_vec());
    let broken = any("google.rpc.RequestInfo", b"\xff".to_vec());
    let rows = [
        ("known", known, json!({"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "x"})),
        ("unknown", unknown, json!({"@type": "type.googleapis.com/acme.Widget", "value": "CAE="})),
        ("broken", broken, json!({"@type": "type.googleapis.com/google.rpc.RequestInfo", "value": "/w=="})),
    ];
    for (name, innermost, innermost_json) in rows {
        let detail = nested(2, innermost);
        let json = json!({
            "@type": "type.googleapis.com/google.protobuf.Any",
            "value": {"@type": "type.googleapis.com/google.protobuf.Any", "value": innermost_json},
        });
        assert_eq!(Registry::default().detail_to_json(&detail), json, "{name}");
        assert_eq!(Registry::default().detail_from_json(&json).unwrap(), detail, "{name}");
    }
}

#[test]
fn depth_costs_no_stack_and_is_not_an_error() {
    let check = || {
        let registry = Registry::default();
        for levels in [99, 100, 101, 1_000, 10_000] {
            let detail = nested(levels, any("acme.Widget", b"\x08\x01".to_vec()));
            let json = registry.detail_to_json(&detail);
            assert_eq!(registry.detail_from_json(&json).unwrap(), detail, "{levels}");
            // It must fit the limit of JSON parsers, inside an envelope too.
            let text = json!({"error": {"details": [json]}}).to_string();
            assert!(serde_json::from_str::<Json>(&text).is_ok(), "{levels}");
            assert!(registry.strip_unknown(&detail).is_some(), "{levels}");
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(check).unwrap().join().unwrap();
}

#[test]
fn deep_json_is_refused_not_followed() {
    let deep = (0..10_000).fold(json!({}), |inner, _| {
        let members = [("@type".to_owned(), "google.protobuf.Any".into()), ("value".to_owned(), inner)];
        Json::Object(members.into_iter().collect())
    });
    let error = Registry::default().detail_from_json(&deep).unwrap_err();
    assert!(error.to_string().ends_with("nested deeper than 100 levels"), "{error}");
    // `Value` drops recursively.
    std::mem::forget(deep);
}

#[test]
fn unknown_fields_are_left_out() {
    let detail = Detail::new("google.rpc.RequestInfo", &b"\x0a\x01x\xc0\x3e\x01"[..]);
    let json = json!({"@type": "google.rpc.RequestInfo", "requestId": "x"});
    assert_eq!(Registry::default().detail_to_json(&detail), json);
}

#[test]
fn stripping() {
    let registry = Registry::default();
    let secret = b"\xc2\x3e\x06secret";
    let status = |details: Vec<Any>, rest: &[u8]| {
        let status = rpc::Status { code: 5, message: "x".into(), details };
        Detail::new("google.rpc.Status", [status.encode_to_vec(), rest.to_vec()].concat())
    };
    let info = rpc::RequestInfo { request_id: "x".into(), ..Default::default() }.encode_to_vec();
    let dirty = status(
        vec![
            any("google.rpc.RequestInfo", [info.clone(), secret.to_vec()].concat()),
            any("google.rpc.DebugInfo", vec![]),
            any("acme.Widget", secret.to_vec()),
            any("google.rpc.RequestInfo", b"\xff".to_vec()),
        ],
        secret,
    );
    let info = any("google.rpc.RequestInfo", info);
    let debug = any("google.rpc.DebugInfo", vec![]);
    assert_eq!(
        registry.strip_unknown(&dirty),
        Some(status(vec![info.clone(), debug, Any::default(), Any::default()], b""))
    );
    assert_eq!(
        registry.strip_unknown_except(&dirty, &|name| name != "google.rpc.DebugInfo"),
        Some(status(vec![info, Any::default(), Any::default(), Any::default()], b""))
    );
    assert_eq!(registry.strip_unknown(&Detail::new("acme.Widget", &b""[..])), None);
    assert_eq!(registry.strip_unknown(&Detail::new("google.rpc.Help", &b"\xff"[..])), None);
}
