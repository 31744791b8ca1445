//! Reading the fields of an encoded protobuf message in place, and writing them.
//!
//! <https://protobuf.dev/programming-guides/encoding/>

use std::mem;

use super::json::all;

/// One field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    /// A fixed-size field, or a group: nothing that the messages read here hold.
    Other,
}

/// The fields of a message with their numbers, in the order of the bytes. Ends with `Err` at the first broken one.
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

/// The bytes are not a protobuf message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

impl<'a> Fields<'a> {
    #[inline]
    fn varint(&mut self) -> Result<u64, Broken> {
        take_varint(&mut self.0)
    }

    fn bytes(&mut self, len: u64) -> Result<&'a [u8], Broken> {
        let len = usize::try_from(len).map_err(|_| Broken)?;
        let (bytes, rest) = self.0.split_at_checked(len).ok_or(Broken)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn field(&mut self) -> Result<(u32, Field<'a>), Broken> {
        let key = u32::try_from(self.varint()?).map_err(|_| Broken)?;
        let number = key >> 3;
        let field = match key & 7 {
            0 => Field::Varint(self.varint()?),
            1 => self.bytes(8).map(|_| Field::Other)?,
            2 => {
                let len = self.varint()?;
                Field::Bytes(self.bytes(len)?)
            }
            3 => self.group(number).map(|()| Field::Other)?,
            5 => self.bytes(4).map(|_| Field::Other)?,
            _ => return Err(Broken),
        };
        if number == 0 { Err(Broken) } else { Ok((number, field)) }
    }

    /// Skips a group without recursion, so that its depth costs no stack.
    fn group(&mut self, number: u32) -> Result<(), Broken> {
        let mut open = vec![number];
        while let Some(&innermost) = open.last() {
            let key = u32::try_from(self.varint()?).map_err(|_| Broken)?;
            match key & 7 {
                3 if open.len() < 100 => open.push(key >> 3),
                4 if key >> 3 == innermost => drop(open.pop()),
                0 => drop(self.varint()?),
                1 => drop(self.bytes(8)?),
                2 => {
                    let len = self.varint()?;
                    self.bytes(len)?;
                }
                5 => drop(self.bytes(4)?),
                _ => return Err(Broken),
            }
        }
        Ok(())
    }
}

/// Takes a number off the front.
#[inline]
pub(crate) fn take_varint(bytes: &mut &[u8]) -> Result<u64, Broken> {
    // Most keys and lengths take one byte, and most others two.
    match *bytes {
        [byte @ 0..=0x7f, rest @ ..] => {
            *bytes = rest;
            return Ok(u64::from(*byte));
        }
        [low, high @ 0..=0x7f, rest @ ..] => {
            *bytes = rest;
            return Ok(u64::from(*low & 0x7f) | u64::from(*high) << 7);
        }
        _ => {}
    }
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            *bytes = &bytes[at + 1..];
            return if at == 9 && *byte > 1 { Err(Broken) } else { Ok(value) };
        }
    }
    Err(Broken)
}

/// Steps over the key if it comes next.
#[inline]
pub(crate) fn skip_key(key: u8, bytes: &mut &[u8]) -> bool {
    let rest = bytes.strip_prefix(&[key]);
    *bytes = rest.unwrap_or(bytes);
    rest.is_some()
}

/// Takes content off the front whose length stands before it.
#[inline]
pub(crate) fn take_delimited<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = usize::try_from(take_varint(bytes).ok()?).ok()?;
    let (content, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(content)
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Field<'a>), Broken>;

    // A field that another function hands over goes through memory, which takes longer than to find it.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        // Most fields have a number below 16 and less than 128 bytes.
        if let [key @ 0x08..=0x7f, len @ 0..=0x7f, rest @ ..] = self.0
            && key & 7 == 2
            && let Some((bytes, rest)) = rest.split_at_checked(usize::from(*len))
        {
            self.0 = rest;
            return Some(Ok((u32::from(key >> 3), Field::Bytes(bytes))));
        }
        if self.0.is_empty() {
            return None;
        }
        // So has a number of one byte.
        if let [key @ 0x08..=0x7f, number @ 0..=0x7f, rest @ ..] = self.0
            && key & 7 == 0
        {
            self.0 = rest;
            return Some(Ok((u32::from(key >> 3), Field::Varint(u64::from(*number)))));
        }
        // Many details have less than 16 KiB.
        if let [key @ 0x08..=0x7f, low @ 0x80..=0xff, high @ 0..=0x7f, rest @ ..] = self.0
            && key & 7 == 2
            && let Some((bytes, rest)) = rest.split_at_checked(usize::from(*low & 0x7f) | usize::from(*high) << 7)
        {
            self.0 = rest;
            return Some(Ok((u32::from(key >> 3), Field::Bytes(bytes))));
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

/// What identifies an error in a `google.rpc.ErrorInfo`, read in place. Both are UTF-8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorInfoView<'a> {
    pub(crate) reason: &'a [u8],
    pub(crate) domain: &'a [u8],
}

/// Most texts are ASCII, and a look for just that is faster.
pub(crate) fn is_utf8(text: &[u8]) -> bool {
    all(text, |byte| byte.is_ascii()) || str::from_utf8(text).is_ok()
}

/// The texts of a message that has strings in its fields 1 to `N` and nothing else, read in place; `None` if the bytes
/// are no such message.
pub(crate) fn texts<const N: usize>(message: &[u8]) -> Option<[&str; N]> {
    let mut texts = [""; N];
    for field in Fields(message) {
        let (number, field) = field.ok()?;
        let Some(text) = (number as usize).checked_sub(1).and_then(|at| texts.get_mut(at)) else { continue };
        let Field::Bytes(bytes) = field else { return None };
        *text = std::str::from_utf8(bytes).ok()?;
    }
    Some(texts)
}

/// The length of a field of bytes, which is left out if it is empty, as proto3 has it.
pub(crate) fn field_len(len: usize) -> usize {
    if len == 0 { 0 } else { message_len(len) }
}

/// The length of a length-delimited field, key included.
pub(crate) fn message_len(len: usize) -> usize {
    1 + varint_len(len) + len
}

pub(super) fn varint_len(value: usize) -> usize {
    if value < 0x80 { 1 } else { (usize::BITS - value.leading_zeros()).div_ceil(7) as usize }
}

/// What bytes are appended to.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// What is left of room that was made for just as many bytes.
impl Sink for &mut [u8] {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        if let Some((room, rest)) = mem::take(self).split_at_mut_checked(bytes.len()) {
            room.copy_from_slice(bytes);
            *self = rest;
        }
    }
}

/// Writes a field of bytes with its key, unless it is empty.
#[inline]
pub(crate) fn put_field(out: &mut impl Sink, key: u8, value: &[u8]) {
    if !value.is_empty() {
        out.put(&[key]);
        put_varint(out, value.len());
        out.put(value);
    }
}

#[inline]
pub(crate) fn put_varint(out: &mut impl Sink, mut value: usize) {
    while value >= 0x80 {
        out.put(&[value as u8 | 0x80]);
        value >>= 7;
    }
    out.put(&[value as u8]);
}

/// Begins content whose length stands before it, in one byte at first. Says where.
pub(crate) fn open(key: u8, out: &mut Vec<u8>) -> usize {
    out.extend([key, 0]);
    out.len() - 1
}

/// Ends it.
pub(crate) fn close(at: usize, out: &mut Vec<u8>) {
    close_after::<1>(at, out);
}

/// As [`open`], for content of mostly 128 bytes and more, whose length takes two.
#[cfg(feature = "server")]
pub(crate) fn open_long(key: u8, out: &mut Vec<u8>) -> usize {
    out.extend([key, 0, 0]);
    out.len() - 2
}

/// Ends that.
#[cfg(feature = "server")]
pub(crate) fn close_long(at: usize, out: &mut Vec<u8>) {
    close_after::<2>(at, out);
}

/// Writes the length of what follows so many bytes that were left for it.
fn close_after<const ROOM: usize>(at: usize, out: &mut Vec<u8>) {
    let (start, end) = (at + ROOM, out.len());
    let mut len = end - start;
    // Seven bits a byte.
    let more = len.checked_ilog2().unwrap_or_default() as usize / 7;
    let begin = at + more + 1;
    if begin > start {
        out.resize(end + begin - start, 0);
    }
    if begin != start {
        out.copy_within(start..end, begin);
        out.truncate(begin + len);
    }
    for byte in &mut out[at..at + more] {
        *byte = len as u8 | 0x80;
        len >>= 7;
    }
    out[at + more] = len as u8;
}

#[cfg(test)]
mod tests;
