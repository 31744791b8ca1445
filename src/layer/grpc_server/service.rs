//! The wrapped service.

// docs/rules.md: R-LAYER-1, R-LAYER-2

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
    shared::{Caller, MarkWanted, Shared},
};
use crate::{
    layer::{Observer, call::Call, catch_panic, deadline::Deadline, declared::Declared, error_source},
    model::{BoxError, Error},
    translate::Translator,
};

/// See the [module docs](super).
pub struct GrpcServer<S, O = ()> {
    inner: S,
    shared: Arc<Shared<O>>,
    /// Why the inner service cannot be called: the answer to the next call.
    broken: Option<Error>,
}

impl<S> GrpcServer<S> {
    /// Wraps `inner`, by this translator and with the defaults of the layer.
    pub fn new(inner: S, translator: Translator) -> Self {
        tower_layer::Layer::layer(&super::GrpcServerLayer::new(translator), inner)
    }
}

impl<S, O> GrpcServer<S, O> {
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

impl<S: Clone, O> Clone for GrpcServer<S, O> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), shared: self.shared.clone(), broken: None }
    }
}

impl<S: fmt::Debug, O> fmt::Debug for GrpcServer<S, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcServer").field("inner", &self.inner).finish_non_exhaustive()
    }
}

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
            self.broken = match catch_panic::catch(|| self.inner.poll_ready(cx)) {
                Ok(ready) => ready!(ready).err().map(|error| error_source::error_of(error.into())),
                Err(panic) => Some(panic),
            };
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Req>) -> Self::Future {
        let call = Call::of(request.headers());
        let (is_grpc, accept_language) = (call.is_grpc, call.accept_language());
        let is_marking = request.extensions().get::<MarkWanted>().is_some();
        let declared = Declared::of_call(&request, &self.shared.writer.translator);
        let caller = Caller { shared: self.shared.clone(), is_grpc, accept_language, declared, is_marking };
        if let Some(error) = self.broken.take() {
            return ResponseFuture::failed(error, caller);
        }
        let deadline = Deadline::of(call.timeout, self.shared.timeout);
        match catch_panic::catch(|| self.inner.call(request)) {
            Ok(inner) => ResponseFuture::watching(inner, caller, deadline),
            Err(panic) => ResponseFuture::failed(panic, caller),
        }
    }
}
