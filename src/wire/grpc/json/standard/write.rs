//! From bytes to JSON text.

use std::io::Write;

use prost_types::Duration;
use smallvec::SmallVec;

use super::{
    ALL_FIELDS,
    shape::{self, Content, Field, Seen, Standard},
};
use crate::{
    model::{DetailView, put_json, put_json_bytes, skip_key, take_delimited, take_varint},
    wire::grpc::json::{
        well_known::{Inside, is_writable},
        write,
    },
};

/// Appends the text of a message of the service. `None` for what is not usual, and then `out` is as it was.
pub(in crate::wire::grpc::json) fn message(
    full_name: &str,
    bytes: &[u8],
    inside: Inside<'_>,
    out: &mut Vec<u8>,
) -> Option<()> {
    let fields = shape::message(full_name)?;
    let start = out.len();
    let written = object(fields, bytes, inside, out);
    if written.is_none() {
        out.truncate(start);
    }
    written
}

/// Appends the text of an `Any` that is a standard detail, with the first `kept` fields of its type. `None` for what is not usual, and then `out` is as it was.
pub(in crate::wire::grpc::json) fn detail(
    detail: DetailView<'_>,
    kept: usize,
    inside: Inside<'_>,
    out: &mut Vec<u8>,
) -> Option<()> {
    let (standard, type_url) = (Standard::of(detail.detail_type())?, detail.type_url());
    let start = out.len();
    out.push(b'{');
    if type_url == standard.type_url {
        out.extend_from_slice(standard.first_member.as_bytes());
    } else {
        out.extend_from_slice(br#""@type":"#);
        put_json(out, type_url);
    }
    let written = members(&standard.fields, kept, detail.value(), b',', inside, out);
    if written.is_none() {
        out.truncate(start);
    }
    out.extend_from_slice(if written.is_some() { b"}" } else { b"" });
    written
}

fn object(fields: &[Field], bytes: &[u8], inside: Inside<'_>, out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    members(fields, ALL_FIELDS, bytes, b'{', inside, out)?;
    let is_empty = out.len() == start;
    out.extend_from_slice(if is_empty { b"{}" } else { b"}" });
    Some(())
}

/// `before` stands before the first member: a comma, or the brace that opens the object.
fn members(
    fields: &[Field],
    kept: usize,
    mut bytes: &[u8],
    mut before: u8,
    inside: Inside<'_>,
    out: &mut Vec<u8>,
) -> Option<()> {
    let inside = inside.deeper(1).ok()?;
    let mut oneofs = Seen::default();
    for (at, field) in fields.iter().enumerate() {
        let start = out.len();
        if bytes.first() == Some(&field.key) {
            // Of several the last one counts.
            oneofs.see(field.oneof)?;
            out.push(before);
            out.extend_from_slice(field.quoted_name.as_bytes());
            if content(field, &mut bytes, inside, out)? && at < kept {
                before = b',';
            } else {
                out.truncate(start);
            }
        }
    }
    // What is left is unknown, given twice, or before what should stand before it.
    bytes.is_empty().then_some(())
}

/// Of a field that comes next; `false` if it is to be left out.
fn content(field: &Field, bytes: &mut &[u8], inside: Inside<'_>, out: &mut Vec<u8>) -> Option<bool> {
    if matches!(field.content, Content::Texts) {
        texts(field.key, bytes, out)?;
        return Some(true);
    }
    if !field.is_list {
        skip_key(field.key, bytes);
        return single(field, bytes, inside, out);
    }
    let inside = inside.deeper(1).ok()?;
    let mut before = b'[';
    while skip_key(field.key, bytes) {
        out.push(before);
        before = b',';
        single(field, bytes, inside, out)?;
    }
    out.push(b']');
    Some(true)
}

fn single(field: &Field, bytes: &mut &[u8], inside: Inside<'_>, out: &mut Vec<u8>) -> Option<bool> {
    let is_set = match &field.content {
        Content::Text => {
            let text = take_delimited(bytes)?;
            put_json_bytes(out, text)?;
            !text.is_empty()
        }
        Content::Bytes => {
            let content = take_delimited(bytes)?;
            put_json(out, &base64_simd::STANDARD.encode_to_string(content));
            !content.is_empty()
        }
        Content::Bool | Content::Int32 | Content::Uint32 | Content::Int64 | Content::Enum(_) => {
            let number = take_varint(bytes).ok()?;
            let number = match field.content {
                Content::Int64 => number as i64,
                Content::Uint32 => (number as u32).into(),
                Content::Bool => (number != 0).into(),
                _ => (number as i32).into(),
            };
            put_number(&field.content, number, out);
            number != 0
        }
        Content::Duration => {
            put_duration(&duration(take_delimited(bytes)?).filter(is_writable)?, out);
            true
        }
        Content::Message(fields) => {
            object(fields, take_delimited(bytes)?, inside, out)?;
            true
        }
        Content::Any => {
            let (type_url, value) = entry(take_delimited(bytes)?)?;
            let any = DetailView::new(type_url, value)?;
            if detail(any, ALL_FIELDS, inside, out).is_none() {
                write::any(inside, any.type_url(), value, out);
            }
            true
        }
        Content::Texts => return None,
    };
    Some(field.keeps_default || is_set)
}

fn put_number(content: &Content, number: i64, out: &mut Vec<u8>) {
    // A vector takes whatever is written to it.
    let _ = match content {
        Content::Bool => write!(out, "{}", number != 0),
        Content::Int64 => write!(out, "\"{number}\""),
        Content::Enum(names) => match names.iter().find(|(known, _)| i64::from(*known) == number) {
            Some((_, quoted)) => out.write_all(quoted.as_bytes()),
            None => write!(out, "{number}"),
        },
        _ => write!(out, "{number}"),
    };
}

/// A map, in the order of the bytes.
fn texts(key: u8, bytes: &mut &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut names = SmallVec::<[&[u8]; 8]>::new();
    let mut before = b'{';
    while skip_key(key, bytes) {
        let (name, value) = entry(take_delimited(bytes)?)?;
        out.push(before);
        before = b',';
        put_json_bytes(out, name)?;
        out.push(b':');
        put_json_bytes(out, value)?;
        names.push(name);
    }
    out.push(b'}');
    // Of two entries of one name the last one counts, which stands behind.
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0] != pair[1]).then_some(())
}

/// Name and value of a map, or type URL and value of an `Any`: fields 1 and 2, and empty if they are not there.
fn entry(mut bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let name = if skip_key(0x0a, &mut bytes) { take_delimited(&mut bytes)? } else { b"" };
    let value = if skip_key(0x12, &mut bytes) { take_delimited(&mut bytes)? } else { b"" };
    bytes.is_empty().then_some((name, value))
}

/// As `Display` of a duration has it, which takes ten times as long. Most are of whole milliseconds, and none of them negative.
fn put_duration(duration: &Duration, out: &mut Vec<u8>) {
    let Duration { seconds, nanos } = *duration;
    out.push(b'"');
    if seconds >= 0 && nanos >= 0 && nanos % 1_000_000 == 0 {
        put_digits(seconds.unsigned_abs(), 1, out);
        if nanos > 0 {
            out.push(b'.');
            put_digits(u64::from(nanos.unsigned_abs()) / 1_000_000, 3, out);
        }
        out.push(b's');
    } else {
        // A vector takes whatever is written to it.
        let _ = write!(out, "{duration}");
    }
    out.push(b'"');
}

fn put_digits(mut number: u64, least: usize, out: &mut Vec<u8>) {
    let start = out.len();
    while number > 0 || out.len() - start < least {
        out.push(b'0' + (number % 10) as u8);
        number /= 10;
    }
    out[start..].reverse();
}

/// Seconds and nanoseconds are fields 1 and 2.
fn duration(mut bytes: &[u8]) -> Option<Duration> {
    let seconds = if skip_key(0x08, &mut bytes) { take_varint(&mut bytes).ok()? as i64 } else { 0 };
    let nanos = if skip_key(0x10, &mut bytes) { take_varint(&mut bytes).ok()? as i32 } else { 0 };
    bytes.is_empty().then_some(Duration { seconds, nanos })
}
