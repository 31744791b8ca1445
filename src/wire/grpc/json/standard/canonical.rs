//! Bytes that stay as they are when they are decoded and encoded again.

use prost::encoding::encoded_len_varint;

use super::{
    cursor::{skip, varint},
    shape::{Content, Field, Standard},
};
use crate::model::{Detail, is_utf8};

/// Whether a detail is a standard one that has none but the first `fields` fields of its type, known and each of them
/// in the form in which generated code with sorted maps writes it. `false` where that would take a closer look.
pub(crate) fn is_canonical(detail: &Detail, fields: usize) -> bool {
    Standard::find(detail.type_name()).is_some_and(|standard| {
        let known = &standard.shape.fields;
        message(&known[..fields.min(known.len())], detail.value()).is_some()
    })
}

fn message(fields: &[Field], mut bytes: &[u8]) -> Option<()> {
    for field in fields {
        if matches!(field.content, Content::Texts) {
            texts(field.key, &mut bytes)?;
            continue;
        }
        while skip(field.key, &mut bytes) {
            content(field, &mut bytes)?;
            if !field.is_list {
                break;
            }
        }
    }
    bytes.is_empty().then_some(())
}

fn content(field: &Field, bytes: &mut &[u8]) -> Option<()> {
    let is_default = match &field.content {
        Content::Text => text(bytes)?.is_empty(),
        Content::Int64 => shortest(bytes)? == 0,
        Content::Duration => {
            duration(delimited(bytes)?)?;
            false
        }
        Content::Message(shape) => {
            message(&shape.fields, delimited(bytes)?)?;
            false
        }
        Content::Texts => return None,
    };
    (field.keeps_default || !is_default).then_some(())
}

/// The entries of a map in the order of their names; in each, what is empty is left out.
fn texts(key: u8, bytes: &mut &[u8]) -> Option<()> {
    let mut previous = None;
    while skip(key, bytes) {
        let mut entry = delimited(bytes)?;
        let mut part = |key| match skip(key, &mut entry) {
            true => text(&mut entry).filter(|text| !text.is_empty()),
            false => Some(&b""[..]),
        };
        let name = part(0x0a)?;
        part(0x12)?;
        if !entry.is_empty() || previous.is_some_and(|previous| previous >= name) {
            return None;
        }
        previous = Some(name);
    }
    Some(())
}

/// Seconds and nanoseconds are fields 1 and 2, 64 and 32 bits wide.
fn duration(mut bytes: &[u8]) -> Option<()> {
    if skip(0x08, &mut bytes) {
        shortest(&mut bytes).filter(|seconds| *seconds != 0)?;
    }
    if skip(0x10, &mut bytes) {
        let nanos = shortest(&mut bytes).filter(|nanos| *nanos != 0)? as i64;
        i32::try_from(nanos).ok()?;
    }
    bytes.is_empty().then_some(())
}

fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let text = delimited(bytes)?;
    is_utf8(text).then_some(text)
}

fn delimited<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = usize::try_from(shortest(bytes)?).ok()?;
    let (content, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(content)
}

/// A number in as few bytes as it takes.
fn shortest(bytes: &mut &[u8]) -> Option<u64> {
    if let [byte @ 0..=0x7f, rest @ ..] = *bytes {
        *bytes = rest;
        return Some(u64::from(*byte));
    }
    let before = bytes.len();
    let number = varint(bytes)?;
    (before - bytes.len() == encoded_len_varint(number)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_what_encoding_would_change() {
        const ALL: usize = usize::MAX;
        let rows: [(&str, &str, usize, &[u8], bool); 24] = [
            ("empty", "RequestInfo", ALL, b"", true),
            ("both", "RequestInfo", ALL, b"\x0a\x01a\x12\x01b", true),
            ("more than asked for", "RequestInfo", 1, b"\x0a\x01a\x12\x01b", false),
            ("no more than asked for", "RequestInfo", 1, b"\x0a\x01a", true),
            ("another order", "RequestInfo", ALL, b"\x12\x01b\x0a\x01a", false),
            ("given twice", "RequestInfo", ALL, b"\x0a\x01a\x0a\x01a", false),
            ("a default", "RequestInfo", ALL, b"\x0a\x00", false),
            ("an item may be one", "DebugInfo", ALL, b"\x0a\x00\x0a\x00", true),
            ("unknown field", "RequestInfo", ALL, b"\x1a\x01c", false),
            ("a long length", "RequestInfo", ALL, b"\x0a\x81\x00a", false),
            ("a long key", "RequestInfo", ALL, b"\x8a\x00\x01a", false),
            ("no UTF-8", "RequestInfo", ALL, b"\x0a\x01\xff", false),
            ("cut", "RequestInfo", ALL, b"\x0a\x02a", false),
            ("entries", "ErrorInfo", ALL, b"\x1a\x03\x0a\x01a\x1a\x03\x0a\x01b", true),
            ("entries in another order", "ErrorInfo", ALL, b"\x1a\x03\x0a\x01b\x1a\x03\x0a\x01a", false),
            ("an entry twice", "ErrorInfo", ALL, b"\x1a\x03\x0a\x01a\x1a\x03\x0a\x01a", false),
            ("an empty value", "ErrorInfo", ALL, b"\x1a\x05\x0a\x01a\x12\x00", false),
            ("more in an entry", "ErrorInfo", ALL, b"\x1a\x05\x0a\x01a\x1a\x00", false),
            ("a delay", "RetryInfo", ALL, b"\x0a\x04\x08\x01\x10\x01", true),
            ("no seconds", "RetryInfo", ALL, b"\x0a\x04\x08\x00\x10\x01", false),
            ("33 bits of nanoseconds", "RetryInfo", ALL, b"\x0a\x06\x10\x80\x80\x80\x80\x10", false),
            ("a message in a message", "Help", ALL, b"\x0a\x03\x0a\x01a\x0a\x00", true),
            ("unknown inside", "Help", ALL, b"\x0a\x03\x1a\x01a", false),
            ("another type", "HttpResponse", ALL, b"", false),
        ];
        for (name, type_name, fields, bytes, expected) in rows {
            let detail = Detail::new(format!("google.rpc.{type_name}"), bytes);
            assert_eq!(is_canonical(&detail, fields), expected, "{name}");
        }
    }
}
