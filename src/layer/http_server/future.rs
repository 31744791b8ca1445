//! The response on its way.

// docs/rules.md: R-LAYER-6

use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Response, response::Parts};
use http_body::Body;
use pin_project_lite::pin_project;

use super::{ResponseBody, asked::Asked, failure, judge::Judged, shared::Shared};
use crate::{
    layer::{Observer, catch_panic, collect::Collect, deadline::Deadline, grpc_server::hidden_status},
    model::{BoxError, Error},
    translate::Report,
};

pin_project! {
    /// The response of an [`HttpServer`](super::HttpServer).
    pub struct ResponseFuture<F, B, O = ()> {
        #[pin]
        state: State<F, B>,
        shared: Arc<Shared<O>>,
        asked: Asked,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        Calling { #[pin] inner: F },
        /// It is an error, and the body says which.
        Reading { head: Option<Parts>, #[pin] body: Collect<B> },
        /// There never was a call.
        Failed { error: Option<Error> },
        Ended,
    }
}

impl<F, B, O> ResponseFuture<F, B, O> {
    pub(super) fn calling(inner: F, shared: Arc<Shared<O>>, asked: Asked) -> Self {
        Self { state: State::Calling { inner }, shared, asked }
    }

    pub(super) fn failed(error: Error, shared: Arc<Shared<O>>, asked: Asked) -> Self {
        Self { state: State::Failed { error: Some(error) }, shared, asked }
    }
}

impl<F, O, B, E> Future for ResponseFuture<F, B, O>
where
    F: Future<Output = Result<Response<B>, E>>,
    E: Into<BoxError>,
    O: Observer,
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Output = Result<Response<ResponseBody<B, O>>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let shared = &**this.shared;
        let (head, (error, report)) = loop {
            match this.state.as_mut().project() {
                StateProjection::Calling { inner } => {
                    let mut polled = Poll::Pending;
                    if let Err(panic) = catch_panic::catch(|| polled = inner.poll(cx)) {
                        break (None, (panic, Report::default()));
                    }
                    let response = match ready!(polled) {
                        Ok(response) => response,
                        Err(error) => break (None, (failure::error_of(error.into()), Report::default())),
                    };
                    let (mut head, body) = match shared.judge(response, this.asked) {
                        Judged::Passes(response) => return Poll::Ready(Ok(response)),
                        Judged::Hidden(head) => break (Some(head), (hidden_status(), Report::default())),
                        Judged::Error(response) => response.into_parts(),
                    };
                    if let Some(known) = shared.known(&mut head, this.asked) {
                        break (Some(head), known);
                    }
                    this.state.set(State::Reading { head: Some(head), body: Collect::new(body, Deadline::none()) });
                }
                StateProjection::Reading { head, body } => {
                    let body = ready!(body.poll(cx));
                    // Polled again after it was ready: there is nothing left to say.
                    let Some(head) = head.take() else { return Poll::Pending };
                    let read = shared.read(&head, body, this.asked);
                    break (Some(head), read);
                }
                StateProjection::Failed { error } => {
                    let Some(error) = error.take() else { return Poll::Pending };
                    break (None, (error, Report::default()));
                }
                StateProjection::Ended => return Poll::Pending,
            }
        };
        // What panicked may panic again when it is dropped, and what was read no further is to be reset.
        let _ = catch_panic::catch(|| this.state.set(State::Ended));
        Poll::Ready(Ok(shared.respond(head, error, report, this.asked)))
    }
}

impl<F, B, O> fmt::Debug for ResponseFuture<F, B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
