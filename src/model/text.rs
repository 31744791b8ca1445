//! Texts that are copied only where they must outlive what they came from, and short ones without an allocation.

use std::{mem, ops::Deref};

use bytes::Bytes;
use bytestring::ByteString;

/// A text, owned or borrowed.
#[derive(Clone, Debug)]
pub(crate) enum Text<'a> {
    Borrowed(&'a str),
    Static(&'static str),
    /// A part of bytes that can be shared.
    PartOf(&'a Bytes, &'a str),
    Shared(&'a ByteString),
    Owned(ByteString),
}

impl Text<'_> {
    /// The same, held by whoever holds this one.
    #[inline]
    pub(crate) fn by_ref(&self) -> Text<'_> {
        match self {
            Self::Borrowed(text) => Text::Borrowed(text),
            Self::Static(text) => Text::Static(text),
            Self::PartOf(bytes, text) => Text::PartOf(bytes, text),
            Self::Shared(text) => Text::Shared(text),
            Self::Owned(text) => Text::Shared(text),
        }
    }

    /// On its own, without a copy where it can be shared.
    pub(crate) fn into_owned(mut self) -> ByteString {
        self.take()
    }

    /// The same, from where it is: what is owned stays behind empty.
    #[inline]
    pub(crate) fn take(&mut self) -> ByteString {
        match self {
            Self::Borrowed(text) => (*text).into(),
            Self::Static(text) => ByteString::from_static(text),
            // It came from a text.
            Self::PartOf(bytes, text) => bytes.slice_ref(text.as_bytes()).try_into().unwrap_or_default(),
            Self::Shared(text) => text.clone(),
            Self::Owned(text) => mem::take(text),
        }
    }
}

impl From<ByteString> for Text<'_> {
    fn from(text: ByteString) -> Self {
        Self::Owned(text)
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) | Self::Static(text) | Self::PartOf(_, text) => text,
            Self::Shared(text) => text,
            Self::Owned(text) => text,
        }
    }
}

/// A text of at most 23 bytes, in place. Whole words, aligned, are copied faster than bytes.
#[derive(Clone, Copy)]
#[repr(align(8))]
pub(super) struct Short {
    /// The text, and zeros.
    bytes: [u8; Self::MAX_LEN],
    len: u8,
}

impl Short {
    /// With the length it is three words, and four with the tag of an enum.
    const MAX_LEN: usize = 23;

    /// `None` if the text is longer.
    pub(super) fn new(text: &[u8]) -> Option<Self> {
        let mut bytes = [0; Self::MAX_LEN];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        Some(Self { len: u8::try_from(text.len()).ok()?, bytes })
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    pub(super) fn as_str(&self) -> &str {
        // They came from a text.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn holds_what_fits() {
        for text in ["", "a", "größe", &"k".repeat(22), &"k".repeat(23)] {
            assert_eq!(Short::new(text.as_bytes()).map(|short| short.as_str().to_owned()).as_deref(), Some(text));
        }
        assert!(Short::new("k".repeat(24).as_bytes()).is_none());
        assert_eq!(size_of::<Kind>(), 32);
    }

    #[test]
    fn kinds_of_every_length_are_equal_by_name() {
        for len in 3..=63 {
            let (name, other) = ("k".repeat(len), format!("{}j", "k".repeat(len - 1)));
            let kind = Kind::new(&name).unwrap();
            assert_eq!((kind.as_str(), kind.reason().as_ref()), (&*name, &*name.to_ascii_uppercase()));
            assert!(kind == *name && kind == Kind::new(&name).unwrap() && kind.has_reason(&*kind.reason()));
            assert!(kind != *other && kind != Kind::new(&other).unwrap() && kind.clone() == kind);
        }
    }
}
