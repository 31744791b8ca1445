//! The response on its way.

// docs/rules.md: R-LAYER-5

use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Response, StatusCode, header};
use http_body::Body;
use pin_project_lite::pin_project;

use super::{
    ResponseBody,
    non_grpc_body::{Foreign, Page},
    shared::{Facts, Shared},
    transport_error,
};
use crate::{
    layer::{
        Observer,
        deadline::{Deadline, Timer},
        status_writer::{self, Ending},
    },
    model::{BoxError, Error, kinds},
    wire::protocol::Protocol,
};

pin_project! {
    /// The response of a [`GrpcClient`](super::GrpcClient).
    pub struct ResponseFuture<F, B, O = ()> {
        #[pin]
        state: State<F, B>,
        shared: Arc<Shared<O>>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        /// Not a call of gRPC: none of our business.
        Passing { #[pin] inner: F },
        Watching { #[pin] inner: F, #[pin] timer: Timer },
        /// The answer is not of gRPC.
        Reading { #[pin] foreign: Foreign<B> },
        /// There never was a call.
        Failed { error: Option<Error> },
        Done,
    }
}

impl<F, B, O> ResponseFuture<F, B, O> {
    pub(super) fn passing(inner: F, shared: Arc<Shared<O>>) -> Self {
        Self { state: State::Passing { inner }, shared }
    }

    pub(super) fn watching(inner: F, shared: Arc<Shared<O>>, deadline: Deadline) -> Self {
        Self { state: State::Watching { inner, timer: Timer::new(deadline) }, shared }
    }

    pub(super) fn failed(error: Error, shared: Arc<Shared<O>>) -> Self {
        Self { state: State::Failed { error: Some(error) }, shared }
    }
}

impl<F, B, O, E> Future for ResponseFuture<F, B, O>
where
    F: Future<Output = Result<Response<B>, E>>,
    E: Into<BoxError>,
    O: Observer,
    B: Body,
    B::Error: Into<BoxError>,
{
    type Output = Result<Response<ResponseBody<B, O>>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let response = loop {
            match this.state.as_mut().project() {
                StateProjection::Passing { inner } => match ready!(inner.poll(cx)) {
                    Ok(response) => break response.map(ResponseBody::passing),
                    Err(error) => break failed(this.shared, transport_error::error_of(error.into(), Deadline::none())),
                },
                StateProjection::Watching { inner, timer } => match inner.poll(cx) {
                    Poll::Ready(Ok(response)) if speaks_grpc(&response) => {
                        break finish(this.shared, response, timer.deadline());
                    }
                    Poll::Ready(Ok(response)) => {
                        let (head, body) = response.into_parts();
                        let foreign = Foreign::new(head, body, timer.deadline());
                        this.state.set(State::Reading { foreign });
                    }
                    Poll::Ready(Err(error)) => {
                        break failed(this.shared, transport_error::error_of(error.into(), timer.deadline()));
                    }
                    // tonic's own timer does not run while it connects.
                    Poll::Pending => {
                        ready!(timer.poll(cx));
                        break failed(this.shared, Error::new(kinds::DEADLINE_EXCEEDED));
                    }
                },
                StateProjection::Reading { foreign } => {
                    let Page { head, text, note } = ready!(foreign.poll(cx));
                    break this.shared.foreign(head, &text, note, ResponseBody::empty());
                }
                StateProjection::Failed { error } => match error.take() {
                    Some(error) => break failed(this.shared, error),
                    None => return Poll::Pending,
                },
                // Polled again after it was ready: there is nothing left to say.
                StateProjection::Done => return Poll::Pending,
            }
        };
        this.state.set(State::Done);
        Poll::Ready(Ok(response))
    }
}

/// Whether a response is of gRPC, or of gRPC-Web: a layer below that reads its frames leaves the media type as it was. Some
/// servers forget the content type; where it is missing, a success or a status in headers that are all there is will do.
fn speaks_grpc<B: Body>(response: &Response<B>) -> bool {
    let headers = response.headers();
    // To look at each costs less than to look for one by its hash.
    let media = headers.iter().find(|(name, _)| *name == header::CONTENT_TYPE).map(|(_, value)| value);
    if media.is_some_and(|media| Protocol::of_media(media).is_any_grpc()) {
        return true;
    }
    let is_trailers_only = Ending::of(headers) != Ending::Missing && response.body().is_end_stream();
    is_trailers_only || response.status() == StatusCode::OK && media.is_none()
}

fn finish<B: Body, O: Observer>(
    shared: &Arc<Shared<O>>,
    mut response: Response<B>,
    deadline: Deadline,
) -> Response<ResponseBody<B, O>> {
    let facts = Facts { status: response.status(), deadline };
    if response.body().is_end_stream() {
        if let Some(error) = shared.settle(response.headers_mut(), facts) {
            response.extensions_mut().insert(error);
        }
        return response.map(ResponseBody::passing);
    }
    // The status of headers that are not the end does not count. If nothing follows after all, it does: some proxies
    // end the stream in a frame of its own.
    let held = (Ending::of(response.headers()) != Ending::Missing).then(|| {
        let mut held = response.headers().clone();
        held.remove(header::CONTENT_TYPE);
        status_writer::remove_status(response.headers_mut());
        Box::new(held)
    });
    response.map(|body| ResponseBody::watching(body, shared.clone(), facts, held))
}

fn failed<B, O: Observer>(shared: &Shared<O>, error: Error) -> Response<ResponseBody<B, O>> {
    shared.response(error, ResponseBody::empty())
}

impl<F, B, O> fmt::Debug for ResponseFuture<F, B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
