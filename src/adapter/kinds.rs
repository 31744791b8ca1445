//! What the code of `#[derive(errwire::Kinds)]` calls.

use std::{borrow::Cow, cell::OnceCell, collections::BTreeMap, error, fmt, str::FromStr};

use crate::model::{Code, Error, Kind, kinds};

/// An error that is none of an enum: its kind is another one, or lacks a value that the variant wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindMismatch {
    kind: Kind,
    wanted: &'static str,
}

impl KindMismatch {
    /// The kind of the error.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }
}

impl fmt::Display for KindMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an error of the kind {} is not a {}, or lacks a value of its fields", self.kind, self.wanted)
    }
}

impl error::Error for KindMismatch {}

#[doc(hidden)]
pub fn mismatch(error: &Error, wanted: &'static str) -> KindMismatch {
    KindMismatch { kind: error.kind().clone(), wanted }
}

/// Whatever can be read from text.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read back from the metadata of an error",
    label = "needs `std::str::FromStr`",
    note = "implement `FromStr`, mark the field with `#[kind(skip)]`, or the enum with `#[errwire(one_way)]`"
)]
pub trait FromMetadata: Sized {
    fn from_metadata(text: &str) -> Option<Self>;
}

impl<T: FromStr> FromMetadata for T {
    fn from_metadata(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// What the metadata of an error has; else what its message has in the place of a placeholder, since a body for callers
/// outside is no more than kind and message.
#[doc(hidden)]
pub struct Values<'e> {
    error: &'e Error,
    kind: &'e Kind,
    metadata: OnceCell<BTreeMap<String, String>>,
}

impl<'e> Values<'e> {
    pub fn of(error: &'e Error, kind: &'e Kind) -> Self {
        Self { error, kind, metadata: OnceCell::new() }
    }

    pub fn make<T>(&self, made: impl FnOnce(&Self) -> Option<T>) -> Option<T> {
        made(self)
    }

    pub fn required<T: FromMetadata>(&self, key: &str) -> Option<T> {
        self.optional(key)?
    }

    /// `None` if the value is there and cannot be read.
    pub fn optional<T: FromMetadata>(&self, key: &str) -> Option<Option<T>> {
        let metadata = self.metadata.get_or_init(|| self.error.metadata());
        match metadata.get(key) {
            Some(value) => T::from_metadata(value).map(Some),
            None => self.in_message(key),
        }
    }

    fn in_message<T: FromMetadata>(&self, key: &str) -> Option<Option<T>> {
        let message = self.error.message();
        let found = self.kind.entry().and_then(|entry| entry.message.values(&message));
        match found.and_then(|values| values.into_iter().find(|(name, _)| *name == key)) {
            Some((_, value)) => T::from_metadata(value).map(Some),
            None => Some(None),
        }
    }
}

/// Whether an entry gives the built-in kind of its name another meaning; `None` if there is no such kind.
#[doc(hidden)]
pub const fn replaces(kind: &str, status: u16, code: Code) -> Option<bool> {
    let mut at = 0;
    while at < kinds::ALL.len() {
        let builtin = kinds::ALL[at];
        if let Cow::Borrowed(name) = builtin.kind
            && is_same(name.as_bytes(), kind.as_bytes())
        {
            return Some(builtin.status.as_u16() != status || builtin.code.number() != code.number());
        }
        at += 1;
    }
    None
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    a.len() == b.len() && at == a.len()
}

/// Passes on what needs the feature `tonic`.
#[cfg(feature = "tonic")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_tonic {
    ($($item:tt)*) => { $($item)* };
}

/// Passes on what needs the feature `tonic`.
#[cfg(not(feature = "tonic"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_tonic {
    ($($item:tt)*) => {};
}

/// Passes on what needs the feature `axum`.
#[cfg(feature = "axum")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_axum {
    ($($item:tt)*) => { $($item)* };
}

/// Passes on what needs the feature `axum`.
#[cfg(not(feature = "axum"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_axum {
    ($($item:tt)*) => {};
}
