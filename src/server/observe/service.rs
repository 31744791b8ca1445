//! Measuring the calls of gRPC.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{Arc, atomic::AtomicU64},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tonic::body::Body;
use tower_service::Service;

use super::{
    Call, Metrics, System,
    body::{Received, Sent, outcome},
};
use crate::{model::BoxError, service::CallContext};

/// Measures every call of the gRPC service inside.
#[derive(Clone, Debug)]
pub(in crate::server) struct Measured<S> {
    inner: S,
    metrics: Metrics,
}

impl<S> Measured<S> {
    pub(in crate::server) fn new(inner: S, metrics: Metrics) -> Self {
        Self { inner, metrics }
    }
}

impl<S, B> Service<Request<Body>> for Measured<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible>,
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let context = request.extensions().get::<CallContext>().cloned();
        let call = Call::start(&self.metrics, System::Grpc, request.uri().path(), context);
        let received = Arc::new(AtomicU64::new(0));
        let request = request.map(|body| Body::new(Received::new(body, received.clone())));
        ResponseFuture { future: self.inner.call(request), call: Some((call, received)) }
    }
}

pin_project! {
    /// The response of [`Measured`].
    pub(in crate::server) struct ResponseFuture<F> {
        #[pin]
        future: F,
        call: Option<(Call, Arc<AtomicU64>)>,
    }
}

impl<F, B> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, Infallible>>,
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.future.poll(cx))?;
        let Some((mut call, received)) = this.call.take() else { return Poll::Ready(Ok(response.map(Body::new))) };
        // Trailers-Only: the status is in the head, and there is no body that could end the call.
        if response.headers().contains_key("grpc-status") {
            let (code, message) = outcome(response.headers());
            call.end(code, &message, [0, received.load(std::sync::atomic::Ordering::Relaxed)]);
            return Poll::Ready(Ok(response.map(Body::new)));
        }
        Poll::Ready(Ok(response.map(|body| Body::new(Sent::new(body, call, received)))))
    }
}
