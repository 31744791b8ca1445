//! The response on its way.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use pin_project_lite::pin_project;

use super::side::{Side, Stage, deadline_exceeded};
use crate::{
    layer::{
        catch_panic,
        deadline::{Deadline, Timer},
    },
    model::{BoxError, Error},
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
