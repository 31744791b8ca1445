//! Reading an error.

// docs/rules.md: R-READ-GRPC-8

use std::{borrow::Cow, cell::LazyCell, collections::BTreeMap, time::Duration};

use bytestring::ByteString;
use prost::{Message, Name};

use super::Error;
use crate::model::{Code, Detail, ErrorInfoView, HttpStatus, Kind, kind_for_message, rpc};

/// The most seconds that a `google.protobuf.Duration` may hold: about 10,000 years.
pub(super) const MAX_DELAY: i64 = 315_576_000_000;

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
            None => self.default_message(),
        }
    }

    fn default_message(&self) -> Cow<'_, str> {
        let metadata = LazyCell::new(|| self.metadata());
        let value = |name: &str| metadata.get(name).map(|value| Cow::Owned(value.clone()));
        let own = self.0.kind.entry().and_then(|entry| entry.message.fill(value));
        own.unwrap_or_else(|| {
            let fallback = kind_for_message(self.0.status, self.0.code);
            Cow::Owned(fallback.entry().map(|entry| entry.message.to_string()).unwrap_or_default())
        })
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
        let info = self.error_info().and_then(|at| self.0.details[at].decode::<rpc::ErrorInfo>());
        let mut metadata = info.map(|info| info.metadata).unwrap_or_default();
        metadata.extend(self.0.metadata.iter().map(|(name, value)| (name.clone().into_owned(), value.clone())));
        metadata
    }

    /// The owner of the kind: the domain of the `ErrorInfo` that names it, else that of its catalog.
    pub fn domain(&self) -> Option<&str> {
        let info = self.error_info().and_then(|at| ErrorInfoView::of(&self.0.details[at]));
        match info {
            Some(info) => str::from_utf8(info.domain).ok(),
            None => self.kind().entry().map(|entry| &*entry.domain),
        }
    }

    /// How long to wait before a retry: the first `RetryInfo` that says it. One without a delay, or whose delay is negative,
    /// malformed, or longer than the 10,000 years of
    /// [`google.protobuf.Duration`](https://protobuf.dev/reference/protobuf/google.protobuf/#duration), says nothing.
    pub fn retry_after(&self) -> Option<Duration> {
        self.details().iter().find_map(Detail::retry_delay)
    }

    /// The fields that are wrong, from every `BadRequest`: their paths, such as `tasks[3].url`, and why.
    pub fn field_violations(&self) -> Vec<rpc::bad_request::FieldViolation> {
        let requests = self.details().iter().filter_map(Detail::decode::<rpc::BadRequest>);
        requests.flat_map(|request| request.field_violations).collect()
    }

    /// Where the `ErrorInfo` that names the kind is among the details.
    fn error_info(&self) -> Option<usize> {
        self.details().iter().position(|detail| names(self.kind(), detail))
    }

    /// The message that was set or that arrived; `None` where the kind's own stands in.
    pub(crate) fn own_message(&self) -> Option<&ByteString> {
        self.0.message.as_ref()
    }

    /// The message of the kind, or of the code, without a copy if it is built in.
    pub(crate) fn default_text(&self) -> ByteString {
        let plain = self.0.kind.entry().and_then(|entry| entry.message.plain());
        plain.unwrap_or_else(|| self.default_message().into_owned().into())
    }

    /// Metadata for which there is no `ErrorInfo` yet.
    pub(crate) fn pending_metadata(&self) -> &[(Cow<'static, str>, String)] {
        &self.0.metadata
    }
}

/// Whether a detail is an `ErrorInfo` that names this kind.
pub(super) fn names(kind: &Kind, detail: &Detail) -> bool {
    ErrorInfoView::of(detail).is_some_and(|info| kind.has_reason(info.reason))
}

impl Detail {
    /// The delay of a `RetryInfo` that says one.
    pub(crate) fn retry_delay(&self) -> Option<Duration> {
        let delay = self.decode::<rpc::RetryInfo>()?.retry_delay?;
        let seconds = u64::try_from(delay.seconds).ok().filter(|_| delay.seconds <= MAX_DELAY)?;
        let nanos = u32::try_from(delay.nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
        Some(Duration::new(seconds, nanos))
    }
}
