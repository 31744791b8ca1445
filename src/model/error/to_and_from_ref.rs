//! From an error that borrows what arrived, and back.

use std::{borrow::Cow, mem};

use super::Error;
use crate::model::{
    error_ref::ErrorRef,
    part::{Part, Parts},
    text::Text,
};

impl ErrorRef<'_> {
    /// Takes an error apart. Its source stays behind.
    pub(crate) fn taken_from(mut error: Error) -> Self {
        let inner = &mut *error.0;
        let (message, details) = (inner.message.take().map(Text::Owned), mem::take(&mut inner.details));
        let metadata = mem::take(&mut inner.metadata);
        ErrorRef::new(Cow::Owned(inner.kind.clone()), inner.code, inner.status, message, Parts::Own(details))
            .with_pending(Cow::Owned(metadata))
    }
}

/// A copy of what cannot be shared.
impl From<ErrorRef<'_>> for Error {
    fn from(error: ErrorRef<'_>) -> Self {
        let (code, status) = (error.code, error.status);
        let (kind, message, details, metadata) = error.into_parts();
        let details = match details {
            Parts::Own(details) => details,
            details => details.iter().map(Part::into_detail).collect(),
        };
        let mut owned = Self::from_parts(kind.into_owned(), code, status, message.map(Text::into_owned), details);
        owned.0.metadata = metadata.into_owned();
        owned
    }
}
