//! The answer on its way.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use http::Response;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep};
use tokio_util::sync::WaitForCancellationFutureOwned;
use tonic::body::Body;

use super::{body::AnswerBody, call::LimitedCall, errors};
use crate::{layer::catch_panic, model::Error, server::concurrency::SCARCE_TIMEOUT};

pin_project! {
    /// The answer of [`Limited`](super::Limited).
    pub(crate) struct CallFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        Refused { answer: Option<Response<Body>> },
        Running {
            #[pin] answer: F,
            timeout: Option<Duration>,
            // Only of a call that waits, so that one that does not pays for no timer.
            #[pin] late: Option<Late>,
            #[pin] ended: Option<WaitForCancellationFutureOwned>,
            held: Option<LimitedCall>,
        },
        Done,
    }
}

pin_project! {
    /// A call that waits before its response begins, which can only be for its request.
    struct Late {
        until: Instant,
        // Until then, or until it is time to look whether others need its slot.
        #[pin] sleep: Sleep,
    }
}

impl Late {
    fn new(timeout: Duration) -> Self {
        Self { until: Instant::now() + timeout, sleep: sleep(timeout.min(SCARCE_TIMEOUT)) }
    }

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>, crowded: impl Fn() -> bool) -> Poll<Error> {
        let mut this = self.project();
        loop {
            ready!(this.sleep.as_mut().poll(cx));
            let now = Instant::now();
            if now >= *this.until {
                return Poll::Ready(errors::too_slow());
            }
            if crowded() {
                return Poll::Ready(errors::overloaded());
            }
            this.sleep.as_mut().reset((*this.until).min(now + SCARCE_TIMEOUT));
        }
    }
}

impl<F> CallFuture<F> {
    pub(super) fn refused(answer: Response<Body>) -> Self {
        Self { state: State::Refused { answer: Some(answer) } }
    }

    pub(super) fn running(answer: F, timeout: Option<Duration>, held: LimitedCall) -> Self {
        Self { state: State::Running { answer, timeout, late: None, ended: None, held: Some(held) } }
    }
}

impl<F: Future<Output = Result<Response<Body>, Infallible>>> Future for CallFuture<F> {
    type Output = Result<Response<AnswerBody>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let (outcome, held) = match this.state.as_mut().project() {
            StateProjection::Refused { answer } => (answer.take().map(Ok), None),
            StateProjection::Running { answer, timeout, mut late, mut ended, held } => {
                let outcome = match catch_panic(|| answer.poll(cx)) {
                    // A response that is there as a whole, and has no room, can still be another one.
                    Ok(Poll::Ready(Ok(answer))) if held.as_ref().is_some_and(|held| !held.has_room(&answer)) => {
                        Err(errors::full())
                    }
                    Ok(Poll::Ready(Ok(answer))) => Ok(answer),
                    Err(panic) => Err(panic),
                    Ok(Poll::Pending) => {
                        if let Some(timeout) = timeout.take() {
                            late.set(Some(Late::new(timeout)));
                        }
                        if let (None, Some(held)) = (&*ended, &held) {
                            ended.set(Some(held.ending().clone().cancelled_owned()));
                        }
                        let crowded = || held.as_ref().is_some_and(|held| held.call.is_crowded());
                        Err(ready!(cut_short(cx, late, ended, crowded)))
                    }
                };
                (Some(outcome), held.take())
            }
            StateProjection::Done => (None, None),
        };
        let response = match (outcome, held) {
            (Some(Ok(answer)), held) => answer.map(|body| AnswerBody::new(body, held)),
            (Some(Err(error)), Some(held)) => held.answer(&error).map(|body| AnswerBody::new(body, Some(held))),
            // Polled again after it was ready: there is nothing left to say.
            _ => return Poll::Pending,
        };
        // What panicked once may panic again when it is dropped.
        let _ = catch_panic(|| this.state.set(State::Done));
        Poll::Ready(Ok(response))
    }
}

/// Why a call that has no answer yet gets none any more.
fn cut_short(
    cx: &mut Context<'_>,
    late: Pin<&mut Option<Late>>,
    ended: Pin<&mut Option<WaitForCancellationFutureOwned>>,
    crowded: impl Fn() -> bool,
) -> Poll<Error> {
    if ended.as_pin_mut().is_some_and(|ended| ended.poll(cx).is_ready()) {
        return Poll::Ready(errors::going_away());
    }
    match late.as_pin_mut() {
        Some(late) => late.poll(cx, crowded),
        None => Poll::Pending,
    }
}
