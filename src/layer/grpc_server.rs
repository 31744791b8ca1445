//! Errors on their way out of a gRPC server.
//!
//! [`GrpcServerLayer`] wraps a whole tonic server, or one service. It
//!
//! - names the kind of every error in an `ErrorInfo`, in headers and in trailers, unary and streaming;
//! - shows the caller what its audience may see, in metadata that fits the size budget;
//! - adds the catalog's message in the caller's language, by its `accept-language`, as a `LocalizedMessage`;
//! - turns a panic, in the call, in its future or in the body, into `internal_error`;
//! - enforces the caller's `grpc-timeout` and its own as DEADLINE_EXCEEDED, bodies included;
//! - makes each call end with one status: one that ends without is UNKNOWN, and so is a handler's `Err` that
//!   says `OK` (known by the `tonic::Status` that tonic leaves in the extensions).
//!
//! The error of a service that fails is the first `errwire::Error` among its sources, else the first `tonic::Status`, else an
//! `internal_error` that hides its cause. The layer judges by the response, never by what the request claims: a response with
//! `grpc-status` in its headers or trailers, or of gRPC's media type, is gRPC. Any other passes. A gRPC-Web response hides its
//! status in its body, so this layer belongs inside of tonic-web: outside, it passes such a response to an internal audience, and
//! refuses it to the public. Deadlines need a tokio runtime with a timer.
//!
//! tonic's own timeout, load shed and concurrency limit sit outside user layers, where this one cannot see their
//! errors. Leave them off, and use [`with_timeout`](GrpcServerLayer::with_timeout) here.
//!
//! With defaults:
//!
//! ```
//! use errwire::layer::GrpcServerLayer;
//! # #[cfg(feature = "server")] {
//! let server = tonic::transport::Server::builder().layer(GrpcServerLayer::default());
//! # }
//! ```
//!
//! For external callers, with a catalog and a limit of one's own:
//!
//! ```
//! use std::time::Duration;
//!
//! use errwire::{Audience, Catalog, Translator, layer::GrpcServerLayer};
//!
//! let layer = GrpcServerLayer::new(Translator::new(Catalog::builtin()))
//!     .with_audience(Audience::Public)
//!     .with_timeout(Duration::from_secs(10));
//! ```

// docs/rules.md: R-LAYER-1, R-LAYER-2

mod call;
mod plain_body;
mod response;

use std::{
    convert::Infallible,
    fmt,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

pub use response::{ResponseBody, ResponseFuture};

pub(super) use call::{Call, MarkWanted, Settled, hidden_status};
pub(super) use plain_body::PlainBody;

use super::{
    Direction, Observer,
    classify::CallHeaders,
    deadline::Deadline,
    error_source::{catch_panic, error_of},
    status_writer::{Requested, Writer},
    wrapper::wrapper,
};
use crate::{
    model::{Audience, BoxError, Error},
    translate::Translator,
};

/// See the [module docs](self).
pub struct GrpcServerLayer<O = ()> {
    writer: Arc<Writer<O>>,
    timeout: Option<Duration>,
}

impl GrpcServerLayer {
    /// By this translator, for internal callers, without a time limit of its own.
    pub fn new(translator: Translator) -> Self {
        Self { writer: Writer::new(translator, Audience::Internal, Direction::GrpcServer), timeout: None }
    }
}

impl<O> GrpcServerLayer<O> {
    /// Sets the audience of the errors.
    #[must_use]
    pub fn with_audience(mut self, audience: Audience) -> Self
    where
        O: Clone,
    {
        Arc::make_mut(&mut self.writer).audience = audience;
        self
    }

    /// Limits every call, bodies included. A caller's shorter `grpc-timeout` wins.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

impl<O> fmt::Debug for GrpcServerLayer<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcServerLayer")
            .field("audience", &self.writer.audience)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// See the [module docs](self).
pub struct GrpcServer<S, O = ()> {
    inner: S,
    writer: Arc<Writer<O>>,
    timeout: Option<Duration>,
    /// Why the inner service cannot be called: the response to the next call.
    broken: Option<Error>,
}

wrapper!(GrpcServerLayer, GrpcServer { timeout } broken);

impl<S, O, Req, B> Service<Request<Req>> for GrpcServer<S, O>
where
    S: Service<Request<Req>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    O: Observer,
    B: Body,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody<B, O>>;
    /// Every failure is a response, since a failed service makes a server drop the call or the connection.
    type Error = Infallible;
    type Future = ResponseFuture<S::Future, O>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.broken.is_none() {
            self.broken = match catch_panic(|| self.inner.poll_ready(cx)) {
                Ok(ready) => ready!(ready).err().map(|error| error_of(error.into())),
                Err(panic) => Some(panic),
            };
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Req>) -> Self::Future {
        let headers = CallHeaders::of(request.headers());
        let name = request.uri().path().strip_prefix('/').unwrap_or_default();
        let method = self.writer.translator.method(name);
        let call = Call {
            writer: self.writer.clone(),
            is_grpc: headers.is_grpc,
            requested: Requested { language: headers.accept_language(), method },
            is_marking: request.extensions().get::<MarkWanted>().is_some(),
        };
        if let Some(error) = self.broken.take() {
            return ResponseFuture::failed(error, call);
        }
        let deadline = Deadline::of(headers.timeout, self.timeout);
        match catch_panic(|| self.inner.call(request)) {
            Ok(inner) => ResponseFuture::watching(inner, call, deadline),
            Err(panic) => ResponseFuture::failed(panic, call),
        }
    }
}
