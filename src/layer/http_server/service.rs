//! The wrapped service.

use std::{
    convert::Infallible,
    fmt,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use super::{
    HttpServerLayer, ResponseBody, ResponseFuture,
    asked::Asked,
    failure,
    shared::{Settings, Shared},
};
use crate::{
    layer::{Observer, catch_panic, declared::Declared, grpc_server::MarkWanted},
    model::{Audience, BoxError, Error},
    translate::Translator,
};

/// See the [module docs](super).
pub struct HttpServer<S, O = ()> {
    inner: S,
    shared: Arc<Shared<O>>,
    /// Why the inner service cannot be called: the answer to the next call.
    broken: Option<Error>,
}

impl<S> HttpServer<S> {
    /// Wraps `inner`, by this translator and with the defaults of the layer.
    pub fn new(inner: S, translator: Translator) -> Self {
        tower_layer::Layer::layer(&HttpServerLayer::new(translator), inner)
    }
}

impl<S, O> HttpServer<S, O> {
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

impl<S: Clone, O> Clone for HttpServer<S, O> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), shared: self.shared.clone(), broken: None }
    }
}

impl<S: fmt::Debug, O> fmt::Debug for HttpServer<S, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServer").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<S, O, Req, B> Service<Request<Req>> for HttpServer<S, O>
where
    S: Service<Request<Req>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    O: Observer,
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody<B, O>>;
    /// Every failure is a response, since a failed service makes a server drop the connection.
    type Error = Infallible;
    type Future = ResponseFuture<S::Future, B, O>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.broken.is_none() {
            self.broken = match catch_panic::catch(|| self.inner.poll_ready(cx)) {
                Ok(ready) => ready!(ready).err().map(|error| failure::error_of(error.into())),
                Err(panic) => Some(panic),
            };
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Req>) -> Self::Future {
        let mut asked = Asked::of(&request);
        if let Some(error) = self.broken.take() {
            return ResponseFuture::failed(error, self.shared.clone(), asked);
        }
        let Settings { exempt, name_method, .. } = &self.shared.settings;
        let translator = &self.shared.writer().translator;
        if name_method.is_none() {
            asked.declared = Declared::of_route(&request, translator);
        }
        if asked.protocol.is_any_grpc() && self.shared.writer().audience == Audience::Public {
            request.extensions_mut().insert(MarkWanted);
        }
        let called = catch_panic::catch(|| {
            if exempt.is_empty() && name_method.is_none() {
                return self.inner.call(request);
            }
            let (head, body) = request.into_parts();
            asked.hands_off |= exempt.iter().any(|predicate| predicate(&head));
            if let Some(name) = name_method.as_ref().and_then(|name| name(&head)) {
                asked.declared = Declared::named(&name, translator);
            }
            self.inner.call(Request::from_parts(head, body))
        });
        match called {
            Ok(inner) => ResponseFuture::calling(inner, self.shared.clone(), asked),
            Err(panic) => ResponseFuture::failed(panic, self.shared.clone(), asked),
        }
    }
}
