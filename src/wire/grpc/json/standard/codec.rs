//! Steps over the fields of a message.

use crate::model::take_varint;

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
