//! The wrapped service.

use std::{
    convert::Infallible,
    fmt,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use super::{
    ResponseBody, ResponseFuture,
    shared::Shared,
    transport_error::{self, Stage},
};
use crate::{
    layer::{Observer, call::Call, deadline::Deadline},
    model::{BoxError, Error},
    translate::Translator,
};

/// See the [module docs](super).
pub struct GrpcClient<S, O = ()> {
    inner: S,
    shared: Arc<Shared<O>>,
    /// Why the inner service cannot be called: the answer to the next call.
    broken: Option<Error>,
}

impl<S> GrpcClient<S> {
    /// Wraps `inner`, by this translator and with the defaults of the layer.
    pub fn new(inner: S, translator: Translator) -> Self {
        tower_layer::Layer::layer(&super::GrpcClientLayer::new(translator), inner)
    }
}

impl<S, O> GrpcClient<S, O> {
    pub(super) fn with_shared(inner: S, shared: Arc<Shared<O>>) -> Self {
        Self { inner, shared, broken: None }
    }

    /// The service inside.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service inside.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service inside.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S: Clone, O> Clone for GrpcClient<S, O> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), shared: self.shared.clone(), broken: None }
    }
}

impl<S: fmt::Debug, O> fmt::Debug for GrpcClient<S, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcClient").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<S, O, Req, B> Service<Request<Req>> for GrpcClient<S, O>
where
    S: Service<Request<Req>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    O: Observer,
    B: Body,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody<B, O>>;
    /// Every failure is a response, which says more than the text of an error would.
    type Error = Infallible;
    type Future = ResponseFuture<S::Future, B, O>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.broken.is_none()
            && let Err(error) = ready!(self.inner.poll_ready(cx))
        {
            self.broken = Some(transport_error::error_of(error.into(), Deadline::none(), Stage::Calling));
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Req>) -> Self::Future {
        let shared = self.shared.clone();
        if let Some(error) = self.broken.take() {
            return ResponseFuture::failed(error, shared);
        }
        let Call { is_grpc, timeout, .. } = Call::of(request.headers());
        if !is_grpc {
            return ResponseFuture::passing(self.inner.call(request), shared);
        }
        let deadline = Deadline::of(timeout, None);
        ResponseFuture::watching(self.inner.call(request), shared, deadline)
    }
}
