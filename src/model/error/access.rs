//! Reading an error.

// docs/rules.md: R-READ-GRPC-8

use std::{borrow::Cow, collections::BTreeMap, time::Duration};

use prost::{Message, Name};

use super::Error;
use crate::model::{
    Code, Detail, ErrorInfoView, HttpStatus, Kind,
    detail_type::{DetailTypes, DetailView},
    error_ref::{ErrorRef, Known},
    facts,
    part::Parts,
    rpc,
    text::Text,
};

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
            None => facts::default_message(self.kind(), self.status(), self.code(), || self.metadata()),
        }
    }

    /// The same without copies.
    pub(crate) fn by_ref(&self) -> ErrorRef<'_> {
        let super::Inner { kind, code, status, message, details, metadata, .. } = &*self.0;
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
        facts::metadata(self.kind(), self.views(), &self.0.metadata)
    }

    /// The owner of the kind: the domain of the `ErrorInfo` that names it, else that of its catalog.
    pub fn domain(&self) -> Option<&str> {
        let infos = self.views().filter(|detail| facts::names(self.kind(), *detail));
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
        facts::field_violations(self.views())
    }

    fn views(&self) -> impl Iterator<Item = DetailView<'_>> {
        self.details().iter().map(Detail::view)
    }
}
