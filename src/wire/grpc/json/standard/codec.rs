//! Steps over the fields of a message, and fields that are appended to one.

use crate::model::{put_varint, take_varint};

/// Steps over the key if it comes next.
#[inline]
pub(super) fn skip(key: u8, bytes: &mut &[u8]) -> bool {
    let rest = bytes.strip_prefix(&[key]);
    *bytes = rest.unwrap_or(bytes);
    rest.is_some()
}

#[inline]
pub(super) fn varint(bytes: &mut &[u8]) -> Option<u64> {
    take_varint(bytes).ok()
}

#[inline]
pub(super) fn delimited<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = usize::try_from(varint(bytes)?).ok()?;
    let (content, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(content)
}

pub(super) fn put_bytes(key: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(key);
    put_varint(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Begins content whose length stands before it, in one byte at first. Says where.
pub(super) fn open(key: u8, out: &mut Vec<u8>) -> usize {
    out.extend([key, 0]);
    out.len() - 1
}

/// Ends it.
pub(super) fn close(at: usize, out: &mut Vec<u8>) {
    let len = out.len() - at - 1;
    match u8::try_from(len) {
        Ok(short) if short < 0x80 => out[at] = short,
        _ => {
            let mut prefix = Vec::with_capacity(10);
            put_varint(&mut prefix, len);
            out.splice(at..=at, prefix);
        }
    }
}
