//! The body, and the trailers behind it.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::future::{Data, Ended, Side, Stage, deadline_exceeded};
use crate::{
    layer::{
        catch_panic,
        deadline::{Deadline, Timer},
    },
    model::BoxError,
};

pin_project! {
    /// The body of a gRPC response, which never fails: errors become trailers.
    pub(in crate::layer) struct CallBody<B, S> {
        #[pin]
        state: State<B, S>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<B, S> {
        /// The status is in the headers, or this is not a call of gRPC.
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
    pub(in crate::layer) fn passing(body: B) -> Self {
        Self { state: State::Passing { body } }
    }

    pub(in crate::layer) fn watching(body: B, side: S, deadline: Deadline, held: Option<Box<HeaderMap>>) -> Self {
        Self { state: State::Watching { body, timer: Timer::new(deadline), side, held } }
    }

    pub(in crate::layer) fn empty() -> Self {
        Self { state: State::Ended }
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

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let trailers = match self.as_mut().project().state.project() {
            StateProjection::Ended => return Poll::Ready(None),
            StateProjection::Passing { body } => return body.poll_frame(cx).map_err(Into::into),
            StateProjection::Watching { mut body, mut timer, side, held } => 'trailers: {
                if let Some(trailers) = side.poll_kept(body.as_mut(), cx) {
                    break 'trailers ready!(trailers);
                }
                let mut polled = Poll::Pending;
                if let Err(panic) = S::run(|| polled = body.poll_frame(cx)) {
                    break 'trailers side.trailers(&panic);
                }
                let ended = |has_trailers| Ended { deadline: timer.deadline(), has_trailers };
                match polled {
                    Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                        Ok(data) => {
                            let is_empty = !data.has_remaining();
                            match side.data(data, timer.as_mut()) {
                                Data::Passes(data) => {
                                    if held.is_some() && !is_empty {
                                        *held = None;
                                    }
                                    return Poll::Ready(Some(Ok(Frame::data(data))));
                                }
                                Data::Kept => return self.poll_frame(cx),
                                Data::Fails(error) => side.trailers(&error),
                            }
                        }
                        Err(frame) => {
                            let mut trailers = frame.into_trailers().unwrap_or_default();
                            side.settle(&mut trailers, ended(true));
                            trailers
                        }
                    },
                    Poll::Ready(Some(Err(error))) => {
                        side.trailers(&S::fault(error.into(), timer.deadline(), Stage::Answered))
                    }
                    Poll::Ready(None) => {
                        let mut trailers = held.take().map(|held| *held).unwrap_or_default();
                        side.settle(&mut trailers, ended(false));
                        trailers
                    }
                    // Data that has arrived is delivered, however late the caller reads it.
                    Poll::Pending => {
                        ready!(timer.poll(cx));
                        side.trailers(&deadline_exceeded())
                    }
                }
            }
        };
        catch_panic::replace(self.project().state, State::Ended);
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Passing { body } => body.is_end_stream(),
            // The status is still to come.
            State::Watching { .. } => false,
            State::Ended => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Passing { body } => body.size_hint(),
            // The body may be cut short, so an exact size would become a wrong `content-length`.
            State::Watching { .. } => SizeHint::default(),
            State::Ended => SizeHint::with_exact(0),
        }
    }
}
