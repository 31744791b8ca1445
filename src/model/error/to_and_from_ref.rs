//! From an error that borrows what arrived, and back.

use std::{borrow::Cow, mem, ops::Deref};

use bytes::Bytes;
use bytestring::ByteString;

use super::Error;
use crate::model::{
    Code, Detail, Details, HttpStatus, Kind,
    detail_type::DetailTypes,
    error_ref::{ErrorRef, Known},
    part::Parts,
    text::Text,
};

/// What reading makes: an error that borrows what arrived, or one of its own. The one is not made of the other, which would move
/// all of it once more.
pub(crate) trait ReadError<'a>: Sized {
    /// The message as this holds it.
    type Text: Deref<Target = str> + From<ByteString>;

    /// Takes a text that was read from these bytes.
    fn text(bytes: &'a Bytes, text: &mut Cow<'a, str>) -> Self::Text;

    fn read(
        kind: Kind,
        code: Code,
        status: HttpStatus,
        message: Option<Self::Text>,
        details: Details,
        known: Known,
    ) -> Self;

    /// What an error says, which had to be made whole.
    fn taken_from(error: Error) -> Self;
}

impl<'a> ReadError<'a> for ErrorRef<'a> {
    type Text = Text<'a>;

    #[inline]
    fn text(bytes: &'a Bytes, text: &mut Cow<'a, str>) -> Text<'a> {
        match text {
            Cow::Borrowed(text) => Text::PartOf(bytes, text),
            Cow::Owned(text) => Text::Owned(mem::take(text).into()),
        }
    }

    #[inline]
    fn read(
        kind: Kind,
        code: Code,
        status: HttpStatus,
        message: Option<Text<'a>>,
        details: Details,
        known: Known,
    ) -> Self {
        // Before they move to their place, where a look at them would wait for the move.
        let types = DetailTypes::of(details.iter().map(Detail::view));
        Self::new(Cow::Owned(kind), code, status, message, Parts::Own(details), types, known)
    }

    /// Its source stays behind.
    fn taken_from(mut error: Error) -> Self {
        let inner = &mut *error.0;
        let (message, details) = (inner.message.take().map(Text::Owned), mem::take(&mut inner.details));
        let metadata = mem::take(&mut inner.metadata);
        let (kind, types) = (Cow::Owned(inner.kind.clone()), DetailTypes::of(details.iter().map(Detail::view)));
        Self::new(kind, inner.code, inner.status, message, Parts::Own(details), types, Known::default())
            .with_pending(Cow::Owned(metadata))
    }
}

impl<'a> ReadError<'a> for Error {
    type Text = ByteString;

    #[inline]
    fn text(bytes: &'a Bytes, text: &mut Cow<'a, str>) -> ByteString {
        <ErrorRef<'a> as ReadError<'a>>::text(bytes, text).into_owned()
    }

    #[inline]
    fn read(
        kind: Kind,
        code: Code,
        status: HttpStatus,
        message: Option<ByteString>,
        details: Details,
        _: Known,
    ) -> Self {
        Self::from_parts(kind, code, status, message, details)
    }

    fn taken_from(error: Error) -> Self {
        error
    }
}

/// A copy of what cannot be shared.
impl From<ErrorRef<'_>> for Error {
    fn from(error: ErrorRef<'_>) -> Self {
        let ErrorRef { kind, code, status, message, details, metadata, .. } = error;
        let details = match details {
            Parts::Own(details) => details,
            details => details.iter().map(|part| part.to_detail()).collect(),
        };
        let message = message.map(Text::into_owned);
        Self::with_pending(kind.into_owned(), code, status, message, details, metadata.into_owned())
    }
}
