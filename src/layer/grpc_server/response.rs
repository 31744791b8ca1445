//! The future of a response, and its body.

// docs/rules.md: R-LAYER-8

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use http::{HeaderMap, Response, header::CONTENT_LENGTH};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{
    call::{Call, Settled, hidden_status},
    plain_body::PlainBody,
};
use crate::{
    layer::{
        Observer,
        classify::ResponseHeaders,
        deadline::{Deadline, Timer},
        declared::Declared,
        error_source::{self, Stage},
        fields,
        grpc_call::{CallBody, CallFuture, Data, Ended, Side, deadline_exceeded},
        status_writer,
        wrapper::opaque,
    },
    model::{Audience, BoxError, Error},
    wire::protocol::Protocol,
};

pin_project! {
    /// The response of a [`GrpcServer`](super::GrpcServer).
    pub struct ResponseFuture<F, O = ()> {
        #[pin]
        future: CallFuture<F>,
        // None once the response was given.
        call: Option<Call<O>>,
    }
}

opaque!(ResponseFuture<F, O>);

impl<F, O> ResponseFuture<F, O> {
    #[inline]
    pub(super) fn watching(inner: F, call: Call<O>, deadline: Deadline) -> Self {
        Self { future: CallFuture::watching(inner, deadline), call: Some(call) }
    }

    pub(super) fn failed(error: Error, call: Call<O>) -> Self {
        Self { future: CallFuture::failed(error), call: Some(call) }
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
        let mut polled = Poll::Pending;
        let outcome = ready!(this.future.poll::<Call<O>, B, E>(cx, &mut polled));
        let Some(call) = this.call else { return Poll::Pending };
        let deadline = match outcome {
            Ok(deadline) => deadline,
            Err(error) => return Poll::Ready(Ok(call.refuse(error, ResponseBody::empty()))),
        };
        let Poll::Ready(Ok(response)) = &mut polled else { return Poll::Pending };
        let judged = judge(call, response);
        if let Judged::Hidden = judged {
            return Poll::Ready(Ok(call.refuse(hidden_status(), ResponseBody::empty())));
        }
        // The response and the call move once, to where they are returned.
        let Some(call) = this.call.take() else { return Poll::Pending };
        let Poll::Ready(Ok(response)) = polled else { return Poll::Pending };
        match judged {
            Judged::Call { held } => Poll::Ready(Ok(response.map(|body| ResponseBody {
                kind: Kind::Call { body: CallBody::watching(body, call, deadline, held) },
            }))),
            Judged::Plain => Poll::Ready(Ok(response.map(|body| {
                let Call { writer, requested, .. } = call;
                let (language, declared) = (requested.language, Declared::Method(requested.method));
                let body = PlainBody { body: Some(body), writer, language, declared, is_guarded: true };
                ResponseBody { kind: Kind::Plain { body } }
            }))),
            Judged::TrailersOnly | Judged::Hidden => {
                Poll::Ready(Ok(response.map(|body| ResponseBody::call(CallBody::passing(body)))))
            }
        }
    }
}

/// What a response is.
enum Judged {
    /// Of gRPC-Web, with the status in the body, where it cannot be redacted.
    Hidden,
    /// Not gRPC.
    Plain,
    /// The status is in the headers.
    TrailersOnly,
    /// The status is still to come, unless nothing follows after the one that was in the headers.
    Call { held: Option<Box<HeaderMap>> },
}

/// Judges a response by itself, whatever the request claims: one with `grpc-status`, or of gRPC's media type, is gRPC.
fn judge<B: Body, O: Observer>(call: &Call<O>, response: &mut Response<B>) -> Judged {
    let headers = ResponseHeaders::of(response.headers());
    let (has_status, protocol) = (headers.has_status(), headers.protocol());
    let is_trailers_only = has_status && response.body().is_end_stream();
    let is_public = call.writer.audience == Audience::Public;
    if protocol == Protocol::GrpcWeb && !is_trailers_only && is_public {
        return Judged::Hidden;
    }
    if headers.has_details && is_public && !is_trailers_only {
        // A status that counts is written again below; other statuses in the headers must not carry details.
        fields::withhold_details(response.headers_mut());
    }
    if !has_status && protocol != Protocol::Grpc && (protocol == Protocol::GrpcWeb || !call.is_grpc) {
        return Judged::Plain;
    }
    if call.is_marking {
        response.extensions_mut().insert(Settled);
    }
    if is_trailers_only {
        // The body stays, so that it ends the stream with the headers.
        call.settle_response(response);
        return Judged::TrailersOnly;
    }
    if headers.has_length {
        // The body may be cut short.
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    Judged::Call { held: has_status.then(|| status_writer::take_status(response.headers_mut())) }
}

pin_project! {
    /// The body of a response of a [`GrpcServer`](super::GrpcServer). For a call of gRPC it never fails: what goes wrong
    /// becomes trailers.
    pub struct ResponseBody<B, O = ()> {
        #[pin]
        kind: Kind<B, O>,
    }
}

opaque!(ResponseBody<B, O>);

pin_project! {
    #[project = KindProjection]
    enum Kind<B, O> {
        Call { #[pin] body: CallBody<B, Call<O>> },
        /// Not a gRPC response.
        Plain { #[pin] body: PlainBody<B, O> },
    }
}

impl<B, O> ResponseBody<B, O> {
    fn call(body: CallBody<B, Call<O>>) -> Self {
        Self { kind: Kind::Call { body } }
    }

    fn empty() -> Self {
        Self::call(CallBody::empty())
    }
}

/// An empty body, which layers outside make for responses of their own.
impl<B, O> Default for ResponseBody<B, O> {
    fn default() -> Self {
        Self::empty()
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
        match self.project().kind.project() {
            KindProjection::Call { body } => body.poll_frame(cx),
            KindProjection::Plain { body } => body.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Call { body } => body.is_end_stream(),
            Kind::Plain { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Call { body } => body.size_hint(),
            Kind::Plain { body } => body.size_hint(),
        }
    }
}

impl<O: Observer> Side for Call<O> {
    const CATCHES_PANICS: bool = true;

    fn fault(cause: BoxError, _: Deadline, _: Stage) -> Error {
        error_source::error_of(cause)
    }

    fn poll_deadline(timer: Pin<&mut Timer>, cx: &mut Context<'_>) -> Poll<()> {
        timer.poll_after_read(cx)
    }

    fn data<D: Buf>(&mut self, _: &D, timer: Pin<&mut Timer>) -> Data {
        // A stream that never waits must end too, and the timer never fires for it.
        if timer.has_passed() { Data::Fails(deadline_exceeded()) } else { Data::Passes }
    }

    fn settle(&self, trailers: &mut HeaderMap, _: Ended) {
        Call::settle(self, trailers);
    }

    fn trailers(&self, error: &Error) -> HeaderMap {
        self.writer.trailers(error, &self.requested)
    }
}
