//! The neutral value that every translation goes through.

mod access;
mod build;
mod or_kind;
mod to_and_from_ref;

use std::{borrow::Cow, error, fmt, sync::Arc};

use bytestring::ByteString;

pub use or_kind::OrKind;

pub(crate) use to_and_from_ref::ReadError;

use super::{Code, Detail, Details, HttpStatus, Kind};

/// What caused an error: any error, boxed.
pub type BoxError = Box<dyn error::Error + Send + Sync>;

/// The result of what may fail with an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One API error, between all wires.
///
/// It has a [`Kind`], a [`Code`], an [`HttpStatus`], a message and the [details](Self::details) of the rich error model.
/// It is one word wide, so a `Result` of it costs no more than a boxed error.
///
/// ```
/// use std::time::Duration;
///
/// use errwire::{Error, kinds};
///
/// fn limited() -> Result<(), Error> {
///     Err(Error::new(kinds::RATE_LIMITED)
///         .with_message("At most 10 tasks a minute. Wait before you start another.")
///         .with_metadata("limit", "10")
///         .with_retry_after(Duration::from_secs(42)))
/// }
///
/// let error = limited().unwrap_err();
/// assert!(error.kind() == kinds::RATE_LIMITED);
/// assert_eq!(error.status().as_u16(), 429);
/// assert_eq!(error.retry_after(), Some(Duration::from_secs(42)));
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    code: Code,
    status: HttpStatus,
    /// `None` stands for the kind's own message; an empty one that came from a wire stays empty.
    message: Option<ByteString>,
    details: Details,
    /// Metadata that no `ErrorInfo` in `details` has yet. Of several values of a name the last one counts.
    metadata: Vec<(Cow<'static, str>, String)>,
    /// The `ErrorInfo` that names the kind and takes further metadata.
    naming: Search,
    /// The `BadRequest` that takes further violations.
    violations: Search,
    source: Option<Arc<dyn error::Error + Send + Sync>>,
}

/// The first detail of some sort. Details are only ever added behind those that are there, and stay of their sort, so each
/// is looked at once, however often the search is asked.
#[derive(Clone, Copy, Debug, Default)]
struct Search {
    found: Option<usize>,
    looked_at: usize,
}

impl Search {
    fn find(&mut self, details: &[Detail], is_it: impl Fn(&Detail) -> bool) -> Option<usize> {
        if self.found.is_none() {
            let new = details.get(self.looked_at..).unwrap_or_default();
            self.found = new.iter().position(is_it).map(|at| self.looked_at + at);
            self.looked_at = details.len();
        }
        self.found
    }
}

/// Two errors are equal if a caller could not tell them apart: kind, code, status, message, details and metadata.
impl PartialEq for Error {
    fn eq(&self, other: &Self) -> bool {
        self.kind() == *other.kind()
            && self.code() == other.code()
            && self.status() == other.status()
            && self.message() == other.message()
            && self.details() == other.details()
            && self.metadata() == other.metadata()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, code, status, message: _, details, metadata: _, naming: _, violations: _, source } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("code", code)
            .field("status", status)
            .field("message", &self.message())
            .field("details", details)
            .field("metadata", &self.metadata())
            .field("source", source)
            .finish()
    }
}

/// The kind and the message, for logs: `task_not_found: The task does not exist. Verify the task ID.`
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.message() {
            "" => fmt::Display::fmt(self.kind(), f),
            message => write!(f, "{}: {message}", self.kind()),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self::new(kind)
    }
}

impl From<&Error> for Error {
    fn from(error: &Error) -> Self {
        error.clone()
    }
}

#[cfg(test)]
mod tests;
