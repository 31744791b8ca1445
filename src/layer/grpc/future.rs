//! The future of a call, held to its deadline, and what server and client do differently.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use http::{HeaderMap, Response};
use http_body::Body;
use pin_project_lite::pin_project;

use crate::{
    layer::{
        catch_panic,
        deadline::{Deadline, Timer},
    },
    model::{BoxError, Error, kinds},
};

pin_project! {
    /// A call held to its deadline.
    pub(in crate::layer) struct CallFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        Watching { #[pin] inner: F, #[pin] timer: Timer },
        /// The inner service was not called.
        Failed { error: Option<Error> },
        Done,
    }
}

impl<F> CallFuture<F> {
    pub(in crate::layer) fn watching(inner: F, deadline: Deadline) -> Self {
        Self { state: State::Watching { inner, timer: Timer::new(deadline) } }
    }

    pub(in crate::layer) fn failed(error: Error) -> Self {
        Self { state: State::Failed { error: Some(error) } }
    }

    /// The response or the error, once, with the deadline, which holds for the body too.
    #[inline]
    pub(in crate::layer) fn poll<S, B, E>(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<(Result<Response<B>, Error>, Deadline)>
    where
        S: Side,
        F: Future<Output = Result<Response<B>, E>>,
        E: Into<BoxError>,
    {
        let mut state = self.project().state;
        let ended = match state.as_mut().project() {
            StateProjection::Watching { inner, timer } => {
                let deadline = timer.deadline();
                let mut polled = Poll::Pending;
                let answer = match S::run(|| polled = inner.poll(cx)) {
                    Err(panic) => Err(panic),
                    Ok(()) => match polled {
                        Poll::Ready(Ok(response)) => Ok(response),
                        Poll::Ready(Err(error)) => Err(S::fault(error.into(), deadline, Stage::Calling)),
                        Poll::Pending => {
                            ready!(S::poll_deadline(timer, cx));
                            Err(deadline_exceeded())
                        }
                    },
                };
                (answer, deadline)
            }
            StateProjection::Failed { error } => match error.take() {
                Some(error) => (Err(error), Deadline::none()),
                None => return Poll::Pending,
            },
            // Polled again after it was ready.
            StateProjection::Done => return Poll::Pending,
        };
        catch_panic::replace(state, State::Done);
        Poll::Ready(ended)
    }
}

/// The differences between the server and the client of a call.
pub(in crate::layer) trait Side {
    /// Runs the code of the service inside. `Err` is a panic that becomes a response.
    fn run(f: impl FnOnce()) -> Result<(), Error>;

    /// The error for a failure of the service inside, or of its body.
    fn fault(cause: BoxError, deadline: Deadline, stage: Stage) -> Error;

    /// Ready when the deadline of a call without a response has passed.
    fn poll_deadline(timer: Pin<&mut Timer>, cx: &mut Context<'_>) -> Poll<()>;

    /// Decides about a data frame of the body.
    fn data<D: Buf>(&mut self, data: D, timer: Pin<&mut Timer>) -> Data<D>;

    /// Reads a body of which [`data`](Self::data) has kept something, up to the trailers in its place.
    fn poll_kept<B: Body>(&mut self, _: Pin<&mut B>, _: &mut Context<'_>) -> Option<Poll<HeaderMap>> {
        None
    }

    /// Makes the trailers hold exactly one valid status.
    fn settle(&self, block: &mut HeaderMap, ended: Ended);

    /// The trailers of an error that did not come from below.
    fn trailers(&self, error: &Error) -> HeaderMap;
}

/// The stage of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::layer) enum Stage {
    /// No response has arrived.
    Calling,
    /// The headers of the response have arrived, so the peer has begun the call.
    Answered,
}

pub(in crate::layer) enum Data<D> {
    Passes(D),
    /// The body is not gRPC: the rest is read as a page.
    Kept,
    Fails(Error),
}

/// How a body ended.
#[derive(Clone, Copy)]
pub(in crate::layer) struct Ended {
    pub(in crate::layer) deadline: Deadline,
    /// Whether there were trailers, with or without a status.
    pub(in crate::layer) has_trailers: bool,
}

pub(in crate::layer) fn deadline_exceeded() -> Error {
    Error::new(kinds::DEADLINE_EXCEEDED)
}
