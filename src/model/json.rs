//! How a text stands in JSON: <https://www.rfc-editor.org/rfc/rfc8259#section-7>.

use std::{borrow::Cow, fmt};

use serde_core::{Deserialize, Deserializer, de::Visitor};

/// Whether a byte, or the character that it is a part of, stands between the quotes as it is.
fn is_plain_byte(byte: u8) -> bool {
    (byte >= b' ') & (byte != b'"') & (byte != b'\\')
}

/// Whether a text stands between the quotes as it is.
pub(crate) fn is_plain(text: impl AsRef<[u8]>) -> bool {
    all(text.as_ref(), is_plain_byte)
}

/// Without an early exit, the compiler takes 8 or 16 bytes at a time. The last ones may overlap those before.
#[inline]
pub(super) fn all(bytes: &[u8], test: impl Fn(u8) -> bool + Copy) -> bool {
    match (bytes.last_chunk::<16>(), bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(last), _, _) => {
            let (chunks, _) = bytes.as_chunks::<16>();
            chunks.iter().fold(true, |plain, chunk| plain & all_of(chunk, test)) & all_of(last, test)
        }
        (None, Some(first), Some(last)) => all_of(first, test) & all_of(last, test),
        _ => bytes.iter().fold(true, |plain, byte| plain & test(*byte)),
    }
}

#[inline(always)]
fn all_of<const N: usize>(bytes: &[u8; N], test: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(true, |plain, byte| plain & test(*byte))
}

/// How many bytes stand between the quotes as they are, up to the first that does not.
pub(crate) fn plain_len(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for (at, chunk) in chunks.iter().enumerate() {
        let chunk = u64::from_le_bytes(*chunk);
        // The high bit of each byte that is less than `low`, and of some that follow such a one.
        let less = |chunk: u64, low: u8| chunk.wrapping_sub(ONES * u64::from(low)) & !chunk;
        let is = |byte: u8| less(chunk ^ (ONES * u64::from(byte)), 1);
        let found = (less(chunk, b' ') | is(b'"') | is(b'\\')) & (ONES << 7);
        if found != 0 {
            return 8 * at + found.trailing_zeros() as usize / 8;
        }
    }
    8 * chunks.len() + rest.iter().take_while(|byte| is_plain_byte(**byte)).count()
}

/// A string of a JSON text, borrowed where it has no escapes.
pub(crate) struct JsonString<'a>(pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for JsonString<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(JsonStringVisitor)
    }
}

struct JsonStringVisitor;

impl<'de> Visitor<'de> for JsonStringVisitor {
    type Value = JsonString<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<JsonString<'de>, E> {
        Ok(JsonString(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<JsonString<'de>, E> {
        Ok(JsonString(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<JsonString<'de>, E> {
        Ok(JsonString(Cow::Owned(text)))
    }
}

/// A text that is to become JSON.
pub(crate) struct JsonText<'a> {
    text: &'a str,
    /// The length as JSON, quotes included.
    pub(crate) len: usize,
}

impl<'a> JsonText<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let len = |byte| match byte {
            b'"' | b'\\' | b'\x08' | b'\t' | b'\n' | b'\x0c' | b'\r' => 2,
            b'\0'..=b'\x1f' => 6,
            _ => 1,
        };
        let inner = if is_plain(text) { text.len() } else { text.bytes().map(len).sum() };
        Self { text, len: inner + 2 }
    }

    /// Writes it with its quotes.
    pub(crate) fn push_to(&self, out: &mut Vec<u8>) {
        if self.len == self.text.len() + 2 {
            // Most texts need no escape, and to copy them at once is several times faster.
            put_plain(out, self.text.as_bytes());
        } else {
            // A text has a JSON form, and a vector takes any bytes.
            let _ = serde_json::to_writer(out, self.text);
        }
    }
}

/// Writes a text with its quotes.
pub(crate) fn put_json(out: &mut Vec<u8>, text: &str) {
    if is_plain(text) {
        put_plain(out, text.as_bytes());
    } else {
        let _ = serde_json::to_writer(out, text);
    }
}

/// The same of bytes; `None` if they are not UTF-8.
pub(crate) fn put_json_bytes(out: &mut Vec<u8>, text: &[u8]) -> Option<()> {
    // Most texts are ASCII, which one look shows too.
    if all(text, |byte| is_plain_byte(byte) & byte.is_ascii()) {
        put_plain(out, text);
    } else {
        put_json(out, str::from_utf8(text).ok()?);
    }
    Some(())
}

#[inline]
fn put_plain(out: &mut Vec<u8>, text: &[u8]) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text);
    out.push(b'"');
}

/// How many levels may yet follow. It bounds the stack that reading, writing and dropping a tree take.
// docs/rules.md: R-LAW-7
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Depth(u8);

impl Depth {
    pub(crate) const fn of(levels: u8) -> Self {
        Self(levels)
    }

    /// So many levels further in; `None` if that is too deep.
    pub(crate) fn deeper(self, levels: u8) -> Option<Self> {
        self.0.checked_sub(levels).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sees_an_escape_wherever_it_stands() {
        for len in 0..40 {
            let plain = "x".repeat(len);
            assert!(is_plain(&plain));
            assert_eq!(plain_len(plain.as_bytes()), len);
            for at in 0..len {
                for odd in ["\"", "\\", "\u{1f}"] {
                    let text = format!("{}{odd}{}", &plain[..at], &plain[at + 1..]);
                    assert!(!is_plain(&text), "{odd:?} at {at} of {len}");
                    assert_eq!(plain_len(text.as_bytes()), at, "{odd:?} at {at} of {len}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in prop_oneof![any::<String>(), "[\\x00-\\x7f]{0,40}", "[ -~]{0,40}"]) {
            let mut out = Vec::new();
            put_json(&mut out, &text);
            prop_assert_eq!(&out, &serde_json::to_vec(&text).unwrap());
            let mut same = Vec::new();
            put_json_bytes(&mut same, text.as_bytes()).unwrap();
            prop_assert_eq!(&same, &out);
            let text = JsonText::of(&text);
            same.clear();
            text.push_to(&mut same);
            prop_assert_eq!((&same, text.len), (&out, out.len()));
        }

        #[test]
        fn any_bytes_are_refused_or_written(bytes in prop_oneof![any::<Vec<u8>>(), proptest::collection::vec(b' '..=0xc3, 0..20)]) {
            let mut out = Vec::new();
            let expected = String::from_utf8(bytes.clone()).ok().map(|text| serde_json::to_vec(&text).unwrap());
            prop_assert_eq!(put_json_bytes(&mut out, &bytes).map(|()| out), expected);
        }
    }
}
