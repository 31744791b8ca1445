//! The layer, and the service that it makes.

// docs/rules.md: R-LAYER-1, R-LAYER-2

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

use super::{
    ResponseBody, ResponseFuture,
    call::{Call, MarkWanted, Shared},
};
use crate::{
    layer::{
        Direction, Observer, catch_panic, classify::CallHeaders, deadline::Deadline, declared::method_of_call,
        error_source, status_writer::Writer, wrapper::wrapper,
    },
    model::{Audience, BoxError, Error},
    translate::Translator,
};

/// See the [module docs](super).
pub struct GrpcServerLayer<O = ()> {
    shared: Arc<Shared<O>>,
}

impl GrpcServerLayer {
    /// By this translator, for internal callers, without a time limit of its own.
    pub fn new(translator: Translator) -> Self {
        let (audience, direction) = (Audience::Internal, Direction::GrpcServer);
        let writer = Writer { translator, audience, direction, observer: () };
        Self { shared: Arc::new(Shared { writer, timeout: None }) }
    }
}

impl<O> GrpcServerLayer<O> {
    /// Sets the audience of the errors.
    #[must_use]
    pub fn with_audience(self, audience: Audience) -> Self
    where
        O: Clone,
    {
        let Shared { writer, timeout } = Shared::clone(&self.shared);
        Self { shared: Arc::new(Shared { writer: Writer { audience, ..writer }, timeout }) }
    }

    /// Limits every call, bodies included. A caller's shorter `grpc-timeout` wins.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self
    where
        O: Clone,
    {
        Self { shared: Arc::new(Shared { timeout: Some(timeout), ..Shared::clone(&self.shared) }) }
    }

    /// Sets the observer, which gets every error.
    #[must_use]
    pub fn with_observer<P: Observer>(self, observer: P) -> GrpcServerLayer<P> {
        let writer = self.shared.writer.with_observer(observer);
        GrpcServerLayer { shared: Arc::new(Shared { writer, timeout: self.shared.timeout }) }
    }
}

impl<O> fmt::Debug for GrpcServerLayer<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcServerLayer")
            .field("audience", &self.shared.writer.audience)
            .field("timeout", &self.shared.timeout)
            .finish_non_exhaustive()
    }
}

/// See the [module docs](super).
pub struct GrpcServer<S, O = ()> {
    inner: S,
    shared: Arc<Shared<O>>,
    /// Why the inner service cannot be called: the response to the next call.
    broken: Option<Error>,
}

wrapper!(GrpcServerLayer, GrpcServer { broken: None });

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
        let headers = CallHeaders::of(request.headers());
        let (is_grpc, accept_language) = (headers.is_grpc, headers.accept_language());
        let is_marking = request.extensions().get::<MarkWanted>().is_some();
        let method = method_of_call(&request, &self.shared.writer.translator);
        let call = Call { shared: self.shared.clone(), is_grpc, accept_language, method, is_marking };
        if let Some(error) = self.broken.take() {
            return ResponseFuture::failed(error, call);
        }
        let deadline = Deadline::of(headers.timeout, self.shared.timeout);
        match catch_panic::catch(|| self.inner.call(request)) {
            Ok(inner) => ResponseFuture::watching(inner, call, deadline),
            Err(panic) => ResponseFuture::failed(panic, call),
        }
    }
}
