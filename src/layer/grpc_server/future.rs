//! The response on its way.

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
    shared::{Caller, deadline_exceeded},
};
use crate::{
    layer::{
        Observer, catch_panic,
        deadline::{Deadline, Timer},
        error_source, status_writer,
    },
    model::{BoxError, Error},
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
        /// Not a call of gRPC: none of our business.
        Passing { #[pin] inner: F },
        Watching { #[pin] inner: F, #[pin] timer: Timer },
        /// There never was a call.
        Failed { error: Option<Error>, is_grpc: bool },
        Done,
    }
}

impl<F, O> ResponseFuture<F, O> {
    pub(super) fn passing(inner: F, caller: Caller<O>) -> Self {
        Self { state: State::Passing { inner }, caller: Some(caller) }
    }

    pub(super) fn watching(inner: F, caller: Caller<O>, deadline: Deadline) -> Self {
        Self { state: State::Watching { inner, timer: Timer::new(deadline) }, caller: Some(caller) }
    }

    pub(super) fn failed(error: Error, is_grpc: bool, caller: Caller<O>) -> Self {
        Self { state: State::Failed { error: Some(error), is_grpc }, caller: Some(caller) }
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
            StateProjection::Passing { inner } => match ready!(inner.poll(cx)) {
                Ok(response) => response.map(ResponseBody::passing),
                Err(error) => plain(error_source::error_of(error.into())),
            },
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
                caller.response(error, ResponseBody::empty())
            }
            StateProjection::Failed { error, is_grpc } => match error.take() {
                Some(error) if *is_grpc => caller.response(error, ResponseBody::empty()),
                Some(error) => plain(error),
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

fn finish<B: Body, O: Observer>(
    caller: Caller<O>,
    mut response: Response<B>,
    deadline: Deadline,
) -> Response<ResponseBody<B, O>> {
    // Few answers have either of them, and fewer fields than to look for one by its hash.
    let (mut has_status, mut has_length) = (false, false);
    for name in response.headers().keys() {
        has_status |= status_writer::is_status(name);
        has_length |= *name == header::CONTENT_LENGTH;
    }
    if has_status && response.body().is_end_stream() {
        // Trailers-Only. The body stays, so that it ends the stream with the headers.
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

/// The answer to a request that is no call of gRPC, when there is none from below. Whoever speaks the protocol of the
/// caller makes of the status what it says there.
fn plain<B, O>(error: Error) -> Response<ResponseBody<B, O>> {
    let mut response = Response::new(ResponseBody::empty());
    *response.status_mut() = error.status().into();
    response.extensions_mut().insert(error);
    response
}

impl<F, O> fmt::Debug for ResponseFuture<F, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
