//! The future of a response, and its body.

// docs/rules.md: R-LAYER-5

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use http::{HeaderMap, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{
    call::Call,
    first_frame::{Look, Start},
};
use crate::{
    layer::{
        Observer,
        classify::ResponseHeaders,
        collect::Collect,
        deadline::{Deadline, Timer},
        error_source::{Stage, transport_error},
        grpc_call::{CallBody, CallFuture, Data, Ended, Side},
        status_writer::{self, Requested},
        wrapper::opaque,
    },
    model::{BoxError, Error, kinds},
    translate::Report,
    wire::protocol::Protocol,
};

pin_project! {
    /// The response of a [`GrpcClient`](super::GrpcClient).
    pub struct ResponseFuture<F, B, O = ()> {
        #[pin]
        state: State<F, B>,
        // None once the response was given.
        call: Option<Call<O>>,
    }
}

opaque!(ResponseFuture<F, B, O>);

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        Calling { #[pin] future: CallFuture<F> },
        /// The response is not gRPC.
        Reading { reading: Pin<Box<Collect<B>>> },
    }
}

impl<F, B, O> ResponseFuture<F, B, O> {
    #[inline]
    pub(super) fn watching(inner: F, call: Call<O>, deadline: Deadline) -> Self {
        Self { state: State::Calling { future: CallFuture::watching(inner, deadline) }, call: Some(call) }
    }

    pub(super) fn failed(error: Error, call: Call<O>) -> Self {
        Self { state: State::Calling { future: CallFuture::failed(error) }, call: Some(call) }
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
            let Some(call) = this.call.as_ref() else { return Poll::Pending };
            match this.state.as_mut().project() {
                StateProjection::Calling { future } => {
                    let mut polled = Poll::Pending;
                    let outcome = ready!(future.poll::<StartedCall<O>, B, E>(cx, &mut polled));
                    let deadline = match outcome {
                        Ok(deadline) => deadline,
                        Err(error) => {
                            let (report, requested) = (Report::default(), Requested::default());
                            let body = ResponseBody::default();
                            return Poll::Ready(Ok(call.writer.response(error, report, &requested, body)));
                        }
                    };
                    let Poll::Ready(Ok(response)) = &mut polled else { return Poll::Pending };
                    let judged = judge(call, response, deadline);
                    // The response moves once, to where it is returned.
                    let Poll::Ready(Ok(response)) = polled else { return Poll::Pending };
                    match judged {
                        Judged::Passes => return Poll::Ready(Ok(response.map(ResponseBody::passing))),
                        Judged::Call { start, held } => {
                            let Some(call) = this.call.take() else { return Poll::Pending };
                            let started = StartedCall { call, status: response.status(), start };
                            return Poll::Ready(Ok(response.map(|body| ResponseBody {
                                body: CallBody::watching(body, started, deadline, held),
                            })));
                        }
                        Judged::Page => {
                            let (head, body) = response.into_parts();
                            this.state.set(State::Reading { reading: Collect::boxed(head, body, deadline) });
                        }
                    }
                }
                StateProjection::Reading { reading } => {
                    let (head, text) = ready!(reading.as_mut().poll(cx));
                    return Poll::Ready(Ok(call.non_grpc(head, text, ResponseBody::default())));
                }
            }
        }
    }
}

/// What a response is.
enum Judged {
    /// Not of a gRPC call, or one whose status is in the headers.
    Passes,
    /// The status is still to come, unless nothing follows after the one that was in the headers.
    Call { start: Start, held: Option<Box<HeaderMap>> },
    /// Not gRPC: the body is read as an error.
    Page,
}

fn judge<B: Body, O: Observer>(call: &Call<O>, response: &mut Response<B>, deadline: Deadline) -> Judged {
    if !call.is_grpc {
        return Judged::Passes;
    }
    let (headers, status) = (ResponseHeaders::of(response.headers()), response.status());
    let is_end = response.body().is_end_stream();
    let protocol = match headers.protocol() {
        // A layer inside that decodes gRPC-Web leaves the media type as it was.
        protocol @ (Protocol::Grpc | Protocol::GrpcWeb) => protocol,
        // Some servers forget the content type: without one, a success and Trailers-Only count as gRPC.
        _ if headers.has_status() && is_end || status == StatusCode::OK && headers.media.is_none() => Protocol::Grpc,
        _ => return Judged::Page,
    };
    if is_end {
        let ended = Ended { deadline, has_trailers: false };
        if let Some(error) = call.settle(response.headers_mut(), status, ended) {
            response.extensions_mut().insert(error);
        }
        return Judged::Passes;
    }
    let start = Start::of(response, protocol);
    // Some proxies end the stream in a frame of its own.
    let held = headers.has_status().then(|| status_writer::take_status(response.headers_mut()));
    Judged::Call { start, held }
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

impl<B, O> ResponseBody<B, O> {
    fn passing(body: B) -> Self {
        Self { body: CallBody::passing(body) }
    }
}

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
    const CATCHES_PANICS: bool = false;

    fn fault(cause: BoxError, deadline: Deadline, stage: Stage) -> Error {
        transport_error(cause, deadline, stage)
    }

    /// tonic's own timer does not run while it connects.
    fn poll_deadline(timer: Pin<&mut Timer>, cx: &mut Context<'_>) -> Poll<()> {
        timer.poll(cx)
    }

    #[inline]
    fn data<D: Buf>(&mut self, data: &D, _: Pin<&mut Timer>) -> Data {
        match self.start.look(data, self.status) {
            Look::Short | Look::Frame => Data::Passes,
            Look::Page => Data::Kept,
            Look::Oversized => Data::Fails(oversized()),
        }
    }

    fn keep<D: Buf>(&mut self, data: D, deadline: Deadline) {
        self.start.page(data, deadline);
    }

    #[inline]
    fn poll_kept<B: Body>(&mut self, body: Pin<&mut B>, cx: &mut Context<'_>) -> Option<Poll<HeaderMap>> {
        let Start::Page { headers, text } = &mut self.start else { return None };
        Some(text.as_mut().poll(body, cx).map(|text| {
            let none = HeaderMap::new();
            self.call.trailers_of_page(self.status, headers.as_deref().unwrap_or(&none), text)
        }))
    }

    #[inline]
    fn settle(&self, trailers: &mut HeaderMap, ended: Ended) {
        self.call.settle(trailers, self.status, ended);
    }

    fn trailers(&self, error: &Error) -> HeaderMap {
        self.call.writer.trailers(error, &Requested::default())
    }
}

/// No protobuf message is that large, and no decoder should allocate for it.
fn oversized() -> Error {
    Error::new(kinds::INTERNAL_ERROR)
        .with_message("The response announces a message of 2 GiB or more.")
        .with_metadata("fault", "protocol")
}
