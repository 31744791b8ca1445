//! From an error that borrows what arrived, and back.

use std::{borrow::Cow, mem};

use super::{Error, Inner, Search};
use crate::model::{
    error_ref::{ErrorRef, Known},
    part::{Part, Parts},
    text::Text,
};

impl ErrorRef<'_> {
    /// Takes an error apart. Its source stays behind.
    pub(crate) fn taken_from(mut error: Error) -> Self {
        let inner = &mut *error.0;
        let (message, details) = (inner.message.take().map(Text::Owned), mem::take(&mut inner.details));
        let metadata = mem::take(&mut inner.metadata);
        ErrorRef::new(
            Cow::Owned(inner.kind.clone()),
            inner.code,
            inner.status,
            message,
            Parts::Own(details),
            Known::default(),
        )
        .with_pending(Cow::Owned(metadata))
    }
}

/// A copy of what cannot be shared.
impl From<ErrorRef<'_>> for Error {
    fn from(error: ErrorRef<'_>) -> Self {
        // Its place comes first, so that each part moves there once.
        let place = Box::<Inner>::new_uninit();
        let ErrorRef { kind, code, status, message, details, metadata, .. } = error;
        let inner = Inner {
            kind: kind.into_owned(),
            code,
            status,
            message: message.map(Text::into_owned),
            details: match details {
                Parts::Own(details) => details,
                details => details.iter().map(Part::into_detail).collect(),
            },
            metadata: metadata.into_owned(),
            naming: Search::default(),
            violations: Search::default(),
            source: None,
        };
        Self(Box::write(place, inner))
    }
}
