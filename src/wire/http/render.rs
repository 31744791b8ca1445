//! Writing HTTP bodies.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value as Json;

use crate::model::{Code, Detail, HttpStatus, JsonText, put_json};

/// The list `details` of a body, which somebody else writes.
#[derive(Clone, Copy)]
pub(crate) struct List<'a> {
    /// About how long it will be.
    pub(crate) len: usize,
    /// Appends it, brackets included.
    pub(crate) write: &'a dyn Fn(&mut Vec<u8>),
}

/// The body of the default dialect: `{"kind": ..., "message": ...}`, and `details` as the third member if there are any
/// to show. Without them, it takes one allocation.
pub fn kind_message(kind: &str, message: &str, details: Option<&[Json]>) -> Bytes {
    with_list(details, |details| kind_message_with(kind, message, details))
}

/// As [`kind_message`], with details that are written straight into the body.
pub(crate) fn kind_message_with(kind: &str, message: &str, details: Option<List<'_>>) -> Bytes {
    let (kind, message) = (JsonText::of(kind), JsonText::of(message));
    let list_len = details.map_or(0, |list| r#","details":"#.len() + list.len);
    // `Bytes` takes a vector over without another allocation only if it is full.
    let mut out = Vec::with_capacity(r#"{"kind":,"message":}"#.len() + kind.len + message.len + list_len);
    out.extend_from_slice(br#"{"kind":"#);
    kind.push_to(&mut out);
    out.extend_from_slice(br#","message":"#);
    message.push_to(&mut out);
    put_list(&mut out, details);
    out.push(b'}');
    out.into()
}

/// What a body of another dialect than our own says.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "made by callers")]
pub struct ErrorFields<'a> {
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
pub fn problem(facts: &ErrorFields<'_>, details: Option<&[Json]>) -> Bytes {
    with_list(details, |details| problem_with(facts, details))
}

/// As [`problem`], with details that are written straight into the body.
pub(crate) fn problem_with(facts: &ErrorFields<'_>, details: Option<List<'_>>) -> Bytes {
    let ErrorFields { kind, status, message, help_url, .. } = *facts;
    let mut out = Vec::new();
    put_text(&mut out, r#"{"type":"#, help_url.unwrap_or("about:blank"));
    put_text(&mut out, r#","title":"#, status.reason_phrase());
    put_number(&mut out, r#","status":"#, status.as_u16());
    put_text(&mut out, r#","detail":"#, message);
    put_text(&mut out, r#","code":"#, kind);
    put_list(&mut out, details);
    out.push(b'}');
    out.into()
}

/// The JSON form of [AIP-193](https://google.aip.dev/193#http11json-representation). Its `ErrorInfo` among the details
/// names the kind.
pub fn google(facts: &ErrorFields<'_>, details: &[Json]) -> Bytes {
    with_list(Some(details), |details| google_with(facts, details))
}

/// As [`google`], with details that are written straight into the body.
pub(crate) fn google_with(facts: &ErrorFields<'_>, details: Option<List<'_>>) -> Bytes {
    let ErrorFields { code, status, message, .. } = *facts;
    let mut out = Vec::new();
    put_number(&mut out, r#"{"error":{"code":"#, status.as_u16());
    put_text(&mut out, r#","message":"#, message);
    put_text(&mut out, r#","status":"#, code.name());
    put_list(&mut out, details);
    out.extend_from_slice(b"}}");
    out.into()
}

/// The error of a unary call of the [Connect protocol](https://connectrpc.com/docs/protocol#error-end-stream). Its
/// `ErrorInfo` among the details names the kind.
pub fn connect(facts: &ErrorFields<'_>, details: &[Detail]) -> Bytes {
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

fn with_list(details: Option<&[Json]>, write: impl FnOnce(Option<List<'_>>) -> Bytes) -> Bytes {
    let list = details.map(|details| move |out: &mut Vec<u8>| push(out, details));
    write(list.as_ref().map(|list| List { len: 0, write: list }))
}

/// `name` is what stands before the text: punctuation, the name of the member and a colon.
fn put_text(out: &mut Vec<u8>, name: &str, text: &str) {
    out.extend_from_slice(name.as_bytes());
    put_json(out, text);
}

fn put_number(out: &mut Vec<u8>, name: &str, number: u16) {
    out.extend_from_slice(name.as_bytes());
    push(out, &number);
}

fn put_list(out: &mut Vec<u8>, details: Option<List<'_>>) {
    if let Some(list) = details {
        out.extend_from_slice(br#","details":"#);
        (list.write)(out);
    }
}

fn push(out: &mut Vec<u8>, json: &(impl Serialize + ?Sized)) {
    // Texts, numbers and JSON values have a JSON form, and a vector takes any bytes.
    let _ = serde_json::to_writer(out, json);
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
            let json: Json = serde_json::from_slice(&body).unwrap();
            prop_assert_eq!(json, json!({"kind": kind, "message": message}));
        }
    }
}
