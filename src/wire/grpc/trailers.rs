//! The three fields that end a failed call, and the percent-encoding of `grpc-message`.

// docs/rules.md: R-WRITE-GRPC-3

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode, utf8_percent_encode};

/// `grpc-status`
pub(crate) const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
/// `grpc-message`
pub(crate) const GRPC_MESSAGE: HeaderName = HeaderName::from_static("grpc-message");
/// `grpc-status-details-bin`
pub(crate) const GRPC_STATUS_DETAILS_BIN: HeaderName = HeaderName::from_static("grpc-status-details-bin");

/// The three fields that end a failed gRPC call, raw, as on the wire
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "the protocol has these three")]
pub struct Trailers {
    /// The code, decimal: `5`.
    pub grpc_status: Cow<'static, str>,
    /// The message, percent-encoded.
    pub grpc_message: String,
    /// A `google.rpc.Status`, base64; empty if there are no details.
    pub grpc_status_details_bin: String,
}

impl Trailers {
    /// How many bytes the fields take as HTTP/2 counts them: name, value and 32 each
    /// ([RFC 9113, section 6.5.2](https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2)).
    pub fn size(&self) -> usize {
        size(self.grpc_status.len(), self.grpc_message.len(), self.grpc_status_details_bin.len())
    }

    /// Puts the fields into a header block, in place of any that are there: `grpc-status` first, so that a receiver
    /// that drops what is too much keeps the code.
    pub fn write_to(&self, headers: &mut HeaderMap) {
        let fields = [
            (GRPC_STATUS, &*self.grpc_status),
            (GRPC_MESSAGE, &self.grpc_message),
            (GRPC_STATUS_DETAILS_BIN, &self.grpc_status_details_bin),
        ];
        for (name, value) in fields {
            headers.remove(&name);
            // What `Status::to_trailers` writes is always a valid value; a hand-made one that is not stays out.
            if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_str(value)) {
                headers.insert(name, value);
            }
        }
    }
}

/// The size of the three fields, of which empty ones are not sent.
pub(crate) fn size(status: usize, message: usize, details: usize) -> usize {
    let field = |name: HeaderName, value: usize| if value == 0 { 0 } else { name.as_str().len() + value + 32 };
    field(GRPC_STATUS, status) + field(GRPC_MESSAGE, message) + field(GRPC_STATUS_DETAILS_BIN, details)
}

/// `Status-Message` in <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses>: bytes outside
/// 0x20 to 0x7E and `%` are escaped; a reader must take whatever it gets.
const ESCAPED: &AsciiSet = &CONTROLS.add(b'%');

/// Spaces at either end are escaped too, since HTTP layers strip them.
pub(super) fn encode_message(message: &str) -> String {
    // Most are sent as they are.
    if is_plain_message(message) {
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

/// Whether [`encode_message`] gives the message as it is. Looks at every byte, since without an early exit the compiler takes
/// many at a time.
pub(super) fn is_plain_message(message: &str) -> bool {
    let bytes = message.as_bytes();
    bytes.first() != Some(&b' ')
        && bytes.last() != Some(&b' ')
        && bytes.iter().fold(true, |plain, byte| plain & !is_escaped(*byte))
}

/// The length that [`encode_message`] gives.
pub(crate) fn encoded_len(message: &str) -> usize {
    let spaces = message.len() - message.trim_matches(' ').len();
    message.len() + 2 * (spaces + message.bytes().filter(|c| is_escaped(*c)).count())
}

/// Whether a byte takes three on the wire, wherever it stands.
pub(crate) fn is_escaped(byte: u8) -> bool {
    !(0x20..=0x7e).contains(&byte) || byte == b'%'
}

/// Decodes once. A broken escape stays as it is, and bytes that are not UTF-8 become U+FFFD.
pub(super) fn decode_message(encoded: &[u8]) -> Cow<'_, str> {
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
            assert_eq!(decode_message(encoded), decoded, "{encoded:?}");
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
            assert_eq!(encode_message(text), encoded, "{text:?}");
            assert_eq!(encoded_len(text), encoded.len(), "{text:?}");
            assert_eq!(is_plain_message(text), text == encoded, "{text:?}");
            assert_eq!(decode_message(encoded.as_bytes()), text, "{text:?}");
        }
    }
}
