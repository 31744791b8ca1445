//! A call of gRPC, for servers and clients: its future, held to its deadline, and its body, which ends with one status.
//! [`Side`] has what the two do differently.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use http::{HeaderMap, Response};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{
    deadline::{Deadline, Timer},
    error_source::{self, Stage, catch_panic},
};
use crate::model::{BoxError, Error, kinds};

pin_project! {
    /// A call held to its deadline.
    pub(super) struct CallFuture<F> {
        #[pin]
        state: FutureState<F>,
    }
}

pin_project! {
    #[project = FutureProjection]
    enum FutureState<F> {
        Watching { #[pin] inner: F, #[pin] timer: Timer },
        /// The inner service was not called. None once the error was given.
        Failed { error: Option<Error> },
    }
}

impl<F> CallFuture<F> {
    #[inline]
    pub(super) fn watching(inner: F, deadline: Deadline) -> Self {
        Self { state: FutureState::Watching { inner, timer: Timer::new(deadline) } }
    }

    pub(super) fn failed(error: Error) -> Self {
        Self { state: FutureState::Failed { error: Some(error) } }
    }

    /// Leaves a response in `polled`, since it is large to move, and returns the deadline, which holds for the body too; or returns
    /// the error. Once.
    #[inline]
    pub(super) fn poll<S, B, E>(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        polled: &mut Poll<Result<Response<B>, E>>,
    ) -> Poll<Result<Deadline, Error>>
    where
        S: Side,
        F: Future<Output = Result<Response<B>, E>>,
        E: Into<BoxError>,
    {
        let mut state = self.project().state;
        let outcome = match state.as_mut().project() {
            FutureProjection::Watching { inner, timer } => {
                let deadline = timer.deadline();
                let caught = if S::CATCHES_PANICS {
                    catch_panic(|| *polled = inner.poll(cx))
                } else {
                    *polled = inner.poll(cx);
                    Ok(())
                };
                match (caught, &polled) {
                    (Err(panic), _) => Err(panic),
                    (Ok(()), Poll::Ready(Ok(_))) => Ok(deadline),
                    (Ok(()), Poll::Ready(Err(_))) => match mem::replace(polled, Poll::Pending) {
                        Poll::Ready(Err(error)) => Err(S::fault(error.into(), deadline, Stage::Calling)),
                        _ => return Poll::Pending,
                    },
                    (Ok(()), Poll::Pending) => {
                        ready!(S::poll_deadline(timer, cx));
                        Err(deadline_exceeded())
                    }
                }
            }
            FutureProjection::Failed { error } => match error.take() {
                Some(error) => Err(error),
                // Polled again after it was ready.
                None => return Poll::Pending,
            },
        };
        error_source::replace(state, || FutureState::Failed { error: None });
        Poll::Ready(outcome)
    }
}

/// The differences between the server and the client of a call.
pub(super) trait Side {
    /// Whether a panic of the service inside becomes a response.
    const CATCHES_PANICS: bool;

    /// The error for a failure of the service inside, or of its body.
    fn fault(cause: BoxError, deadline: Deadline, stage: Stage) -> Error;

    /// Ready when the deadline of a call without a response has passed.
    fn poll_deadline(timer: Pin<&mut Timer>, cx: &mut Context<'_>) -> Poll<()>;

    /// Decides about a data frame of the body.
    fn data<D: Buf>(&mut self, data: &D, timer: Pin<&mut Timer>) -> Data;

    /// Keeps a data frame.
    fn keep<D: Buf>(&mut self, _: D, _: Deadline) {}

    /// Reads a body of which something was [kept](Self::keep), up to the trailers in its place.
    fn poll_kept<B: Body>(&mut self, _: Pin<&mut B>, _: &mut Context<'_>) -> Option<Poll<HeaderMap>> {
        None
    }

    /// Makes the trailers hold exactly one valid status.
    fn settle(&self, trailers: &mut HeaderMap, ended: Ended);

    /// The trailers of an error that the layer raises.
    fn trailers(&self, error: &Error) -> HeaderMap;
}

pub(super) enum Data {
    Passes,
    /// The body is not gRPC: it is kept, and the rest of it is read as an error.
    Kept,
    Fails(Error),
}

/// How a body ended.
#[derive(Clone, Copy)]
pub(super) struct Ended {
    pub(super) deadline: Deadline,
    /// Whether there were trailers, with or without a status.
    pub(super) has_trailers: bool,
}

pub(super) fn deadline_exceeded() -> Error {
    Error::new(kinds::DEADLINE_EXCEEDED)
}

pin_project! {
    /// The body of a gRPC response, which never fails: errors become trailers.
    pub(super) struct CallBody<B, S> {
        #[pin]
        state: BodyState<B, S>,
    }
}

pin_project! {
    #[project = BodyProjection]
    enum BodyState<B, S> {
        /// The status is in the headers, or this is not a gRPC call.
        Passing { #[pin] body: B },
        Watching {
            #[pin] body: B,
            #[pin] timer: Timer,
            side: S,
            // The status of the headers. It counts if neither data nor trailers follow.
            held: Option<Box<HeaderMap>>,
        },
        /// The trailers have been sent.
        Ended,
    }
}

impl<B, S> CallBody<B, S> {
    pub(super) fn passing(body: B) -> Self {
        Self { state: BodyState::Passing { body } }
    }

    #[inline]
    pub(super) fn watching(body: B, side: S, deadline: Deadline, held: Option<Box<HeaderMap>>) -> Self {
        Self { state: BodyState::Watching { body, timer: Timer::new(deadline), side, held } }
    }

    pub(super) fn empty() -> Self {
        Self { state: BodyState::Ended }
    }

    /// Drops the body inside, once there are trailers.
    fn end(self: Pin<&mut Self>) {
        error_source::replace(self.project().state, || BodyState::Ended);
    }
}

impl<B, S> Body for CallBody<B, S>
where
    B: Body,
    B::Error: Into<BoxError>,
    S: Side,
{
    type Data = B::Data;
    type Error = BoxError;

    #[inline]
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let trailers = match self.as_mut().project().state.project() {
            BodyProjection::Ended => return Poll::Ready(None),
            BodyProjection::Passing { body } => return body.poll_frame(cx).map_err(Into::into),
            BodyProjection::Watching { mut body, mut timer, side, held } => 'trailers: {
                if let Some(trailers) = side.poll_kept(body.as_mut(), cx) {
                    break 'trailers ready!(trailers);
                }
                let mut polled;
                if S::CATCHES_PANICS {
                    polled = Poll::Pending;
                    if let Err(panic) = catch_panic(|| polled = body.as_mut().poll_frame(cx)) {
                        break 'trailers side.trailers(&panic);
                    }
                } else {
                    polled = body.poll_frame(cx);
                }
                let ended = |has_trailers| Ended { deadline: timer.deadline(), has_trailers };
                // A frame moves once, to where it is returned.
                if let Poll::Ready(Some(Ok(frame))) = &mut polled {
                    let Some(data) = frame.data_ref() else {
                        if let Some(trailers) = frame.trailers_mut() {
                            side.settle(trailers, ended(true));
                        }
                        self.end();
                        return polled.map_err(Into::into);
                    };
                    match side.data(data, timer.as_mut()) {
                        Data::Passes => {
                            if held.is_some() && data.has_remaining() {
                                *held = None;
                            }
                            return polled.map_err(Into::into);
                        }
                        Data::Kept => {
                            if let Poll::Ready(Some(Ok(frame))) = polled
                                && let Ok(data) = frame.into_data()
                            {
                                side.keep(data, timer.deadline());
                            }
                            return self.poll_frame(cx);
                        }
                        Data::Fails(error) => break 'trailers side.trailers(&error),
                    }
                }
                match polled {
                    Poll::Ready(Some(Err(error))) => {
                        side.trailers(&S::fault(error.into(), timer.deadline(), Stage::Responding))
                    }
                    Poll::Ready(None) => {
                        let mut trailers = held.take().map(|held| *held).unwrap_or_default();
                        side.settle(&mut trailers, ended(false));
                        trailers
                    }
                    // Data that has arrived is delivered, however late the caller reads it.
                    Poll::Pending | Poll::Ready(Some(Ok(_))) => {
                        ready!(timer.poll(cx));
                        side.trailers(&deadline_exceeded())
                    }
                }
            }
        };
        self.end();
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            BodyState::Passing { body } => body.is_end_stream(),
            // The status is still to come.
            BodyState::Watching { .. } => false,
            BodyState::Ended => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            BodyState::Passing { body } => body.size_hint(),
            // The body may be cut short, so an exact size would become a wrong `content-length`.
            BodyState::Watching { .. } => SizeHint::default(),
            BodyState::Ended => SizeHint::with_exact(0),
        }
    }
}
