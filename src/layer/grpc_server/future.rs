//! The response on its way.

use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{
    ResponseBody,
    shared::{Shared, has_status},
};
use crate::{
    layer::{Observer, cause, unwind},
    model::{BoxError, Error},
};

pin_project! {
    /// The response of a [`GrpcServer`](super::GrpcServer).
    pub struct ResponseFuture<F, O = ()> {
        #[pin]
        state: State<F>,
        shared: Arc<Shared<O>>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        /// Not a call of gRPC: none of our business.
        Passing { #[pin] inner: F },
        Watching { #[pin] inner: F, #[pin] sleep: Option<Sleep>, deadline: Option<Instant> },
        /// There never was a call.
        Failed { error: Option<Error> },
    }
}

impl<F, O> ResponseFuture<F, O> {
    pub(super) fn passing(inner: F, shared: Arc<Shared<O>>) -> Self {
        Self { state: State::Passing { inner }, shared }
    }

    pub(super) fn watching(inner: F, shared: Arc<Shared<O>>, deadline: Option<Instant>) -> Self {
        Self { state: State::Watching { inner, sleep: deadline.map(sleep_until), deadline }, shared }
    }

    pub(super) fn failed(error: Error, shared: Arc<Shared<O>>) -> Self {
        Self { state: State::Failed { error: Some(error) }, shared }
    }
}

impl<F, O, B, E> Future for ResponseFuture<F, O>
where
    F: Future<Output = Result<Response<B>, E>>,
    E: Into<BoxError>,
    O: Observer,
    B: Body,
    B::Error: Into<BoxError>,
{
    type Output = Result<Response<ResponseBody<B, O>>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (outcome, deadline) = match this.state.project() {
            StateProjection::Passing { inner } => {
                let response = ready!(inner.poll(cx)).map_err(|error| cause::error_of(error.into()));
                return Poll::Ready(Ok(match response {
                    Ok(response) => response.map(ResponseBody::passing),
                    Err(error) => this.shared.response(error, ResponseBody::empty()),
                }));
            }
            StateProjection::Watching { inner, sleep, deadline } => match unwind::catch(|| inner.poll(cx)) {
                Ok(Poll::Ready(Ok(response))) => (Ok(response), *deadline),
                Ok(Poll::Ready(Err(error))) => (Err(cause::error_of(error.into())), None),
                Err(panic) => (Err(panic), None),
                Ok(Poll::Pending) => match sleep.as_pin_mut() {
                    Some(sleep) => {
                        ready!(sleep.poll(cx));
                        (Err(this.shared.deadline_exceeded()), None)
                    }
                    None => return Poll::Pending,
                },
            },
            // Polled again after it was ready: there is nothing left to say.
            StateProjection::Failed { error } => match error.take() {
                Some(error) => (Err(error), None),
                None => return Poll::Pending,
            },
        };
        Poll::Ready(Ok(match outcome {
            Ok(response) => finish(this.shared, response, deadline),
            Err(error) => this.shared.response(error, ResponseBody::empty()),
        }))
    }
}

fn finish<B: Body, O: Observer>(
    shared: &Arc<Shared<O>>,
    response: Response<B>,
    deadline: Option<Instant>,
) -> Response<ResponseBody<B, O>> {
    let (mut head, body) = response.into_parts();
    let body = if has_status(&head.headers) {
        // Trailers-Only: what the body is, it stays, so that it ends the stream with the headers.
        if let Some(error) = shared.rewrite(&mut head.headers) {
            head.extensions.insert(error);
        }
        ResponseBody::passing(body)
    } else {
        ResponseBody::watching(body, shared.clone(), deadline)
    };
    Response::from_parts(head, body)
}

impl<F, O> fmt::Debug for ResponseFuture<F, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
