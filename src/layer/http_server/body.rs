//! The body of the answer.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::{
    layer::{Observer, grpc_server::PlainBody},
    model::BoxError,
};

pin_project! {
    /// The body of a response of an [`HttpServer`](super::HttpServer): that of the service inside, or that of an error.
    ///
    /// A panic in the one inside is an error of the body, so that a caller never takes half an answer for a whole one. The
    /// observer is told.
    pub struct ResponseBody<B, O = ()> {
        #[pin]
        state: State<B, O>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<B, O> {
        Passing { #[pin] body: PlainBody<B, O> },
        Written { bytes: Bytes },
        Ended,
    }
}

impl<B, O> ResponseBody<B, O> {
    pub(super) fn passing(body: PlainBody<B, O>) -> Self {
        Self { state: State::Passing { body } }
    }

    pub(super) fn written(bytes: Bytes) -> Self {
        Self { state: if bytes.is_empty() { State::Ended } else { State::Written { bytes } } }
    }
}

impl<B, O> Body for ResponseBody<B, O>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
    O: Observer,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let mut state = self.project().state;
        let last = match state.as_mut().project() {
            StateProjection::Passing { body } => return body.poll_frame(cx),
            StateProjection::Written { bytes } => Frame::data(std::mem::take(bytes)),
            StateProjection::Ended => return Poll::Ready(None),
        };
        state.set(State::Ended);
        Poll::Ready(Some(Ok(last)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Passing { body } => body.is_end_stream(),
            State::Written { .. } => false,
            State::Ended => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Passing { body } => body.size_hint(),
            State::Written { bytes } => SizeHint::with_exact(bytes.len() as u64),
            State::Ended => SizeHint::with_exact(0),
        }
    }
}

/// An empty body, which layers outside make for answers of their own.
impl<B, O> Default for ResponseBody<B, O> {
    fn default() -> Self {
        Self { state: State::Ended }
    }
}

impl<B, O> fmt::Debug for ResponseBody<B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").finish_non_exhaustive()
    }
}
