//! The body, and the trailers behind it.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{
    plain::PlainBody,
    shared::{Caller, deadline_exceeded},
};
use crate::{
    layer::{
        Observer, catch_panic,
        deadline::{Deadline, Timer},
        error_source,
    },
    model::BoxError,
};

pin_project! {
    /// The body of a response of a [`GrpcServer`](super::GrpcServer). For a call of gRPC it never fails: what goes wrong
    /// becomes trailers.
    pub struct ResponseBody<B, O = ()> {
        #[pin]
        state: State<B, O>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<B, O> {
        /// The status is in the headers.
        Passing { #[pin] body: B },
        /// Not an answer of gRPC.
        Plain { #[pin] body: PlainBody<B, O> },
        Watching {
            #[pin] body: B,
            #[pin] timer: Timer,
            caller: Caller<O>,
            // What the headers said of the end. It counts if neither data nor trailers follow.
            held: Option<Box<HeaderMap>>,
        },
        /// The status has been sent.
        Ended,
    }
}

impl<B, O> ResponseBody<B, O> {
    pub(super) fn passing(body: B) -> Self {
        Self { state: State::Passing { body } }
    }

    pub(super) fn plain(body: B, caller: Caller<O>) -> Self {
        Self { state: State::Plain { body: PlainBody::guarding(body, caller) } }
    }

    pub(super) fn watching(body: B, caller: Caller<O>, deadline: Deadline, held: Option<Box<HeaderMap>>) -> Self {
        Self { state: State::Watching { body, timer: Timer::new(deadline), caller, held } }
    }

    pub(super) fn empty() -> Self {
        Self { state: State::Ended }
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

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let trailers = match self.as_mut().project().state.project() {
            StateProjection::Ended => return Poll::Ready(None),
            StateProjection::Passing { body } => return body.poll_frame(cx).map_err(Into::into),
            StateProjection::Plain { body } => return body.poll_frame(cx),
            StateProjection::Watching { body, mut timer, caller, held } => {
                let mut polled = Poll::Pending;
                match catch_panic::catch(|| polled = body.poll_frame(cx)) {
                    Err(panic) => caller.trailers(&panic),
                    Ok(()) => match polled {
                        Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                            // A stream that never waits must end too; it leaves the timer no moment to fire.
                            if !timer.as_mut().passes_by() {
                                if held.is_some() && frame.data_ref().is_some_and(Buf::has_remaining) {
                                    *held = None;
                                }
                                return Poll::Ready(Some(Ok(frame)));
                            }
                            caller.trailers(&deadline_exceeded())
                        }
                        Poll::Ready(Some(Ok(frame))) => {
                            let mut trailers = frame.into_trailers().unwrap_or_default();
                            caller.settle(&mut trailers);
                            trailers
                        }
                        Poll::Ready(Some(Err(error))) => caller.trailers(&error_source::error_of(error.into())),
                        Poll::Ready(None) => {
                            let mut trailers = held.take().map(|held| *held).unwrap_or_default();
                            caller.settle(&mut trailers);
                            trailers
                        }
                        Poll::Pending => {
                            ready!(timer.poll(cx));
                            caller.trailers(&deadline_exceeded())
                        }
                    },
                }
            }
        };
        // What panicked once may panic again when it is dropped.
        let _ = catch_panic::catch(|| self.project().state.set(State::Ended));
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Passing { body } => body.is_end_stream(),
            State::Plain { body } => body.is_end_stream(),
            // The status is still to come.
            State::Watching { .. } => false,
            State::Ended => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Passing { body } => body.size_hint(),
            State::Plain { body } => body.size_hint(),
            // It may be cut short. An exact size would become a `content-length`, and a lie.
            State::Watching { .. } => SizeHint::default(),
            State::Ended => SizeHint::with_exact(0),
        }
    }
}

/// An empty body, which layers outside make for answers of their own.
impl<B, O> Default for ResponseBody<B, O> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<B, O> fmt::Debug for ResponseBody<B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").finish_non_exhaustive()
    }
}
