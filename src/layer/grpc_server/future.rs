//! The response on its way.

// docs/rules.md: R-LAYER-8

use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Response, header};
use http_body::Body;
use pin_project_lite::pin_project;

use super::{
    ResponseBody,
    shared::{Caller, Settled, deadline_exceeded, hidden_status},
};
use crate::{
    layer::{
        Observer, catch_panic,
        deadline::{Deadline, Timer},
        error_source, fields, status_writer,
    },
    model::{BoxError, Error},
    wire::protocol::Protocol,
};

pin_project! {
    /// The response of a [`GrpcServer`](super::GrpcServer).
    pub struct ResponseFuture<F, O = ()> {
        #[pin]
        state: State<F>,
        // None once the response was given.
        caller: Option<Caller<O>>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        Watching { #[pin] inner: F, #[pin] timer: Timer },
        /// There never was a call.
        Failed { error: Option<Error> },
        Done,
    }
}

impl<F, O> ResponseFuture<F, O> {
    pub(super) fn watching(inner: F, caller: Caller<O>, deadline: Deadline) -> Self {
        Self { state: State::Watching { inner, timer: Timer::new(deadline) }, caller: Some(caller) }
    }

    pub(super) fn failed(error: Error, caller: Caller<O>) -> Self {
        Self { state: State::Failed { error: Some(error) }, caller: Some(caller) }
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
        let mut this = self.project();
        // Polled again after it was ready: there is nothing left to say.
        let Some(caller) = this.caller else { return Poll::Pending };
        let response = match this.state.as_mut().project() {
            StateProjection::Watching { inner, timer } => {
                let deadline = timer.deadline();
                let mut polled = Poll::Pending;
                let error = match catch_panic::catch(|| polled = inner.poll(cx)) {
                    Err(panic) => panic,
                    Ok(()) => match polled {
                        // By far the most calls: they go the shortest way.
                        Poll::Ready(Ok(response)) => {
                            end(this.state);
                            let Some(caller) = this.caller.take() else { return Poll::Pending };
                            return Poll::Ready(Ok(finish(caller, response, deadline)));
                        }
                        Poll::Ready(Err(error)) => error_source::error_of(error.into()),
                        Poll::Pending => {
                            ready!(timer.poll_after_read(cx));
                            deadline_exceeded()
                        }
                    },
                };
                caller.refuse(error, ResponseBody::empty())
            }
            StateProjection::Failed { error } => match error.take() {
                Some(error) => caller.refuse(error, ResponseBody::empty()),
                None => return Poll::Pending,
            },
            StateProjection::Done => return Poll::Pending,
        };
        end(this.state);
        *this.caller = None;
        Poll::Ready(Ok(response))
    }
}

/// What panicked once may panic again when it is dropped.
fn end<F>(mut state: Pin<&mut State<F>>) {
    let _ = catch_panic::catch(|| state.set(State::Done));
}

/// Judges an answer by what it is, whatever the request said: one with `grpc-status`, or of gRPC's media type, is of gRPC.
fn finish<B: Body, O: Observer>(
    caller: Caller<O>,
    mut response: Response<B>,
    deadline: Deadline,
) -> Response<ResponseBody<B, O>> {
    // Few answers have any of them, and fewer fields than to look for one by its hash.
    let (mut has_status, mut has_length, mut has_details) = (false, false, false);
    let mut answered = Protocol::Http;
    for (name, value) in response.headers() {
        has_status |= status_writer::is_status(name);
        has_length |= *name == header::CONTENT_LENGTH;
        has_details |= fields::may_hold_details(name);
        if *name == header::CONTENT_TYPE {
            answered = Protocol::of_media(value);
        }
    }
    let is_trailers_only = has_status && response.body().is_end_stream();
    if answered == Protocol::GrpcWeb && !is_trailers_only && caller.is_public() {
        return caller.refuse(hidden_status(), ResponseBody::empty());
    }
    if has_details && caller.is_public() && !is_trailers_only {
        // A status that counts is written anew below; anything else in the headers is no place for details.
        fields::withhold_details(response.headers_mut());
    }
    if !has_status && answered != Protocol::Grpc && (answered == Protocol::GrpcWeb || !caller.is_grpc) {
        return response.map(|body| ResponseBody::plain(body, caller));
    }
    if caller.is_marking {
        response.extensions_mut().insert(Settled);
    }
    if is_trailers_only {
        // The body stays, so that it ends the stream with the headers.
        caller.settle_response(&mut response);
        return response.map(ResponseBody::passing);
    }
    if has_length {
        // The body may be cut short.
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    // The status of headers that are not the end does not count. If nothing follows after all, it does.
    let held = has_status.then(|| {
        let mut held = response.headers().clone();
        held.remove(header::CONTENT_TYPE);
        status_writer::remove_status(response.headers_mut());
        Box::new(held)
    });
    response.map(|body| ResponseBody::watching(body, caller, deadline, held))
}

impl<F, O> fmt::Debug for ResponseFuture<F, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
