//! The body, and the trailers behind it.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use http::{HeaderMap, StatusCode};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{
    first_frame::{Look, Start},
    shared::{Facts, Shared},
    transport_error::{self, Stage},
};
use crate::{
    layer::{Observer, deadline::Timer},
    model::{BoxError, Error, kinds},
};

pin_project! {
    /// The body of a response of a [`GrpcClient`](super::GrpcClient). For a call of gRPC it never fails: what goes wrong
    /// becomes trailers.
    pub struct ResponseBody<B, O = ()> {
        #[pin]
        state: State<B, O>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<B, O> {
        /// The status is in the headers, or this is not a call of gRPC.
        Passing { #[pin] body: B },
        Watching {
            #[pin] body: B,
            #[pin] timer: Timer,
            shared: Arc<Shared<O>>,
            status: StatusCode,
            // What the headers said of the end. It counts if neither data nor trailers follow.
            held: Option<Box<HeaderMap>>,
            start: Start,
        },
        /// The status has been given.
        Ended,
    }
}

impl<B, O> ResponseBody<B, O> {
    pub(super) fn passing(body: B) -> Self {
        Self { state: State::Passing { body } }
    }

    pub(super) fn watching(
        body: B,
        shared: Arc<Shared<O>>,
        facts: Facts,
        held: Option<Box<HeaderMap>>,
        start: Start,
    ) -> Self {
        let Facts { status, deadline, .. } = facts;
        Self { state: State::Watching { body, timer: Timer::new(deadline), shared, status, held, start } }
    }

    pub(super) fn empty() -> Self {
        Self { state: State::Ended }
    }
}

/// An empty body, which layers outside make for answers of their own.
impl<B, O> Default for ResponseBody<B, O> {
    fn default() -> Self {
        Self::empty()
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
            StateProjection::Watching { body, shared, status, start: Start::Page { headers, text }, .. } => {
                let text = ready!(text.as_mut().poll(body, cx));
                let none = HeaderMap::new();
                shared.trailers_of_page(*status, headers.as_deref().unwrap_or(&none), text)
            }
            StateProjection::Watching { body, timer, shared, status, held, start } => match body.poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                    let Some(data) = frame.data_ref().filter(|data| data.has_remaining()) else {
                        return Poll::Ready(Some(Ok(frame)));
                    };
                    match (start.look(data, *status), frame.into_data()) {
                        (Look::Short | Look::Frame, Ok(data)) => {
                            *held = None;
                            return Poll::Ready(Some(Ok(Frame::data(data))));
                        }
                        (Look::Page, Ok(data)) => {
                            start.page(data, timer.deadline());
                            return self.poll_frame(cx);
                        }
                        (Look::Oversized, _) => shared.trailers(&oversized()),
                        (_, Err(frame)) => return Poll::Ready(Some(Ok(frame))),
                    }
                }
                Poll::Ready(Some(Ok(frame))) => {
                    let mut trailers = frame.into_trailers().unwrap_or_default();
                    let facts = Facts { status: *status, deadline: timer.deadline(), has_trailers: true };
                    shared.settle(&mut trailers, facts);
                    trailers
                }
                Poll::Ready(Some(Err(error))) => {
                    shared.trailers(&transport_error::error_of(error.into(), timer.deadline(), Stage::Answered))
                }
                Poll::Ready(None) => {
                    let mut trailers = held.take().map(|held| *held).unwrap_or_default();
                    let facts = Facts { status: *status, deadline: timer.deadline(), has_trailers: false };
                    shared.settle(&mut trailers, facts);
                    trailers
                }
                // What is there is given, however late the caller asks for it.
                Poll::Pending => {
                    ready!(timer.poll(cx));
                    shared.trailers(&Error::new(kinds::DEADLINE_EXCEEDED))
                }
            },
        };
        self.project().state.set(State::Ended);
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
            State::Passing { body } | State::Watching { body, .. } => body.size_hint(),
            State::Ended => SizeHint::with_exact(0),
        }
    }
}

/// No message of protobuf is so large, and no decoder is to make room for it.
fn oversized() -> Error {
    Error::new(kinds::INTERNAL_ERROR)
        .with_message("The response announces a message of 2 GiB or more.")
        .with_metadata("fault", "protocol")
}

impl<B, O> fmt::Debug for ResponseBody<B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").finish_non_exhaustive()
    }
}
