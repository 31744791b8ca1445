//! The layer, and the service that it makes.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::{
    ResponseBody, ResponseFuture,
    call::{Call, Shared},
};
use crate::{
    layer::{
        Direction, Observer,
        classify::CallHeaders,
        deadline::Deadline,
        error_source,
        grpc_call::Stage,
        status_writer::Writer,
        wrapper::{opaque, wrapper},
    },
    model::{Audience, BoxError, Error},
    translate::Translator,
};

/// See the [module docs](super).
pub struct GrpcClientLayer<O = ()> {
    shared: Arc<Shared<O>>,
}

impl GrpcClientLayer {
    /// By this translator.
    pub fn new(translator: Translator) -> Self {
        // The caller sees the whole response.
        let (audience, direction) = (Audience::Internal, Direction::GrpcClient);
        Self { shared: Arc::new(Shared(Writer { translator, audience, direction, observer: () })) }
    }
}

impl<O> GrpcClientLayer<O> {
    /// Sets the observer, which gets every error, unchanged ones included.
    #[must_use]
    pub fn with_observer<P: Observer>(self, observer: P) -> GrpcClientLayer<P> {
        GrpcClientLayer { shared: Arc::new(Shared(self.shared.0.with_observer(observer))) }
    }
}

opaque!(GrpcClientLayer<O>);

/// See the [module docs](super).
pub struct GrpcClient<S, O = ()> {
    inner: S,
    shared: Arc<Shared<O>>,
    /// Why the inner service cannot be called: the response to the next call.
    broken: Option<Error>,
}

wrapper!(GrpcClientLayer, GrpcClient { broken: None });

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
            self.broken = Some(error_source::transport_error(error.into(), Deadline::none(), Stage::Calling));
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Req>) -> Self::Future {
        let CallHeaders { is_grpc, timeout, .. } = CallHeaders::of(request.headers());
        let call = Call { shared: self.shared.clone(), is_grpc };
        if let Some(error) = self.broken.take() {
            return ResponseFuture::failed(error, call);
        }
        let deadline = if is_grpc { Deadline::of(timeout, None) } else { Deadline::none() };
        ResponseFuture::watching(self.inner.call(request), call, deadline)
    }
}
