//! Texts and bytes in quotes, with the escapes of Rust or of C.

/// What an escape that begins with a digit means.
#[derive(Clone, Copy)]
pub(super) enum Digits {
    /// `\0` is the byte, as in Rust.
    Nul,
    /// One to three octal digits, as in C, Python and the text format of protobuf.
    Octal,
}

/// Reads the text between the quotes that `text` begins with, and what follows it; nothing if the literal is broken. An escape
/// `\x80` is the byte.
pub(super) fn quoted(text: &str, digits: Digits) -> Option<(Vec<u8>, &str)> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let mut rest = &text[1..];
    let mut bytes = Vec::new();
    loop {
        let char = rest.chars().next()?;
        rest = &rest[char.len_utf8()..];
        if char == quote {
            return Some((bytes, rest));
        }
        if char != '\\' {
            bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        let escape = rest.chars().next()?;
        rest = &rest[escape.len_utf8()..];
        match escape {
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            'x' => bytes.push(number(&mut rest, 16, 2)?.try_into().ok()?),
            'u' => {
                let is_braced = rest.starts_with('{');
                rest = rest.trim_start_matches('{');
                let char = char::from_u32(number(&mut rest, 16, if is_braced { 6 } else { 4 })?)?;
                rest = if is_braced { rest.strip_prefix('}')? } else { rest };
                bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            }
            '0'..='7' if matches!(digits, Digits::Octal) => {
                let mut all = &text[text.len() - rest.len() - 1..];
                bytes.push(number(&mut all, 8, 3)?.try_into().ok()?);
                rest = all;
            }
            '0' => bytes.push(0),
            '8' | '9' => return None,
            other => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// The JSON of an object as Python's `repr` and Node's `inspect` print it: single quotes, names without quotes, `None`, `[Object]`.
pub(super) fn object(text: &str) -> Option<String> {
    let (mut json, mut rest, mut depth) = (String::new(), text, 0_usize);
    loop {
        let char = rest.chars().next()?;
        match char {
            '"' | '\'' => {
                let (bytes, after) = quoted(rest, Digits::Octal)?;
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

/// Takes up to `most` digits.
fn number(rest: &mut &str, radix: u32, most: usize) -> Option<u32> {
    let len = rest.bytes().take(most).take_while(|&byte| char::from(byte).is_digit(radix)).count();
    let (digits, after) = rest.split_at(len);
    *rest = after;
    u32::from_str_radix(digits, radix).ok()
}

/// Reads `[8, 5, 18]` or `b"\x08\x05"`, as Rust prints bytes for debugging; nothing if it is neither.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    if let Some(text) = text.strip_prefix('b') {
        return Some(quoted(text, Digits::Nul)?.0);
    }
    let (list, _) = text.strip_prefix('[')?.split_once(']')?;
    list.split(',').map(str::trim).filter(|item| !item.is_empty()).map(|item| item.parse().ok()).collect()
}

/// The text of a literal, if it is UTF-8.
pub(super) fn text(literal: &str, digits: Digits) -> Option<String> {
    String::from_utf8(quoted(literal, digits)?.0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_rust_prints() {
        for text in ["", "a \"b\" \\ c", "tab\t, line\n, nul\0, \u{7f}, é, \u{200b}"] {
            let (read, rest) = quoted(&format!("{text:?}, more"), Digits::Nul).map(|(r, s)| (r, s.to_owned())).unwrap();
            assert_eq!((&*read, &*rest), (text.as_bytes(), ", more"), "{text:?}");
        }
        assert_eq!(bytes("[8, 5, 255], metadata"), Some(vec![8, 5, 255]));
        assert_eq!(bytes("[]"), Some(vec![]));
        assert_eq!(bytes(r#"b"\x08\x05\xffA\n\01""#), Some(vec![8, 5, 255, b'A', b'\n', 0, b'1']));
    }

    // `\303\251` is é, as protobuf's text format writes it; `\16` is a byte as C writes it.
    #[test]
    fn reads_what_c_prints() {
        assert_eq!(text(r#""t\303\251 \"1\"""#, Digits::Octal).as_deref(), Some("té \"1\""));
        assert_eq!(quoted(r"'\16\x0eA\'\0'", Digits::Octal), Some((vec![14, 14, b'A', b'\'', 0], "")));
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
            assert_eq!(quoted(text, Digits::Octal), None, "{text}");
        }
        assert_eq!(quoted("\"\\777\"", Digits::Octal), None);
        assert_eq!((bytes("[256]"), bytes("[1"), bytes("b")), (None, None, None));
    }
}
