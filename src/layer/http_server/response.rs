//! The future of a response, and its body.

// docs/rules.md: R-LAYER-6

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Response, response::Parts};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::call::{Call, Shared, error_of};
use crate::{
    layer::{
        Observer, catch_panic,
        classify::{is_error, protocol_of},
        collect::Collect,
        deadline::Deadline,
        fields,
        grpc_server::{PlainBody, Settled, hidden_status},
        status_writer::Ending,
        wrapper::opaque,
    },
    model::{Audience, BoxError, Error},
    translate::Report,
    wire::protocol::Protocol,
};

pin_project! {
    /// The response of an [`HttpServer`](super::HttpServer).
    pub struct ResponseFuture<F, B, O = ()> {
        #[pin]
        state: State<F, B>,
        shared: Arc<Shared<O>>,
        call: Call,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        Calling { #[pin] inner: F },
        /// It is an error; its body says which.
        Reading { head: Option<Parts>, #[pin] body: Collect<B> },
        /// The service inside was not called.
        Failed { error: Option<Error> },
        Ended,
    }
}

impl<F, B, O> ResponseFuture<F, B, O> {
    pub(super) fn calling(inner: F, shared: Arc<Shared<O>>, call: Call) -> Self {
        Self { state: State::Calling { inner }, shared, call }
    }

    pub(super) fn failed(error: Error, shared: Arc<Shared<O>>, call: Call) -> Self {
        Self { state: State::Failed { error: Some(error) }, shared, call }
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
                        Err(error) => break (None, (error_of(error.into()), Report::default())),
                    };
                    let (mut head, body) = match shared.judge(response, this.call) {
                        Judged::Passes(response) => return Poll::Ready(Ok(response)),
                        Judged::Hidden(head) => break (Some(head), (hidden_status(), Report::default())),
                        Judged::Error(response) => response.into_parts(),
                    };
                    if let Some(known) = shared.known(&mut head, this.call) {
                        break (Some(head), known);
                    }
                    this.state.set(State::Reading { head: Some(head), body: Collect::new(body, Deadline::none()) });
                }
                StateProjection::Reading { head, body } => {
                    let body = ready!(body.poll(cx));
                    // Polled again after it was ready.
                    let Some(head) = head.take() else { return Poll::Pending };
                    let read = shared.read(&head, body, this.call);
                    break (Some(head), read);
                }
                StateProjection::Failed { error } => {
                    let Some(error) = error.take() else { return Poll::Pending };
                    break (None, (error, Report::default()));
                }
                StateProjection::Ended => return Poll::Pending,
            }
        };
        // Drops a body that was not read to its end, which resets its stream.
        catch_panic::replace(this.state, State::Ended);
        Poll::Ready(Ok(shared.respond(head, error, report, this.call).map(ResponseBody::written)))
    }
}

opaque!(ResponseFuture<F, B, O>);

pin_project! {
    /// The body of a response of an [`HttpServer`](super::HttpServer): that of the service inside, or that of an error.
    ///
    /// A panic in the one inside is an error of the body, so that a caller never takes half a response for a whole one. The
    /// observer is told.
    pub struct ResponseBody<B, O = ()> {
        #[pin]
        content: Content<B, O>,
    }
}

pin_project! {
    #[project = ContentProjection]
    enum Content<B, O> {
        Passing { #[pin] body: PlainBody<B, O> },
        Written { bytes: Bytes },
        Ended,
    }
}

impl<B, O> ResponseBody<B, O> {
    pub(super) fn passing(body: PlainBody<B, O>) -> Self {
        Self { content: Content::Passing { body } }
    }

    pub(super) fn written(bytes: Bytes) -> Self {
        Self { content: if bytes.is_empty() { Content::Ended } else { Content::Written { bytes } } }
    }
}

impl<B, O> Body for ResponseBody<B, O>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
    O: Observer,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let mut content = self.project().content;
        let last = match content.as_mut().project() {
            ContentProjection::Passing { body } => return body.poll_frame(cx),
            ContentProjection::Written { bytes } => Frame::data(std::mem::take(bytes)),
            ContentProjection::Ended => return Poll::Ready(None),
        };
        content.set(Content::Ended);
        Poll::Ready(Some(Ok(last)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Passing { body } => body.is_end_stream(),
            Content::Written { .. } => false,
            Content::Ended => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Passing { body } => body.size_hint(),
            Content::Written { bytes } => SizeHint::with_exact(bytes.len() as u64),
            Content::Ended => SizeHint::with_exact(0),
        }
    }
}

/// An empty body, for responses that layers outside make themselves.
impl<B, O> Default for ResponseBody<B, O> {
    fn default() -> Self {
        Self { content: Content::Ended }
    }
}

opaque!(ResponseBody<B, O>);

pub(super) enum Judged<B, O> {
    /// Not an error, or one that this layer does not write.
    Passes(Response<ResponseBody<B, O>>),
    /// Of gRPC-Web, with the status in the body, where it cannot be redacted.
    Hidden(Parts),
    /// An error, which this layer writes.
    Error(Response<B>),
}

impl<O: Observer> Shared<O> {
    /// A gRPC response to a gRPC caller passes; to the public only if a `GrpcServerLayer` has written it, else it is treated as
    /// that layer would. Every other error is written by this layer. What is not an error passes, with guarded trailers.
    pub(super) fn judge<B>(&self, mut response: Response<B>, call: &Call) -> Judged<B, O>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<BoxError>,
    {
        let protocol = protocol_of(response.headers());
        let is_settled = call.caller.protocol.is_any_grpc() && response.extensions_mut().remove::<Settled>().is_some();
        let is_trusted = is_settled || self.writer().audience == Audience::Internal;
        let hands_on = call.hands_off || is_trusted && call.caller.protocol.is_any_grpc() && protocol.is_any_grpc();
        let is_error = is_error(response.status(), response.headers());
        if hands_on || is_trusted && !is_error {
            let pass = |body| ResponseBody::passing(PlainBody::trusting(body, self.grpc_call(call)));
            return Judged::Passes(response.map(pass));
        }
        let has_status = Ending::of(response.headers()) != Ending::Missing;
        let is_trailers_only = has_status && response.body().is_end_stream();
        if protocol == Protocol::GrpcWeb && !is_trailers_only {
            return Judged::Hidden(response.into_parts().0);
        }
        if is_error && !(call.caller.protocol == Protocol::Grpc && protocol == Protocol::Grpc) {
            return Judged::Error(response);
        }
        let grpc = self.grpc_call(call);
        if has_status {
            grpc.settle_response(&mut response);
        } else {
            fields::withhold_details(response.headers_mut());
        }
        Judged::Passes(response.map(|body| ResponseBody::passing(PlainBody::guarding(body, grpc))))
    }
}
