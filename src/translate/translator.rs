//! The entry point to all rules.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;

use super::{GrpcOptions, NotAnError, ParseOptions, Policy, RenderOptions, Report};
use crate::{Catalog, Error, wire::grpc};

/// Translates errors between the wires, by a [`Catalog`] and a [`Policy`].
///
/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Translator(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    catalog: Catalog,
    policy: Policy,
}

impl Translator {
    /// By this catalog and the default policy.
    pub fn new(catalog: Catalog) -> Self {
        Self::with_policy(catalog, Policy::default())
    }

    /// By this catalog and this policy.
    pub fn with_policy(catalog: Catalog, policy: Policy) -> Self {
        Self(Arc::new(Inner { catalog, policy }))
    }

    /// The catalog.
    pub fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.0.policy
    }

    /// Reads a gRPC error.
    pub fn from_grpc(&self, _status: grpc::Status) -> Error {
        todo!()
    }

    /// Reads what arrived over gRPC, which may be broken in many ways, and says what was decided.
    ///
    /// # Errors
    ///
    /// If the code is `OK`.
    pub fn read_grpc(&self, _received: grpc::Received, _options: &ParseOptions) -> Result<(Error, Report), NotAnError> {
        todo!()
    }

    /// Writes a gRPC error.
    pub fn to_grpc(&self, _error: &Error) -> grpc::Status {
        todo!()
    }

    /// Writes a gRPC error and says what was decided.
    pub fn to_grpc_with(&self, _error: &Error, _options: &GrpcOptions) -> (grpc::Status, Report) {
        todo!()
    }

    /// Reads an HTTP error response.
    ///
    /// # Errors
    ///
    /// If the status is below 400 and there are no gRPC fields that say otherwise.
    pub fn from_http(&self, _response: &http::Response<Bytes>) -> Result<Error, NotAnError> {
        todo!()
    }

    /// Reads an HTTP error response, whatever its status number, and says what was decided.
    ///
    /// # Errors
    ///
    /// If the status is below 400 and there are no gRPC fields that say otherwise.
    pub fn read_http(
        &self,
        _status: u32,
        _headers: &HeaderMap,
        _body: &Bytes,
        _options: &ParseOptions,
    ) -> Result<(Error, Report), NotAnError> {
        todo!()
    }

    /// Writes an HTTP error response.
    pub fn to_http(&self, _error: &Error) -> http::Response<Bytes> {
        todo!()
    }

    /// Writes an HTTP error response and says what was decided.
    pub fn to_http_with(&self, _error: &Error, _options: &RenderOptions) -> (http::Response<Bytes>, Report) {
        todo!()
    }
}

impl Default for Translator {
    fn default() -> Self {
        Self::new(Catalog::builtin())
    }
}
