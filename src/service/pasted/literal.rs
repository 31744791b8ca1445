//! Strings and bytes as Rust prints them for debugging.

/// Reads the text between quotes that `text` begins with; nothing if the literal is broken. An escape `\x80` is the byte.
pub(super) fn quoted(text: &str) -> Option<Vec<u8>> {
    let mut rest = text.strip_prefix('"')?.chars();
    let mut bytes = Vec::new();
    loop {
        let char = match rest.next()? {
            '"' => return Some(bytes),
            '\\' => match rest.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'x' => {
                    let digits: String = rest.by_ref().take(2).collect();
                    bytes.push(u8::from_str_radix(&digits, 16).ok()?);
                    continue;
                }
                'u' => {
                    let digits: String = rest.by_ref().take_while(|&c| c != '}').skip(1).collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                other => other,
            },
            other => other,
        };
        bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Reads `[8, 5, 18]` or `b"\x08\x05"`; nothing if it is neither.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    if let Some(text) = text.strip_prefix('b') {
        return quoted(text);
    }
    let (list, _) = text.strip_prefix('[')?.split_once(']')?;
    list.split(',').map(str::trim).filter(|item| !item.is_empty()).map(|item| item.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_rust_prints() {
        for text in ["", "a \"b\" \\ c", "tab\t, line\n, nul\0, \u{7f}, é, \u{200b}"] {
            assert_eq!(quoted(&format!("{text:?}, more")).as_deref(), Some(text.as_bytes()), "{text:?}");
        }
        assert_eq!(bytes("[8, 5, 255], metadata"), Some(vec![8, 5, 255]));
        assert_eq!(bytes("[]"), Some(vec![]));
        assert_eq!(bytes(r#"b"\x08\x05\xffA\n""#), Some(vec![8, 5, 255, b'A', b'\n']));
    }

    #[test]
    fn refuses_what_is_broken() {
        for text in ["", "\"", "\"\\", "\"\\x", "\"\\u{110000}\"", "a"] {
            assert_eq!(quoted(text), None, "{text}");
        }
        assert_eq!((bytes("[256]"), bytes("[1"), bytes("b")), (None, None, None));
    }
}
