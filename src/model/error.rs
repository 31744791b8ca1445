//! The neutral value that every translation goes through.

mod build;
mod to_and_from_ref;

use std::{borrow::Cow, collections::BTreeMap, error, fmt, sync::Arc, time::Duration};

use bytestring::ByteString;
use prost::{Message, Name};

pub use build::OrKind;

pub(crate) use to_and_from_ref::ReadError;

use super::{
    Code, Detail, Details, ErrorInfoView, HttpStatus, Kind,
    detail_type::{DetailTypes, DetailView},
    error_ref::{self, ErrorRef, Known, Pending},
    part::Parts,
    rpc,
    text::Text,
};

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
    metadata: Vec<Pending>,
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

// docs/rules.md: R-READ-GRPC-8
impl Error {
    /// The machine identifier.
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// The gRPC status code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The HTTP status.
    pub fn status(&self) -> HttpStatus {
        self.0.status
    }

    /// Guidance for the user: the message that was set or that arrived, else the kind's default with its placeholders
    /// filled from the metadata, else the default of the status or of the code.
    pub fn message(&self) -> Cow<'_, str> {
        match &self.0.message {
            Some(message) => Cow::Borrowed(message),
            None => error_ref::default_message(self.kind(), self.status(), self.code(), || self.metadata()),
        }
    }

    /// The same without copies.
    pub(crate) fn by_ref(&self) -> ErrorRef<'_> {
        let Inner { kind, code, status, message, details, metadata, .. } = &*self.0;
        let message = message.as_ref().map(Text::Shared);
        let (types, known) = (DetailTypes::of(details.iter().map(Detail::view)), Known::default());
        ErrorRef::new(Cow::Borrowed(kind), *code, *status, message, Parts::Held(details), types, known)
            .with_pending(Cow::Borrowed(metadata))
    }

    /// The details of the rich error model, in order.
    pub fn details(&self) -> &[Detail] {
        &self.0.details
    }

    /// The first valid detail of type `M`.
    ///
    /// ```
    /// use errwire::{Error, kinds, rpc::RequestInfo};
    ///
    /// let info = RequestInfo { request_id: "req_1".into(), ..Default::default() };
    /// let error = Error::new(kinds::INTERNAL_ERROR).with_detail(info.clone());
    /// assert_eq!(error.detail::<RequestInfo>(), Some(info));
    /// ```
    pub fn detail<M: Message + Name + Default>(&self) -> Option<M> {
        self.details().iter().find_map(Detail::decode)
    }

    /// What varies in the message, by name: the metadata of the `ErrorInfo` that names the kind.
    pub fn metadata(&self) -> BTreeMap<String, String> {
        error_ref::metadata(self.kind(), self.views(), &self.0.metadata)
    }

    /// The owner of the kind: the domain of the `ErrorInfo` that names it, else that of its catalog.
    pub fn domain(&self) -> Option<&str> {
        let infos = self.views().filter(|detail| error_ref::names(self.kind(), *detail));
        match infos.filter_map(ErrorInfoView::of).next() {
            Some(info) => str::from_utf8(info.domain).ok(),
            None => self.kind().entry().map(|entry| &*entry.domain),
        }
    }

    /// How long to wait before a retry: the first `RetryInfo` that says it. One without a delay, or whose delay is negative,
    /// malformed, or longer than the 10,000 years of
    /// [`google.protobuf.Duration`](https://protobuf.dev/reference/protobuf/google.protobuf/#duration), says nothing.
    pub fn retry_after(&self) -> Option<Duration> {
        self.views().find_map(DetailView::retry_delay)
    }

    /// The fields that are wrong, from every `BadRequest`: their paths, such as `tasks[3].url`, and why.
    pub fn field_violations(&self) -> Vec<rpc::bad_request::FieldViolation> {
        error_ref::field_violations(self.views())
    }

    fn views(&self) -> impl Iterator<Item = DetailView<'_>> {
        self.details().iter().map(Detail::view)
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
