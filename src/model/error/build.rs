//! Making an error.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc, time::Duration};

use bytestring::ByteString;
use prost::Message as _;

use super::{BoxError, Error, Inner, Pending, Result, Search};
use crate::model::{Code, Detail, Details, HttpStatus, Kind, Retry, detail_type::MAX_DELAY, error_ref::names, rpc};

impl Error {
    /// An error of this kind, with the code, status and message of its catalog entry. A kind that no catalog has
    /// starts as UNKNOWN and 500; say more with [`with_code`](Self::with_code) and [`with_status`](Self::with_status).
    ///
    /// A kind to be tried again after a delay starts with its `RetryInfo`.
    // docs/rules.md: R-CATALOG-5
    pub fn new(kind: Kind) -> Self {
        let (code, status, retry) = match kind.entry() {
            Some(entry) => (entry.code, entry.status, entry.retry),
            None => (Code::Unknown, Code::Unknown.http_status(), Retry::Never),
        };
        let error = Self::from_parts(kind, code, status, None, Details::new());
        match retry {
            Retry::AfterDelay(delay) => error.with_retry_after(delay),
            Retry::Never | Retry::AfterBackoff => error,
        }
    }

    /// All that can arrive over a wire.
    #[inline]
    pub(crate) fn from_parts(
        kind: Kind,
        code: Code,
        status: HttpStatus,
        message: Option<ByteString>,
        details: Details,
    ) -> Self {
        Self::with_pending(kind, code, status, message, details, Vec::new())
    }

    /// The same with metadata that no `ErrorInfo` has yet.
    #[inline]
    pub(super) fn with_pending(
        kind: Kind,
        code: Code,
        status: HttpStatus,
        message: Option<ByteString>,
        details: Details,
        metadata: Vec<Pending>,
    ) -> Self {
        // Its place comes first, so that each part moves there once.
        let place = Box::new_uninit();
        let inner = Inner {
            kind,
            code,
            status,
            message,
            details,
            metadata,
            naming: Search::default(),
            violations: Search::default(),
            source: None,
        };
        Self(Box::write(place, inner))
    }

    /// Replaces the message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = Some(message.into().into());
        self
    }

    /// Replaces the code.
    #[must_use]
    pub fn with_code(mut self, code: Code) -> Self {
        self.0.code = code;
        self
    }

    /// Replaces the HTTP status: an [`HttpStatus`], or an [`http::StatusCode`]. One that is not an error, below 400 or above
    /// 599, leaves the status as it is.
    #[must_use]
    pub fn with_status(mut self, status: impl TryInto<HttpStatus>) -> Self {
        if let Ok(status) = status.try_into() {
            self.0.status = status;
        }
        self
    }

    /// Says what varies in the message. It fills the placeholder of that name and travels as `ErrorInfo.metadata`, so
    /// that a caller need not parse the message. AIP-193 wants names of `[a-z][a-zA-Z0-9-_]+`, at most 64 long.
    #[must_use]
    pub fn with_metadata(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        let Inner { kind, details, naming, metadata, .. } = &mut *self.0;
        // Of several values of a name the last one counts, here as in the bytes. To look for an earlier one would make a
        // loop of these calls quadratic.
        match naming.find(details, |detail| names(kind, detail.view())) {
            Some(at) => {
                let metadata = BTreeMap::from([(name.into_owned(), value)]);
                details[at].append(&rpc::ErrorInfo { metadata, ..Default::default() });
            }
            None => metadata.push((name, value)),
        }
        self
    }

    /// Adds a detail behind those that are there.
    ///
    /// ```
    /// use errwire::{Detail, Error, kinds, rpc};
    ///
    /// let error = Error::new(kinds::TASK_NOT_FOUND)
    ///     .with_detail(rpc::ResourceInfo { resource_name: "tasks/1".into(), ..Default::default() })
    ///     .with_detail(Detail::new("type.example.com/acme.Custom", &b"\x08\x01"[..]));
    /// assert_eq!(error.details().len(), 2);
    /// ```
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<Detail>) -> Self {
        self.0.details.push(detail.into());
        self
    }

    /// Says how long to wait before a retry, as `RetryInfo` and `Retry-After`. Replaces an earlier delay.
    #[must_use]
    pub fn with_retry_after(mut self, delay: Duration) -> Self {
        let seconds = i64::try_from(delay.as_secs()).unwrap_or(MAX_DELAY).min(MAX_DELAY);
        let nanos = i32::try_from(delay.subsec_nanos()).unwrap_or_default();
        let info = rpc::RetryInfo { retry_delay: Some(prost_types::Duration { seconds, nanos }) };
        match self.0.details.iter().position(Detail::is::<rpc::RetryInfo>) {
            Some(at) => self.0.details[at] = self.0.details[at].with_value(info.encode_to_vec()),
            None => self.0.details.push(info.into()),
        }
        self
    }

    /// Says that a field of the request is wrong, as `BadRequest`: its path, such as `tasks[3].url`, and why.
    #[must_use]
    pub fn with_field_violation(mut self, field: impl Into<String>, description: impl Into<String>) -> Self {
        let violation = rpc::bad_request::FieldViolation {
            field: field.into(),
            description: description.into(),
            ..Default::default()
        };
        let added = rpc::BadRequest { field_violations: vec![violation] };
        let Inner { details, violations, .. } = &mut *self.0;
        // What is appended to a valid one keeps it valid.
        match violations.find(details, |detail| detail.decode::<rpc::BadRequest>().is_some()) {
            Some(at) => details[at].append(&added),
            None => details.push(added.into()),
        }
        self
    }

    /// Remembers the cause, for logs. It never leaves the process.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }
}

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
