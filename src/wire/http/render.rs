//! Writing HTTP bodies.

use bytes::Bytes;
use serde_json::Value as Json;

/// The body of the default dialect: `{"kind": ..., "message": ...}`, and `details` as the third member if there are any
/// to show. Without them, it takes one allocation.
pub fn kind_message(kind: &str, message: &str, details: Option<&[Json]>) -> Bytes {
    let len = r#"{"kind":"","message":""}"#.len() + escaped_len(kind) + escaped_len(message);
    let mut out = Vec::with_capacity(len);
    out.extend_from_slice(br#"{"kind":"#);
    push(&mut out, kind);
    out.extend_from_slice(br#","message":"#);
    push(&mut out, message);
    if let Some(details) = details {
        out.extend_from_slice(br#","details":"#);
        push(&mut out, details);
    }
    out.push(b'}');
    out.into()
}

fn push(out: &mut Vec<u8>, json: &(impl serde::Serialize + ?Sized)) {
    // Texts and JSON values have a JSON form, and a vector takes any bytes.
    let _ = serde_json::to_writer(out, json);
}

/// How long a text is in JSON: <https://www.rfc-editor.org/rfc/rfc8259#section-7>. `Bytes` takes a vector over without
/// another allocation only if it is full.
fn escaped_len(text: &str) -> usize {
    let len = |byte| match byte {
        b'"' | b'\\' | b'\x08' | b'\t' | b'\n' | b'\x0c' | b'\r' => 2,
        b'\0'..=b'\x1f' => 6,
        _ => 1,
    };
    text.bytes().map(len).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn exact_bytes() {
        let rows: [(&str, &str, &str, Option<Json>, &str); 5] = [
            (
                "plain",
                "task_not_found",
                "Task does not exist.",
                None,
                r#"{"kind":"task_not_found","message":"Task does not exist."}"#,
            ),
            ("empty", "", "", None, r#"{"kind":"","message":""}"#),
            (
                "escapes",
                "a",
                "\"\\/\u{8}\t\n\u{c}\r\u{1}\u{7f}\u{2028}ä😈",
                None,
                "{\"kind\":\"a\",\"message\":\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0001\u{7f}\u{2028}ä😈\"}",
            ),
            ("no details", "a", "b", Some(json!([])), r#"{"kind":"a","message":"b","details":[]}"#),
            (
                "details",
                "a",
                "b",
                Some(json!([{"@type": "x"}, 1])),
                r#"{"kind":"a","message":"b","details":[{"@type":"x"},1]}"#,
            ),
        ];
        for (name, kind, message, details, expected) in rows {
            let details = details.as_ref().and_then(Json::as_array).map(Vec::as_slice);
            assert_eq!(kind_message(kind, message, details), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(kind in any::<String>(), message in any::<String>()) {
            let body = kind_message(&kind, &message, None);
            let len = r#"{"kind":"","message":""}"#.len() + escaped_len(&kind) + escaped_len(&message);
            prop_assert_eq!(body.len(), len);
            let json: Json = serde_json::from_slice(&body).unwrap();
            prop_assert_eq!(json, json!({"kind": kind, "message": message}));
        }
    }
}
