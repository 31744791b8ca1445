//! The response on its way.

// docs/rules.md: R-LAYER-5

use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Response, StatusCode, header, response::Parts};
use http_body::Body;
use pin_project_lite::pin_project;

use super::{
    ResponseBody,
    first_frame::Start,
    shared::{Facts, Shared},
    transport_error::{self, Stage},
};
use crate::{
    layer::{
        Observer,
        collect::Collect,
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
        Reading { head: Option<Box<Parts>>, #[pin] body: Collect<B> },
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
                    Err(error) => {
                        let error = transport_error::error_of(error.into(), Deadline::none(), Stage::Calling);
                        break failed(this.shared, error);
                    }
                },
                StateProjection::Watching { inner, timer } => match inner.poll(cx) {
                    Poll::Ready(Ok(response)) => {
                        let protocol = protocol(&response);
                        if protocol.is_any_grpc() {
                            break finish(this.shared, response, protocol, timer.deadline());
                        }
                        let (head, body) = response.into_parts();
                        let body = Collect::new(body, timer.deadline());
                        this.state.set(State::Reading { head: Some(Box::new(head)), body });
                    }
                    Poll::Ready(Err(error)) => {
                        let error = transport_error::error_of(error.into(), timer.deadline(), Stage::Calling);
                        break failed(this.shared, error);
                    }
                    // tonic's own timer does not run while it connects.
                    Poll::Pending => {
                        ready!(timer.poll(cx));
                        break failed(this.shared, Error::new(kinds::DEADLINE_EXCEEDED));
                    }
                },
                StateProjection::Reading { head, body } => {
                    let text = ready!(body.poll(cx));
                    // Polled again after it was ready.
                    let Some(head) = head.take() else { return Poll::Pending };
                    break this.shared.foreign(*head, text, ResponseBody::empty());
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

/// What a response is of. A layer below that reads the frames of gRPC-Web leaves the media type as it was. Some servers
/// forget the content type; where it is missing, a success or a status in headers that are all there is will do.
fn protocol<B: Body>(response: &Response<B>) -> Protocol {
    let headers = response.headers();
    // To look at each costs less than to look for one by its hash.
    let media = headers.iter().find(|(name, _)| *name == header::CONTENT_TYPE).map(|(_, value)| value);
    let protocol = media.map_or(Protocol::Http, Protocol::of_media);
    if protocol.is_any_grpc() {
        return protocol;
    }
    let is_trailers_only = Ending::of(headers) != Ending::Missing && response.body().is_end_stream();
    let is_grpc = is_trailers_only || response.status() == StatusCode::OK && media.is_none();
    if is_grpc { Protocol::Grpc } else { Protocol::Http }
}

fn finish<B: Body, O: Observer>(
    shared: &Arc<Shared<O>>,
    mut response: Response<B>,
    protocol: Protocol,
    deadline: Deadline,
) -> Response<ResponseBody<B, O>> {
    let facts = Facts { status: response.status(), deadline, has_trailers: false };
    if response.body().is_end_stream() {
        if let Some(error) = shared.settle(response.headers_mut(), facts) {
            response.extensions_mut().insert(error);
        }
        return response.map(ResponseBody::passing);
    }
    let start = Start::of(&response, protocol);
    // The status of headers that are not the end does not count. If nothing follows after all, it does: some proxies
    // end the stream in a frame of its own.
    let held = (Ending::of(response.headers()) != Ending::Missing).then(|| {
        let mut held = response.headers().clone();
        held.remove(header::CONTENT_TYPE);
        status_writer::remove_status(response.headers_mut());
        Box::new(held)
    });
    response.map(|body| ResponseBody::watching(body, shared.clone(), facts, held, start))
}

fn failed<B, O: Observer>(shared: &Shared<O>, error: Error) -> Response<ResponseBody<B, O>> {
    shared.response(error, ResponseBody::empty())
}

impl<F, B, O> fmt::Debug for ResponseFuture<F, B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
