//! The entry point to all rules.

#[cfg(any(feature = "axum", feature = "reqwest", feature = "tonic"))]
use std::sync::LazyLock;
use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use http::HeaderMap;

use super::{
    NotAnError, Policy, ReadOptions, Report, WriteGrpcOptions, WriteHttpOptions,
    kind::{Lookup, domain_of, help_url_of},
    read_grpc, read_http,
    shared_catalog::{Current, Live},
    write_grpc, write_http,
};
#[cfg(feature = "layer")]
use crate::catalog::Method;
#[cfg(feature = "tonic")]
use crate::model::Code;
use crate::{
    catalog::Catalog,
    model::{Error, ErrorRef, Kind, ReadError},
    wire::{grpc, http::ResponseHead},
};

/// Translates errors between the wires, by a [`Catalog`] and a [`Policy`].
///
/// Cheap to clone; clones share their catalog, which [`swap`](Self::swap) replaces while they are in use.
#[derive(Clone, Debug)]
// docs/rules.md: R-LAW-1, R-LAW-2, R-LAW-3, R-LAW-4, R-LAW-5, R-LAW-6
pub struct Translator(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    catalog: Live,
    policy: Arc<Policy>,
}

impl Translator {
    /// By this catalog and the default policy.
    pub fn new(catalog: Catalog) -> Self {
        Self::with_policy(catalog, Policy::default())
    }

    /// By this catalog and this policy.
    pub fn with_policy(catalog: Catalog, policy: Policy) -> Self {
        Self(Arc::new(Inner { catalog: Live::new(catalog), policy: Arc::new(policy) }))
    }

    /// By the built-in catalog and the default policy, for conversions that are not given a translator.
    #[cfg(any(feature = "axum", feature = "reqwest", feature = "tonic"))]
    pub(crate) fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Translator> = LazyLock::new(Translator::default);
        &BUILTIN
    }

    /// The catalog, as it is now.
    pub fn catalog(&self) -> Catalog {
        self.0.catalog.current().clone()
    }

    /// The method of this name, as [`Catalog::method`] finds it.
    #[cfg(feature = "layer")]
    #[inline]
    pub(crate) fn method(&self, name: &str) -> Option<Method> {
        self.0.catalog.current().method(name).cloned()
    }

    /// Whether the catalog has any methods.
    #[cfg(feature = "layer")]
    #[inline]
    pub(crate) fn has_methods(&self) -> bool {
        self.0.catalog.current().methods().len() > 0
    }

    /// Replaces the catalog of this translator and of all its clones, and gives the one before. Every translation goes by
    /// the catalog that was there when it began.
    ///
    /// ```
    /// use errwire::{Catalog, Translator};
    ///
    /// let translator = Translator::default();
    /// let held_by_a_layer = translator.clone();
    /// translator.swap(Catalog::builtin());
    /// assert_eq!(held_by_a_layer.catalog().len(), translator.catalog().len());
    /// ```
    pub fn swap(&self, catalog: Catalog) -> Catalog {
        self.0.catalog.swap(catalog)
    }

    pub(super) fn live(&self) -> &Live {
        &self.0.catalog
    }

    /// A translator that keeps the catalog as it is now, for several steps that belong together.
    #[must_use]
    pub fn pinned(&self) -> Self {
        Self(Arc::new(Inner { catalog: Live::new(self.catalog()), policy: self.0.policy.clone() }))
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.0.policy
    }

    /// The owner of a kind, as in [`ErrorInfo.domain`](crate::rpc::ErrorInfo): for a built-in kind the domain of
    /// the policy.
    pub fn domain_of<'a>(&'a self, kind: &'a Kind) -> &'a str {
        domain_of(kind.entry(), &self.policy().domain)
    }

    /// The page about a kind: its own, else the one where the policy says that pages are.
    pub fn help_url_of<'a>(&'a self, kind: &'a Kind) -> Option<Cow<'a, str>> {
        help_url_of(kind.entry(), self.policy().pages_url.as_deref())
    }

    /// The catalog as it is now, for several steps that belong together.
    pub(crate) fn now(&self) -> Now<'_> {
        Now { translator: self, catalog: self.0.catalog.current() }
    }

    fn lookup<'a>(&'a self, catalog: &'a Catalog, domain: Option<&'a str>) -> Lookup<'a> {
        Lookup { catalog, policy: &self.0.policy, domain: domain.filter(|domain| !domain.is_empty()) }
    }

    /// Reads a gRPC error.
    pub fn read_grpc(&self, status: grpc::Status) -> Error {
        read_grpc::error(&self.lookup(&self.0.catalog.current(), None), status).0
    }

    /// Reads what arrived over gRPC, which may be broken in many ways, and says what was decided.
    ///
    /// # Errors
    ///
    /// If the code is `OK`.
    pub fn read_grpc_with(
        &self,
        received: grpc::Received,
        options: &ReadOptions,
    ) -> Result<(Error, Report), NotAnError> {
        self.now().read_grpc_with(received, options)
    }

    /// Reads a gRPC error where it is, with the encoded `google.rpc.Status` that holds its details.
    #[cfg(feature = "tonic")]
    pub(crate) fn read_grpc_ref<'a>(&self, code: Code, message: &'a str, status: &'a [u8]) -> ErrorRef<'a> {
        read_grpc::error_ref(&self.lookup(&self.0.catalog.current(), None), code, message, status)
    }

    /// Writes a gRPC error.
    pub fn write_grpc(&self, error: &Error) -> grpc::Status {
        self.send_grpc(&error.by_ref(), |outgoing| outgoing.take_status())
    }

    /// Writes a gRPC error, and hands over what is to be sent.
    pub(crate) fn send_grpc<T>(&self, error: &ErrorRef<'_>, send: impl FnOnce(&mut grpc::Outgoing<'_>) -> T) -> T {
        let options = WriteGrpcOptions::new(self.policy().audience);
        write_grpc::write(&self.lookup(&self.0.catalog.current(), None), error, &options, None, send)
    }

    /// Writes a gRPC error and says what was decided.
    pub fn write_grpc_with(&self, error: &Error, options: &WriteGrpcOptions) -> (grpc::Status, Report) {
        self.now().write_grpc_with(error, options)
    }

    /// Reads an HTTP error response.
    ///
    /// # Errors
    ///
    /// If the status is below 400 and there are no gRPC fields that say otherwise.
    pub fn read_http(&self, response: &http::Response<Bytes>) -> Result<Error, NotAnError> {
        self.read_response(response)
    }

    /// Reads an HTTP error response, of which the error borrows what it can.
    ///
    /// # Errors
    ///
    /// If the status is below 400 and there are no gRPC fields that say otherwise.
    pub fn read_http_ref<'a>(&self, response: &'a http::Response<Bytes>) -> Result<ErrorRef<'a>, NotAnError> {
        self.read_response(response)
    }

    fn read_response<'a, E: ReadError<'a>>(&self, response: &'a http::Response<Bytes>) -> Result<E, NotAnError> {
        let status = response.status().as_u16().into();
        let head = ResponseHead { status, headers: response.headers(), to_head: false };
        let catalog = self.0.catalog.current();
        let lookup = self.lookup(&catalog, None);
        read_http::read(&lookup, head, response.body(), &ReadOptions::new(), None)
    }

    /// Reads an HTTP error response, whatever its status number, and says what was decided.
    ///
    /// # Errors
    ///
    /// If the status is below 400 and there are no gRPC fields that say otherwise.
    pub fn read_http_with(
        &self,
        status: u32,
        headers: &HeaderMap,
        body: &Bytes,
        options: &ReadOptions,
    ) -> Result<(Error, Report), NotAnError> {
        self.now().read_http_with(status, headers, body, options)
    }

    /// Writes an HTTP error response.
    pub fn write_http(&self, error: &Error) -> http::Response<Bytes> {
        self.write_http_ref(&error.by_ref(), &WriteHttpOptions::new(self.policy().audience))
    }

    /// Writes an HTTP error response of an error that borrows what arrived.
    pub fn write_http_ref(&self, error: &ErrorRef<'_>, options: &WriteHttpOptions) -> http::Response<Bytes> {
        write_http::write(&self.lookup(&self.0.catalog.current(), None), error, options, None)
    }

    /// Writes an HTTP error response and says what was decided.
    pub fn write_http_with(&self, error: &Error, options: &WriteHttpOptions) -> (http::Response<Bytes>, Report) {
        self.now().write_http_with(error, options)
    }
}

/// A [`Translator`] with the catalog as it was at one time. Borrowed, so that it costs no more than a look at the catalog.
pub(crate) struct Now<'a> {
    translator: &'a Translator,
    catalog: Current<'a>,
}

impl Now<'_> {
    #[cfg(feature = "server")]
    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn lookup<'a>(&'a self, domain: Option<&'a str>) -> Lookup<'a> {
        self.translator.lookup(&self.catalog, domain)
    }

    pub(crate) fn read_grpc_with(
        &self,
        received: grpc::Received,
        options: &ReadOptions,
    ) -> Result<(Error, Report), NotAnError> {
        read_grpc::read(&self.lookup(options.domain.as_deref()), received)
    }

    pub(crate) fn write_grpc_with(&self, error: &Error, options: &WriteGrpcOptions) -> (grpc::Status, Report) {
        let mut report = Report::default();
        let lookup = self.lookup(options.domain.as_deref());
        let error = error.by_ref();
        let status = write_grpc::write(&lookup, &error, options, Some(&mut report), |outgoing| outgoing.take_status());
        (status, report)
    }

    pub(crate) fn read_http_with(
        &self,
        status: u32,
        headers: &HeaderMap,
        body: &Bytes,
        options: &ReadOptions,
    ) -> Result<(Error, Report), NotAnError> {
        let head = ResponseHead { status, headers, to_head: options.to_head };
        let mut report = Report::default();
        let lookup = self.lookup(options.domain.as_deref());
        let error = read_http::read(&lookup, head, body, options, Some(&mut report))?;
        Ok((error, report))
    }

    pub(crate) fn write_http_with(&self, error: &Error, options: &WriteHttpOptions) -> (http::Response<Bytes>, Report) {
        let mut report = Report::default();
        let response = write_http::write(&self.lookup(None), &error.by_ref(), options, Some(&mut report));
        (response, report)
    }
}

impl Default for Translator {
    fn default() -> Self {
        Self::new(Catalog::builtin())
    }
}
