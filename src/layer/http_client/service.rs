//! The wrapped client.

use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Method, Request, Response};
use http_body::Body;
use tower_service::Service;

use super::{HttpClientLayer, ResponseBody, ResponseFuture, shared::Shared};
use crate::{
    layer::Observer,
    model::{BoxError, Error},
    translate::Translator,
};

/// See the [module docs](super).
pub struct HttpClient<S, O = ()> {
    inner: S,
    shared: Arc<Shared<O>>,
}

impl<S> HttpClient<S> {
    /// Wraps `inner`, by this translator and with the defaults of the layer.
    pub fn new(inner: S, translator: Translator) -> Self {
        tower_layer::Layer::layer(&HttpClientLayer::new(translator), inner)
    }
}

impl<S, O> HttpClient<S, O> {
    pub(super) fn with_shared(inner: S, shared: Arc<Shared<O>>) -> Self {
        Self { inner, shared }
    }

    /// The client inside.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The client inside.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The client inside.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S: Clone, O> Clone for HttpClient<S, O> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), shared: self.shared.clone() }
    }
}

impl<S: fmt::Debug, O> fmt::Debug for HttpClient<S, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<S, O, Req, B> Service<Request<Req>> for HttpClient<S, O>
where
    S: Service<Request<Req>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    O: Observer,
    B: Body,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody<B>>;
    type Error = Error;
    type Future = ResponseFuture<S::Future, B, O>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx).map_err(|error| self.shared.failed(error.into()))
    }

    fn call(&mut self, request: Request<Req>) -> Self::Future {
        let to_head = request.method() == Method::HEAD;
        ResponseFuture::new(self.inner.call(request), self.shared.clone(), to_head)
    }
}
