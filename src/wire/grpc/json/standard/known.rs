//! Bytes that need not be decoded and encoded again, since nothing in them would be dropped.

use super::shape::{Content, Field, Standard};
use crate::model::{DetailView, Field as Value, Fields, is_utf8};

/// Whether a detail is a valid standard one that has only the first `fields` fields of its type, at any depth only fields
/// that its descriptor knows, and none of them twice that is not a list: of two, only the last one is seen by a reader, and the
/// other one would leave unseen. In which order they stand does not matter: a protobuf map has none.
pub(crate) fn has_only_known(detail: DetailView<'_>, fields: usize) -> bool {
    Standard::of(detail.detail_type()).is_some_and(|standard| {
        let known = &standard.shape.fields;
        message(&known[..fields.min(known.len())], detail.value()).is_some()
    })
}

fn message(known: &[Field], bytes: &[u8]) -> Option<()> {
    let mut once = Once::default();
    for field in Fields(bytes) {
        let (number, value) = field.ok()?;
        let field = known.iter().find(|field| u32::from(field.key >> 3) == number)?;
        match (&field.content, value) {
            (Content::Text, Value::Bytes(text)) if is_utf8(text) => {}
            (Content::Int64, Value::Varint(_)) => {}
            (Content::Duration, Value::Bytes(duration)) => self::duration(duration)?,
            (Content::Texts, Value::Bytes(entry)) => self::entry(entry)?,
            (Content::Message(shape), Value::Bytes(bytes)) => message(&shape.fields, bytes)?,
            _ => return None,
        }
        if !field.is_list && !matches!(field.content, Content::Texts) {
            once.see(number)?;
        }
    }
    Some(())
}

/// Name and value of a map are fields 1 and 2 of its entry.
fn entry(bytes: &[u8]) -> Option<()> {
    let mut once = Once::default();
    for field in Fields(bytes) {
        match field.ok()? {
            (number @ 1..=2, Value::Bytes(text)) if is_utf8(text) => once.see(number)?,
            _ => return None,
        }
    }
    Some(())
}

/// Seconds and nanoseconds are fields 1 and 2.
fn duration(bytes: &[u8]) -> Option<()> {
    let mut once = Once::default();
    for field in Fields(bytes) {
        match field.ok()? {
            (number @ 1..=2, Value::Varint(_)) => once.see(number)?,
            _ => return None,
        }
    }
    Some(())
}

/// The numbers that were seen. All that are known are below 16.
#[derive(Default)]
struct Once(u32);

impl Once {
    /// `None` the second time.
    fn see(&mut self, number: u32) -> Option<()> {
        let bit = 1_u32.checked_shl(number)?;
        let is_first = self.0 & bit == 0;
        self.0 |= bit;
        is_first.then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Detail;

    #[test]
    fn sees_what_encoding_would_drop() {
        const ALL: usize = usize::MAX;
        let rows: [(&str, &str, usize, &[u8], bool); 26] = [
            ("empty", "RequestInfo", ALL, b"", true),
            ("both", "RequestInfo", ALL, b"\x0a\x01a\x12\x01b", true),
            ("more than asked for", "RequestInfo", 1, b"\x0a\x01a\x12\x01b", false),
            ("no more than asked for", "RequestInfo", 1, b"\x0a\x01a", true),
            ("another order", "RequestInfo", ALL, b"\x12\x01b\x0a\x01a", true),
            ("given twice", "RequestInfo", ALL, b"\x0a\x01a\x0a\x01a", false),
            ("a default", "RequestInfo", ALL, b"\x0a\x00", true),
            ("items", "DebugInfo", ALL, b"\x0a\x00\x0a\x01a", true),
            ("unknown field", "RequestInfo", ALL, b"\x1a\x01c", false),
            ("unknown group", "RequestInfo", ALL, b"\x1b\x1c", false),
            ("another wire type", "RequestInfo", ALL, b"\x08\x01", false),
            ("a long length", "RequestInfo", ALL, b"\x0a\x81\x00a", true),
            ("a long key", "RequestInfo", ALL, b"\x8a\x00\x01a", true),
            ("not UTF-8", "RequestInfo", ALL, b"\x0a\x01\xff", false),
            ("cut", "RequestInfo", ALL, b"\x0a\x02a", false),
            ("entries", "ErrorInfo", ALL, b"\x1a\x03\x0a\x01a\x1a\x03\x0a\x01b", true),
            ("entries in another order", "ErrorInfo", ALL, b"\x1a\x03\x0a\x01b\x1a\x03\x0a\x01a", true),
            ("an empty value", "ErrorInfo", ALL, b"\x1a\x05\x0a\x01a\x12\x00", true),
            ("more in an entry", "ErrorInfo", ALL, b"\x1a\x05\x0a\x01a\x1a\x00", false),
            ("a name twice in an entry", "ErrorInfo", ALL, b"\x1a\x06\x0a\x01a\x0a\x01b", false),
            ("a delay", "RetryInfo", ALL, b"\x0a\x04\x08\x01\x10\x01", true),
            ("a delay twice", "RetryInfo", ALL, b"\x0a\x02\x08\x01\x0a\x02\x10\x01", false),
            ("more in a delay", "RetryInfo", ALL, b"\x0a\x04\x08\x01\x18\x01", false),
            ("a message in a message", "Help", ALL, b"\x0a\x03\x0a\x01a\x0a\x00", true),
            ("unknown inside", "Help", ALL, b"\x0a\x03\x1a\x01a", false),
            ("another type", "HttpResponse", ALL, b"", false),
        ];
        for (name, type_name, fields, bytes, expected) in rows {
            let detail = Detail::new(format!("google.rpc.{type_name}"), bytes);
            assert_eq!(has_only_known(detail.view(), fields), expected, "{name}");
        }
    }
}
