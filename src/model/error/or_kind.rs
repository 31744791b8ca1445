//! A kind for what failed.

use super::{BoxError, Error, Result};
use crate::model::Kind;

/// Says which kind of error it is that something failed. What failed stays as the source, for logs.
///
/// ```
/// use errwire::{Error, OrKind, kinds};
///
/// fn page(number: &str) -> errwire::Result<u32> {
///     number.parse().with_kind(|| Error::new(kinds::REQUEST_INVALID).with_field_violation("page", "is not a number"))
/// }
///
/// let error = page("x").unwrap_err();
/// assert!(error.kind() == kinds::REQUEST_INVALID);
/// assert!(std::error::Error::source(&error).is_some_and(|source| source.is::<std::num::ParseIntError>()));
///
/// let error = std::fs::read("/no/such/file").or_kind(kinds::INTERNAL_ERROR).unwrap_err();
/// assert!(!error.message().contains("file"));
///
/// let error = None::<u32>.or_kind(kinds::TASK_NOT_FOUND).unwrap_err();
/// assert_eq!(error.status(), 404);
/// ```
pub trait OrKind<T>: sealed::Sealed {
    /// An error of this kind.
    ///
    /// # Errors
    ///
    /// If it failed.
    fn or_kind(self, kind: Kind) -> Result<T>;

    /// The error, or the error of the kind, that this makes.
    ///
    /// # Errors
    ///
    /// If it failed.
    fn with_kind<K: Into<Error>>(self, make: impl FnOnce() -> K) -> Result<T>;
}

impl<T, E: Into<BoxError>> OrKind<T> for std::result::Result<T, E> {
    fn or_kind(self, kind: Kind) -> Result<T> {
        self.map_err(|source| Error::new(kind).with_source(source))
    }

    fn with_kind<K: Into<Error>>(self, make: impl FnOnce() -> K) -> Result<T> {
        self.map_err(|source| make().into().with_source(source))
    }
}

impl<T> OrKind<T> for Option<T> {
    fn or_kind(self, kind: Kind) -> Result<T> {
        self.ok_or_else(|| Error::new(kind))
    }

    fn with_kind<K: Into<Error>>(self, make: impl FnOnce() -> K) -> Result<T> {
        self.ok_or_else(|| make().into())
    }
}

mod sealed {
    pub trait Sealed {}

    impl<T, E> Sealed for Result<T, E> {}
    impl<T> Sealed for Option<T> {}
}
