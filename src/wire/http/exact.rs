//! The body of the default dialect, which is read without a tree.

use std::borrow::Cow;

use serde::Deserialize;

use super::json::without_mark;

/// Exactly `{"kind": text, "message": text}`, which is read without a tree.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindMessage<'a> {
    #[serde(borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) message: Cow<'a, str>,
}

impl<'a> KindMessage<'a> {
    /// `None` if the text is anything else.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        if let Some(plain) = Self::plain(text) {
            return Some(plain);
        }
        let text = without_mark(text).trim_ascii_start();
        // serde would take `["a", "b"]` for the same struct.
        if text.starts_with('{') { serde_json::from_str(text).ok() } else { None }
    }

    /// Without blanks and escapes, as this crate writes it: the most frequent body of all needs no parser.
    fn plain(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix(r#"{"kind":""#)?;
        let (kind, rest) = rest.split_at(rest.bytes().position(|byte| byte == b'"' || !is_plain_byte(byte))?);
        let message = rest.strip_prefix(r#"","message":""#)?.strip_suffix(r#""}"#)?;
        is_plain(message).then_some(Self { kind: Cow::Borrowed(kind), message: Cow::Borrowed(message) })
    }
}

/// Whether a text stands between the quotes of a JSON string as it is
/// (<https://www.rfc-editor.org/rfc/rfc8259#section-7>).
pub(super) fn is_plain(text: &str) -> bool {
    // Without an early exit, the compiler takes 16 bytes at a time. The last 16 may overlap those before.
    let (chunks, rest) = text.as_bytes().as_chunks::<16>();
    let is_plain_chunk = |chunk: &[u8; 16]| chunk.iter().fold(true, |plain, byte| plain & is_plain_byte(*byte));
    chunks.iter().fold(true, |plain, chunk| plain & is_plain_chunk(chunk))
        && match text.as_bytes().last_chunk::<16>() {
            Some(last) => is_plain_chunk(last),
            None => rest.iter().all(|byte| is_plain_byte(*byte)),
        }
}

fn is_plain_byte(byte: u8) -> bool {
    (byte >= b' ') & (byte != b'"') & (byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_plain_as_a_parser_does() {
        let rows = [
            r#"{"kind":"k","message":"m"}"#,
            r#"{"kind":"","message":""}"#,
            "{\"kind\":\"größe\",\"message\":\"a\u{7f}/b\"}",
            r#"{"kind":"k","message":"a\"b"}"#,
            r#"{"kind":"k","message":"m\"}"#,
            r#"{"kind":"k\","message":"m"}"#,
            r#"{"kind":"k","message":"m","x":"y"}"#,
            r#"{"kind":"k","message":"m" }"#,
            "{\"kind\":\"k\",\"message\":\"a\tb\"}",
            r#"{"kind":"k","message":"m"}"}"#,
            r#"{"kind":"k","message":""#,
            r#"{"kind":"k","message":"}"#,
        ];
        for (at, text) in rows.into_iter().enumerate() {
            let plain = KindMessage::plain(text).map(|body| (body.kind, body.message));
            assert_eq!(plain.is_some(), at < 3, "{text}");
            let parsed = serde_json::from_str::<KindMessage<'_>>(text).ok().map(|body| (body.kind, body.message));
            assert!(plain.is_none() || plain == parsed, "{text}");
        }
    }

    #[test]
    fn takes_only_the_exact_shape_without_a_tree() {
        assert!(KindMessage::parse("\u{feff} {\"message\":\"m\",\"kind\":\"k\"}\n").is_some());
        let rows = [
            r#"["k","m"]"#,
            r#"{"kind":"k"}"#,
            r#"{"kind":"k","message":null}"#,
            r#"{"kind":"k","message":"m","details":[]}"#,
            r#"{"kind":"k","kind":"k","message":"m"}"#,
            r#"{"kind":"k","message":"m"}x"#,
        ];
        for text in rows {
            assert!(KindMessage::parse(text).is_none(), "{text}");
        }
    }
}
