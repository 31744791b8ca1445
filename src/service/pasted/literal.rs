//! Texts, bytes and objects as programs print them.

use crate::catalog::{Escapes, quoted};

/// The JSON of an object as Python's `repr` and Node's `inspect` print it: single quotes, names without quotes, `None`, `[Object]`.
pub(super) fn object(text: &str) -> Option<String> {
    let (mut json, mut rest, mut depth) = (String::new(), text, 0_usize);
    loop {
        let char = rest.chars().next()?;
        match char {
            '"' | '\'' => {
                let (bytes, after) = quoted(rest, Escapes::C).ok()?;
                json.push_str(&serde_json::to_string(&String::from_utf8_lossy(&bytes)).ok()?);
                rest = after;
                continue;
            }
            // `[Object]` stands for what is not shown, or is the class of the object behind it.
            '[' if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
                rest = rest.split_once(']')?.1;
                json.push_str(if rest.starts_with(" {") { "" } else { "null" });
                continue;
            }
            '{' | '[' => depth += 1,
            '}' | ']' => {
                json.truncate(json.trim_end().trim_end_matches(',').len());
                depth = depth.checked_sub(1)?;
            }
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '-' | '.') => {
                let is_end = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '-' | '.' | '+'));
                let (word, after) = rest.split_at(rest.find(is_end)?);
                rest = after;
                let word = match word.to_ascii_lowercase().as_str() {
                    _ if after.starts_with(':') => format!("\"{word}\""),
                    _ if after.starts_with(" {") || after.starts_with(" [") => String::new(),
                    word @ ("true" | "false") => word.to_owned(),
                    _ if word.parse::<f64>().is_ok() => word.to_owned(),
                    _ => "null".to_owned(),
                };
                json.push_str(&word);
                continue;
            }
            ',' | ':' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
        json.push(char);
        rest = &rest[char.len_utf8()..];
        if depth == 0 {
            return Some(json);
        }
    }
}

/// Reads `[8, 5, 18]` or `b"\x08\x05"`, as Rust prints bytes for debugging; nothing if it is neither.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    if let Some(text) = text.strip_prefix('b') {
        return Some(quoted(text, Escapes::Rust).ok()?.0);
    }
    let (list, _) = text.strip_prefix('[')?.split_once(']')?;
    list.split(',').map(str::trim).filter(|item| !item.is_empty()).map(|item| item.parse().ok()).collect()
}

/// The text of a literal, if it is UTF-8.
pub(super) fn text(literal: &str, escapes: Escapes) -> Option<String> {
    String::from_utf8(quoted(literal, escapes).ok()?.0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_rust_prints() {
        for text in ["", "a \"b\" \\ c", "tab\t, line\n, nul\0, \u{7f}, é, \u{200b}"] {
            let (read, rest) =
                quoted(&format!("{text:?}, more"), Escapes::Rust).map(|(r, s)| (r, s.to_owned())).unwrap();
            assert_eq!((&*read, &*rest), (text.as_bytes(), ", more"), "{text:?}");
        }
        assert_eq!(bytes("[8, 5, 255], metadata"), Some(vec![8, 5, 255]));
        assert_eq!(bytes("[]"), Some(vec![]));
        assert_eq!(bytes(r#"b"\x08\x05\xffA\n\01""#), Some(vec![8, 5, 255, b'A', b'\n', 0, b'1']));
    }

    // `\303\251` is é, as protobuf's text format writes it; `\16` is a byte as C writes it.
    #[test]
    fn reads_what_c_prints() {
        assert_eq!(text(r#""t\303\251 \"1\"""#, Escapes::C).as_deref(), Some("té \"1\""));
        assert_eq!(quoted(r"'\16\x0eA\'\0'", Escapes::C), Ok((vec![14, 14, b'A', b'\'', 0], "")));
    }

    // Go's `%q` writes `\a`, `\b`, `\f` and `\v` (https://pkg.go.dev/strconv#Quote), and Python `\U` with eight digits.
    #[test]
    fn reads_what_go_and_python_print() {
        let wanted = "\u{7}\u{8}\u{c}\u{b}\u{1f600}é";
        assert_eq!(text(r#""\a\b\f\v\U0001f600\u00e9""#, Escapes::C).as_deref(), Some(wanted));
    }

    #[test]
    fn reads_objects_of_python_and_node() {
        let rows = [
            (
                "{'error': {'code': 'x', 'param': None, 'ok': True}} tail",
                r#"{"error": {"code": "x", "param": null, "ok": true}}"#,
            ),
            ("{ a: 'it\\'s', b: [ 1, -2.5 ], c: [Object], }", r#"{ "a": "it's", "b": [ 1, -2.5], "c": null}"#),
            ("{ a: Object [Headers] { 'x-y': undefined } }", r#"{ "a":   { "x-y": null}}"#),
        ];
        for (text, expected) in rows {
            assert_eq!(object(text).as_deref(), Some(expected), "{text}");
        }
        for broken in ["{", "{'a", "{]", "{<ref *1> a: 1}", "{a"] {
            assert!(
                object(broken).is_none_or(|json| serde_json::from_str::<serde_json::Value>(&json).is_err()),
                "{broken}"
            );
        }
    }

    #[test]
    fn refuses_what_is_broken() {
        for text in ["", "\"", "\"\\", "\"\\x\"", "\"\\u{110000}\"", "\"\\u{41\"", "\"\\9\"", "a"] {
            assert!(quoted(text, Escapes::C).is_err(), "{text}");
        }
        assert!(quoted("\"\\777\"", Escapes::C).is_err());
        assert_eq!((bytes("[256]"), bytes("[1"), bytes("b")), (None, None, None));
    }
}
