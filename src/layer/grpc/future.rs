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
        /// There never was a call.
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

    /// The response or what failed, once; and the deadline, which the body has to keep too.
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
            // Polled again after it was ready: there is nothing left to say.
            StateProjection::Done => return Poll::Pending,
        };
        catch_panic::replace(state, State::Done);
        Poll::Ready(ended)
    }
}

/// The two ends of a call differ in this.
pub(in crate::layer) trait Side {
    /// Runs the code of the service inside. `Err` is a panic that becomes a response.
    fn run(f: impl FnOnce()) -> Result<(), Error>;

    /// What a failure of the service inside, or of its body, means.
    fn fault(cause: BoxError, deadline: Deadline, stage: Stage) -> Error;

    /// Ready when the deadline of a call without a response has passed.
    fn poll_deadline(timer: Pin<&mut Timer>, cx: &mut Context<'_>) -> Poll<()>;

    /// What becomes of data of the body.
    fn data<D: Buf>(&mut self, data: D, timer: Pin<&mut Timer>) -> Data<D>;

    /// Reads a body of which [`data`](Self::data) has kept something, up to the trailers in its place.
    fn poll_kept<B: Body>(&mut self, _: Pin<&mut B>, _: &mut Context<'_>) -> Option<Poll<HeaderMap>> {
        None
    }

    /// Makes the block that ends the call hold one valid status.
    fn settle(&self, block: &mut HeaderMap, ended: Ended);

    /// The trailers of an error that did not come from below.
    fn trailers(&self, error: &Error) -> HeaderMap;
}

/// How far a call had come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::layer) enum Stage {
    /// Nothing of a response was there.
    Calling,
    /// The head of the response was there: the peer has begun the call, whatever it says then.
    Answered,
}

pub(in crate::layer) enum Data<D> {
    Passes(D),
    /// It is not part of a call of gRPC: what follows is to be read.
    Kept,
    Fails(Error),
}

/// How a body ended.
#[derive(Clone, Copy)]
pub(in crate::layer) struct Ended {
    pub(in crate::layer) deadline: Deadline,
    /// Whether there were trailers, with whatever in them.
    pub(in crate::layer) has_trailers: bool,
}

pub(in crate::layer) fn deadline_exceeded() -> Error {
    Error::new(kinds::DEADLINE_EXCEEDED)
}
