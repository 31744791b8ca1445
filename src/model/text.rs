//! A text that is copied only where it must outlive what it came from.

use std::{borrow::Cow, ops::Deref};

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

impl<'a> Text<'a> {
    /// Read from these bytes: a part of them, unless it had to be decoded.
    pub(crate) fn read_from(bytes: &'a Bytes, text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::PartOf(bytes, text),
            Cow::Owned(text) => Self::Owned(text.into()),
        }
    }
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
    pub(crate) fn into_owned(self) -> ByteString {
        match self {
            Self::Borrowed(text) => text.into(),
            Self::Static(text) => ByteString::from_static(text),
            // It came from a text.
            Self::PartOf(bytes, text) => bytes.slice_ref(text.as_bytes()).try_into().unwrap_or_default(),
            Self::Shared(text) => text.clone(),
            Self::Owned(text) => text,
        }
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
