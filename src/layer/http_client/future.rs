//! The answer on its way.

// docs/rules.md: R-LAYER-7

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Response, response::Parts};
use http_body::Body;
use pin_project_lite::pin_project;

use super::{ResponseBody, shared::Shared};
use crate::{
    layer::{
        Observer,
        classify::is_error,
        collect::{Collect, Collected},
        deadline::Deadline,
    },
    model::{BoxError, Error},
    wire::grpc::GRPC_STATUS,
};

pin_project! {
    /// The response of an [`HttpClient`](super::HttpClient).
    pub struct ResponseFuture<F, B, O = ()> {
        #[pin]
        state: State<F, B>,
        shared: Arc<Shared<O>>,
        to_head: bool,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        Calling { #[pin] inner: F },
        /// It is an error, and the body says which.
        Reading { head: Parts, #[pin] body: Collect<B> },
    }
}

impl<F, B, O> ResponseFuture<F, B, O> {
    pub(super) fn new(inner: F, shared: Arc<Shared<O>>, to_head: bool) -> Self {
        Self { state: State::Calling { inner }, shared, to_head }
    }
}

impl<F, O, B, E> Future for ResponseFuture<F, B, O>
where
    F: Future<Output = Result<Response<B>, E>>,
    E: Into<BoxError>,
    O: Observer,
    B: Body,
    B::Error: Into<BoxError>,
{
    type Output = Result<Response<ResponseBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProjection::Calling { inner } => {
                    let response = ready!(inner.poll(cx)).map_err(|error| this.shared.failed(error.into()))?;
                    if !is_error(response.status(), response.headers()) {
                        return Poll::Ready(Ok(response.map(ResponseBody::new)));
                    }
                    let (head, body) = response.into_parts();
                    if *this.to_head || head.headers.contains_key(GRPC_STATUS) {
                        return Poll::Ready(Err(this.shared.read(&head, Collected::default(), *this.to_head)));
                    }
                    this.state.set(State::Reading { head, body: Collect::new(body, Deadline::none()) });
                }
                StateProjection::Reading { head, body } => {
                    let body = ready!(body.poll(cx));
                    return Poll::Ready(Err(this.shared.read(head, body, *this.to_head)));
                }
            }
        }
    }
}

impl<F, B, O> fmt::Debug for ResponseFuture<F, B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
