//! How a text stands in JSON: <https://www.rfc-editor.org/rfc/rfc8259#section-7>.

/// Whether a text stands between the quotes as it is.
pub(crate) fn is_plain(text: &str) -> bool {
    // Without an early exit, the compiler takes 16 bytes at a time. The last 16 may overlap those before.
    let (chunks, rest) = text.as_bytes().as_chunks::<16>();
    let is_plain_chunk = |chunk: &[u8; 16]| chunk.iter().fold(true, |plain, byte| plain & is_plain_byte(*byte));
    chunks.iter().fold(true, |plain, chunk| plain & is_plain_chunk(chunk))
        && match text.as_bytes().last_chunk::<16>() {
            Some(last) => is_plain_chunk(last),
            None => rest.iter().all(|byte| is_plain_byte(*byte)),
        }
}

/// Whether a byte, or the character that it is a part of, stands between the quotes as it is.
pub(crate) fn is_plain_byte(byte: u8) -> bool {
    (byte >= b' ') & (byte != b'"') & (byte != b'\\')
}

/// How long a text is in JSON, without the quotes.
pub(crate) fn escaped_len(text: &str) -> usize {
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

/// Writes a text with its quotes.
pub(crate) fn put_json(out: &mut Vec<u8>, text: &str) {
    if is_plain(text) {
        // Most texts need no escape, and to copy them at once is several times faster.
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        // A text has a JSON form, and a vector takes any bytes.
        let _ = serde_json::to_writer(out, text);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_comes_back(text in prop_oneof![any::<String>(), "[\\x00-\\x7f]{0,40}", "[ -~]{0,40}"]) {
            let mut out = Vec::new();
            put_json(&mut out, &text);
            prop_assert_eq!(out.len(), escaped_len(&text) + 2);
            prop_assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }
    }
}
