//! The future of a response, and its body.

// docs/rules.md: R-LAYER-5

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use http::{HeaderMap, Response, StatusCode, header, response::Parts};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{
    call::Call,
    first_frame::{Look, Start},
};
use crate::{
    layer::{
        Observer,
        collect::Collect,
        deadline::{Deadline, Timer},
        error_source,
        grpc_call::{CallBody, CallFuture, Data, Ended, Side, Stage},
        status_writer::{self, Ending},
        wrapper::opaque,
    },
    model::{BoxError, Error, kinds},
    wire::protocol::Protocol,
};

pin_project! {
    /// The response of a [`GrpcClient`](super::GrpcClient).
    pub struct ResponseFuture<F, B, O = ()> {
        #[pin]
        state: State<F, B>,
        call: Call<O>,
    }
}

opaque!(ResponseFuture<F, B, O>);

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        Calling { #[pin] future: CallFuture<F> },
        /// The response is not gRPC.
        Reading { head: Option<Box<Parts>>, #[pin] body: Collect<B> },
    }
}

impl<F, B, O> ResponseFuture<F, B, O> {
    pub(super) fn watching(inner: F, call: Call<O>, deadline: Deadline) -> Self {
        Self { state: State::Calling { future: CallFuture::watching(inner, deadline) }, call }
    }

    pub(super) fn failed(error: Error, call: Call<O>) -> Self {
        Self { state: State::Calling { future: CallFuture::failed(error) }, call }
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
        loop {
            match this.state.as_mut().project() {
                StateProjection::Calling { future } => {
                    let (outcome, deadline) = ready!(future.poll::<StartedCall<O>, B, E>(cx));
                    let response = match outcome {
                        Ok(response) => response,
                        Err(error) => {
                            return Poll::Ready(Ok(this.call.shared.response(error, ResponseBody::default())));
                        }
                    };
                    if !this.call.is_grpc {
                        // Not a gRPC call: it passes unchanged.
                        return Poll::Ready(Ok(response.map(|body| ResponseBody { body: CallBody::passing(body) })));
                    }
                    let protocol = protocol(&response);
                    if protocol.is_any_grpc() {
                        return Poll::Ready(Ok(finish(this.call, response, protocol, deadline)));
                    }
                    let (head, body) = response.into_parts();
                    this.state.set(State::Reading { head: Some(Box::new(head)), body: Collect::new(body, deadline) });
                }
                StateProjection::Reading { head, body } => {
                    let text = ready!(body.poll(cx));
                    // Polled again after it was ready.
                    let Some(head) = head.take() else { return Poll::Pending };
                    return Poll::Ready(Ok(this.call.shared.non_grpc(*head, text, ResponseBody::default())));
                }
            }
        }
    }
}

/// The protocol of a response. A layer inside that decodes gRPC-Web leaves the media type as it was. Some servers forget the content
/// type: without one, a success and Trailers-Only count as gRPC.
fn protocol<B: Body>(response: &Response<B>) -> Protocol {
    let headers = response.headers();
    // Comparing each name costs less than hashing one.
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
    call: &Call<O>,
    mut response: Response<B>,
    protocol: Protocol,
    deadline: Deadline,
) -> Response<ResponseBody<B, O>> {
    let status = response.status();
    if response.body().is_end_stream() {
        let ended = Ended { deadline, has_trailers: false };
        if let Some(error) = call.shared.settle(response.headers_mut(), status, ended) {
            response.extensions_mut().insert(error);
        }
        return response.map(|body| ResponseBody { body: CallBody::passing(body) });
    }
    let start = Start::of(&response, protocol);
    // Some proxies end the stream in a frame of its own.
    let has_status = Ending::of(response.headers()) != Ending::Missing;
    let held = has_status.then(|| status_writer::take_status(response.headers_mut()));
    let started = StartedCall { call: call.clone(), status, start };
    response.map(|body| ResponseBody { body: CallBody::watching(body, started, deadline, held) })
}

pin_project! {
    /// The body of a response of a [`GrpcClient`](super::GrpcClient). For a call of gRPC it never fails: what goes wrong
    /// becomes trailers.
    pub struct ResponseBody<B, O = ()> {
        #[pin]
        body: CallBody<B, StartedCall<O>>,
    }
}

opaque!(ResponseBody<B, O>);

/// An empty body, which layers outside make for responses of their own.
impl<B, O> Default for ResponseBody<B, O> {
    fn default() -> Self {
        Self { body: CallBody::empty() }
    }
}

impl<B, O> Body for ResponseBody<B, O>
where
    B: Body,
    B::Error: Into<BoxError>,
    O: Observer,
{
    type Data = B::Data;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.project().body.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A call whose response has begun.
struct StartedCall<O> {
    call: Call<O>,
    status: StatusCode,
    start: Start,
}

impl<O: Observer> Side for StartedCall<O> {
    /// A panic of the transport is the caller's to catch.
    fn run(f: impl FnOnce()) -> Result<(), Error> {
        f();
        Ok(())
    }

    fn fault(cause: BoxError, deadline: Deadline, stage: Stage) -> Error {
        error_source::transport_error(cause, deadline, stage)
    }

    /// tonic's own timer does not run while it connects.
    fn poll_deadline(timer: Pin<&mut Timer>, cx: &mut Context<'_>) -> Poll<()> {
        timer.poll(cx)
    }

    fn data<D: Buf>(&mut self, data: D, timer: Pin<&mut Timer>) -> Data<D> {
        if data.has_remaining() {
            match self.start.look(&data, self.status) {
                Look::Short | Look::Frame => {}
                Look::Page => {
                    self.start.page(data, timer.deadline());
                    return Data::Kept;
                }
                Look::Oversized => return Data::Fails(oversized()),
            }
        }
        Data::Passes(data)
    }

    fn poll_kept<B: Body>(&mut self, body: Pin<&mut B>, cx: &mut Context<'_>) -> Option<Poll<HeaderMap>> {
        let Start::Page { headers, text } = &mut self.start else { return None };
        Some(text.as_mut().poll(body, cx).map(|text| {
            let none = HeaderMap::new();
            self.call.shared.trailers_of_page(self.status, headers.as_deref().unwrap_or(&none), text)
        }))
    }

    fn settle(&self, trailers: &mut HeaderMap, ended: Ended) {
        self.call.shared.settle(trailers, self.status, ended);
    }

    fn trailers(&self, error: &Error) -> HeaderMap {
        self.call.shared.trailers(error)
    }
}

/// No protobuf message is that large, and no decoder should allocate for it.
fn oversized() -> Error {
    Error::new(kinds::INTERNAL_ERROR)
        .with_message("The response announces a message of 2 GiB or more.")
        .with_metadata("fault", "protocol")
}
