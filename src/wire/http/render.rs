//! Writing HTTP bodies.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value as Json;

use super::exact::is_plain;
use crate::model::{Code, Detail, HttpStatus};

/// The body of the default dialect: `{"kind": ..., "message": ...}`, and `details` as the third member if there are any
/// to show. Without them, it takes one allocation.
pub fn kind_message(kind: &str, message: &str, details: Option<&[Json]>) -> Bytes {
    let (kind, message) = (Text::of(kind), Text::of(message));
    // `Bytes` takes a vector over without another allocation only if it is full.
    let mut out = Vec::with_capacity(r#"{"kind":,"message":}"#.len() + kind.len + message.len);
    out.extend_from_slice(br#"{"kind":"#);
    kind.push_to(&mut out);
    out.extend_from_slice(br#","message":"#);
    message.push_to(&mut out);
    if let Some(details) = details {
        out.extend_from_slice(br#","details":"#);
        push(&mut out, details);
    }
    out.push(b'}');
    out.into()
}

/// What a body of another dialect than our own says.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "made by callers")]
pub struct Facts<'a> {
    /// The kind: `task_not_found`.
    pub kind: &'a str,
    /// The code.
    pub code: Code,
    /// The HTTP status.
    pub status: HttpStatus,
    /// The text for people.
    pub message: &'a str,
    /// A page about the kind.
    pub help_url: Option<&'a str>,
}

/// A problem, `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457#section-3.1)). The members
/// `code`, which holds the kind, and `details` are extensions.
pub fn problem(facts: &Facts<'_>, details: Option<&[Json]>) -> Bytes {
    #[derive(Serialize)]
    struct Problem<'a> {
        r#type: &'a str,
        title: &'a str,
        status: u16,
        detail: &'a str,
        code: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        details: Option<&'a [Json]>,
    }
    let Facts { kind, status, message, help_url, .. } = *facts;
    written(&Problem {
        r#type: help_url.unwrap_or("about:blank"),
        title: status.reason_phrase(),
        status: status.as_u16(),
        detail: message,
        code: kind,
        details,
    })
}

/// The JSON form of [AIP-193](https://google.aip.dev/193#http11json-representation). Its `ErrorInfo` among the details
/// names the kind.
pub fn google(facts: &Facts<'_>, details: &[Json]) -> Bytes {
    #[derive(Serialize)]
    struct Body<'a> {
        error: Google<'a>,
    }
    #[derive(Serialize)]
    struct Google<'a> {
        code: u16,
        message: &'a str,
        status: &'static str,
        details: &'a [Json],
    }
    let Facts { code, status, message, .. } = *facts;
    written(&Body { error: Google { code: status.as_u16(), message, status: code.name(), details } })
}

/// The error of a unary call of the [Connect protocol](https://connectrpc.com/docs/protocol#error-end-stream). Its
/// `ErrorInfo` among the details names the kind.
pub fn connect(facts: &Facts<'_>, details: &[Detail]) -> Bytes {
    #[derive(Serialize)]
    struct Connect<'a> {
        code: &'static str,
        message: &'a str,
        details: Vec<ConnectDetail<'a>>,
    }
    #[derive(Serialize)]
    struct ConnectDetail<'a> {
        r#type: &'a str,
        value: String,
    }
    let detail = |detail: &'_ Detail| STANDARD_NO_PAD.encode(detail.value());
    let details = details.iter().map(|one| ConnectDetail { r#type: one.type_name(), value: detail(one) }).collect();
    written(&Connect { code: facts.code.connect_name(), message: facts.message, details })
}

fn written(body: &impl Serialize) -> Bytes {
    let mut out = Vec::new();
    push(&mut out, body);
    out.into()
}

fn push(out: &mut Vec<u8>, json: &(impl Serialize + ?Sized)) {
    // Texts and JSON values have a JSON form, and a vector takes any bytes.
    let _ = serde_json::to_writer(out, json);
}

/// A text that is to become JSON.
struct Text<'a> {
    text: &'a str,
    /// The length as JSON, quotes included.
    len: usize,
}

impl<'a> Text<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, len: escaped_len(text) + 2 }
    }

    fn push_to(&self, out: &mut Vec<u8>) {
        if self.len == self.text.len() + 2 {
            // Most texts need no escape, and to copy them at once is several times faster.
            out.push(b'"');
            out.extend_from_slice(self.text.as_bytes());
            out.push(b'"');
        } else {
            push(out, self.text);
        }
    }
}

/// How long a text is in JSON: <https://www.rfc-editor.org/rfc/rfc8259#section-7>.
fn escaped_len(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
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
