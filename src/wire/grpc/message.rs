//! Percent-encoding of `grpc-message`.
//!
//! `Status-Message` in <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses>: bytes outside
//! 0x20 to 0x7E and `%` are escaped; a reader must take whatever it gets.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode, utf8_percent_encode};

const ESCAPED: &AsciiSet = &CONTROLS.add(b'%');

/// Spaces at either end are escaped too, since HTTP layers strip them.
pub(super) fn encode(message: &str) -> String {
    // Most are sent as they are.
    if is_plain(message) {
        return message.to_owned();
    }
    let inner = message.trim_matches(' ');
    let leading = message.len() - message.trim_start_matches(' ').len();
    let trailing = message.len() - leading - inner.len();
    let mut encoded = String::with_capacity(encoded_len(message));
    encoded.extend(std::iter::repeat_n("%20", leading));
    encoded.extend(utf8_percent_encode(inner, ESCAPED));
    encoded.extend(std::iter::repeat_n("%20", trailing));
    encoded
}

/// How many bytes one may take on the wire.
pub(super) const ESCAPED_LEN: usize = 3;

/// Whether [`encode`] gives the message as it is. Looks at every byte, since without an early exit the compiler takes
/// many at a time.
pub(super) fn is_plain(message: &str) -> bool {
    let bytes = message.as_bytes();
    bytes.first() != Some(&b' ')
        && bytes.last() != Some(&b' ')
        && bytes.iter().fold(true, |plain, byte| plain & !is_escaped(*byte))
}

/// The length that [`encode`] gives.
pub(crate) fn encoded_len(message: &str) -> usize {
    let spaces = message.len() - message.trim_matches(' ').len();
    message.len() + 2 * (spaces + message.bytes().filter(|c| is_escaped(*c)).count())
}

/// Whether a byte takes three on the wire, wherever it stands.
pub(crate) fn is_escaped(byte: u8) -> bool {
    !(0x20..=0x7e).contains(&byte) || byte == b'%'
}

/// Decodes once. A broken escape stays as it is, and bytes that are not UTF-8 become U+FFFD.
pub(super) fn decode(encoded: &[u8]) -> Cow<'_, str> {
    // Most have no escape, and a search for one byte is fast; so is the check that all is UTF-8, in one go.
    if !encoded.contains(&b'%') {
        return str::from_utf8(encoded).map_or_else(|_| String::from_utf8_lossy(encoded), Cow::Borrowed);
    }
    match Cow::from(percent_decode(encoded)) {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(broken) => String::from_utf8_lossy(broken.as_bytes()).into_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_peers_send() {
        // The first row is the text of gRPC's interop test `special_status_message`.
        let rows: [(&[u8], &str); 9] = [
            (
                b"%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A",
                "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
            ),
            (b"", ""),
            (b"100%", "100%"),
            (b"%4", "%4"),
            (b"%GG%zz", "%GG%zz"),
            (b"%2541", "%41"),
            (b"%00", "\0"),
            (b"a\xff\xfeb", "a\u{fffd}\u{fffd}b"),
            (b"%ED%A0%80", "\u{fffd}\u{fffd}\u{fffd}"),
        ];
        for (encoded, decoded) in rows {
            assert_eq!(decode(encoded), decoded, "{encoded:?}");
        }
    }

    #[test]
    fn encodes_for_the_wire() {
        let rows = [
            ("no such task", "no such task"),
            ("50% off", "50%25 off"),
            ("  two  ", "%20%20two%20%20"),
            (" ", "%20"),
            ("", ""),
            ("Größe\n", "Gr%C3%B6%C3%9Fe%0A"),
            ("\u{7f}~", "%7F~"),
        ];
        for (text, encoded) in rows {
            assert_eq!(encode(text), encoded, "{text:?}");
            assert_eq!(encoded_len(text), encoded.len(), "{text:?}");
            assert_eq!(is_plain(text), text == encoded, "{text:?}");
            assert_eq!(decode(encoded.as_bytes()), text, "{text:?}");
        }
    }
}
