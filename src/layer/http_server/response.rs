//! The future of a response, and its body.

// docs/rules.md: R-LAYER-6

use std::{
    convert::Infallible,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::Response;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::call::{Call, error_of};
use crate::{
    layer::{
        Observer,
        classify::ResponseHeaders,
        collect::Collect,
        deadline::Deadline,
        declared::Declared,
        error_source::{self, catch_panic},
        fields,
        grpc_server::{self, PlainBody, Settled, hidden_status},
        status_writer::Requested,
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
        call: Call<O>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        Calling { #[pin] inner: F },
        /// It is an error; its body says which.
        Reading { reading: Pin<Box<Collect<B>>> },
        /// The service inside was not called. None once the error was given.
        Failed { error: Option<Error> },
    }
}

impl<F, B, O> ResponseFuture<F, B, O> {
    #[inline]
    pub(super) fn calling(inner: F, call: Call<O>) -> Self {
        Self { state: State::Calling { inner }, call }
    }

    pub(super) fn failed(error: Error, call: Call<O>) -> Self {
        Self { state: State::Failed { error: Some(error) }, call }
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
        let call = this.call;
        let mut known = None;
        if let StateProjection::Calling { inner } = this.state.as_mut().project() {
            let mut polled = Poll::Pending;
            if let Err(panic) = catch_panic(|| polled = inner.poll(cx)) {
                known = Some((None, (panic, Report::default())));
            } else {
                let judged = match &mut polled {
                    Poll::Ready(Ok(response)) => judge(call, response),
                    Poll::Ready(Err(_)) => Judged::Error,
                    Poll::Pending => return Poll::Pending,
                };
                if let Judged::Passes { is_guarded } = judged {
                    let language = call.caller.accept_language.take();
                    let declared = mem::replace(&mut call.declared, Declared::Method(None));
                    let writer = call.writer.clone();
                    // The response moves once, to where it is returned.
                    let Poll::Ready(Ok(response)) = polled else { return Poll::Pending };
                    return Poll::Ready(Ok(response.map(|body| ResponseBody {
                        content: Content::Passing {
                            body: PlainBody { body: Some(body), writer, language, declared, is_guarded },
                        },
                    })));
                }
                match polled {
                    Poll::Ready(Ok(response)) => {
                        let (mut head, body) = response.into_parts();
                        let told = match judged {
                            Judged::Hidden => Some((hidden_status(), Report::default())),
                            _ => call.known(&mut head),
                        };
                        match told {
                            Some(told) => known = Some((Some(head), told)),
                            None => {
                                let reading = Collect::boxed(head, body, Deadline::none());
                                this.state.set(State::Reading { reading });
                            }
                        }
                    }
                    Poll::Ready(Err(error)) => known = Some((None, (error_of(error.into()), Report::default()))),
                    Poll::Pending => return Poll::Pending,
                }
            }
        }
        let (head, (error, report)) = match (known, this.state.as_mut().project()) {
            (Some(known), _) => known,
            (None, StateProjection::Reading { reading }) => {
                let (head, body) = ready!(reading.as_mut().poll(cx));
                let read = call.read(head, body);
                (Some(mem::replace(head, Response::new(()).into_parts().0)), read)
            }
            (None, StateProjection::Failed { error }) => {
                // Polled again after it was ready.
                let Some(error) = error.take() else { return Poll::Pending };
                (None, (error, Report::default()))
            }
            (None, StateProjection::Calling { .. }) => return Poll::Pending,
        };
        // Drops a body that was not read to its end, which resets its stream.
        error_source::replace(this.state, || State::Failed { error: None });
        Poll::Ready(Ok(call
            .respond(head, error, report)
            .map(|bytes| ResponseBody { content: Content::Written { bytes } })))
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
        /// Empty once it was sent.
        Written { bytes: Bytes },
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
        match self.project().content.project() {
            ContentProjection::Passing { body } => body.poll_frame(cx),
            ContentProjection::Written { bytes } if bytes.is_empty() => Poll::Ready(None),
            ContentProjection::Written { bytes } => Poll::Ready(Some(Ok(Frame::data(mem::take(bytes))))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Passing { body } => body.is_end_stream(),
            Content::Written { bytes } => bytes.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Passing { body } => body.size_hint(),
            Content::Written { bytes } => SizeHint::with_exact(bytes.len() as u64),
        }
    }
}

/// An empty body, for responses that layers outside make themselves.
impl<B, O> Default for ResponseBody<B, O> {
    fn default() -> Self {
        Self { content: Content::Written { bytes: Bytes::new() } }
    }
}

opaque!(ResponseBody<B, O>);

enum Judged {
    /// Not an error, or one that this layer does not write.
    Passes { is_guarded: bool },
    /// Of gRPC-Web, with the status in the body, where it cannot be redacted.
    Hidden,
    /// An error, which this layer writes.
    Error,
}

/// A gRPC response to a gRPC caller passes; to the public only if a `GrpcServerLayer` has written it, else it is treated as that
/// layer would. Every other error is written by this layer. What is not an error passes, with guarded trailers.
#[inline]
fn judge<B: Body, O: Observer>(call: &Call<O>, response: &mut Response<B>) -> Judged {
    let Call { writer, .. } = call;
    let headers = ResponseHeaders::of(response.headers());
    let (caller, protocol) = (call.caller.protocol, headers.protocol());
    let is_settled = caller.is_any_grpc() && response.extensions_mut().remove::<Settled>().is_some();
    let is_trusted = is_settled || writer.audience == Audience::Internal;
    let hands_on = call.hands_off || is_trusted && caller.is_any_grpc() && protocol.is_any_grpc();
    let is_error = headers.is_error(response.status());
    if hands_on || is_trusted && !is_error {
        return Judged::Passes { is_guarded: false };
    }
    let is_trailers_only = headers.has_status() && response.body().is_end_stream();
    if protocol == Protocol::GrpcWeb && !is_trailers_only {
        return Judged::Hidden;
    }
    if is_error && !(caller == Protocol::Grpc && protocol == Protocol::Grpc) {
        return Judged::Error;
    }
    if headers.has_status() {
        let (language, method) = (call.caller.accept_language.clone(), call.declared.method(&writer.translator));
        let requested = Requested { language, method };
        let is_grpc = caller == Protocol::Grpc;
        grpc_server::Call { writer: writer.clone(), requested, is_grpc, is_marking: false }.settle_response(response);
    } else if headers.has_details {
        fields::withhold_details(response.headers_mut());
    }
    Judged::Passes { is_guarded: true }
}
