//! The body, and the trailers behind it.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

use super::shared::{Shared, has_status};
use crate::{
    layer::{Observer, cause, unwind},
    model::{BoxError, Error, kinds},
};

pin_project! {
    /// The body of a response of a [`GrpcServer`](super::GrpcServer). It never fails: what goes wrong becomes trailers.
    pub struct ResponseBody<B, O = ()> {
        #[pin]
        state: State<B, O>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<B, O> {
        /// The status is in the headers, or this is no call of gRPC.
        Passing { #[pin] body: B },
        Watching { #[pin] body: B, #[pin] sleep: Option<Sleep>, shared: Arc<Shared<O>> },
        /// The status has been sent.
        Ended,
    }
}

impl<B, O> ResponseBody<B, O> {
    pub(super) fn passing(body: B) -> Self {
        Self { state: State::Passing { body } }
    }

    pub(super) fn watching(body: B, shared: Arc<Shared<O>>, deadline: Option<Instant>) -> Self {
        Self { state: State::Watching { body, sleep: deadline.map(sleep_until), shared } }
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
            StateProjection::Watching { body, sleep, shared } => match unwind::catch(|| body.poll_frame(cx)) {
                Ok(Poll::Ready(Some(Ok(frame)))) => match frame.into_trailers() {
                    Err(data) => return Poll::Ready(Some(Ok(data))),
                    Ok(trailers) => finish(shared, trailers),
                },
                Ok(Poll::Ready(Some(Err(error)))) => shared.trailers(&cause::error_of(error.into())),
                Ok(Poll::Ready(None)) => shared.trailers(&without_status()),
                Err(panic) => shared.trailers(&panic),
                Ok(Poll::Pending) => {
                    let Some(sleep) = sleep.as_pin_mut() else { return Poll::Pending };
                    ready!(sleep.poll(cx));
                    shared.trailers(&shared.deadline_exceeded())
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

fn finish<O: Observer>(shared: &Shared<O>, mut trailers: HeaderMap) -> HeaderMap {
    if has_status(&trailers) {
        shared.rewrite(&mut trailers);
        return trailers;
    }
    let mut written = shared.trailers(&without_status());
    trailers.extend(written.drain());
    trailers
}

/// A call that ends without a status has not succeeded, whatever it sent
/// (<https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md>).
fn without_status() -> Error {
    Error::new(kinds::UNKNOWN_ERROR).with_source("the call ended without grpc-status")
}

impl<B, O> fmt::Debug for ResponseBody<B, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").finish_non_exhaustive()
    }
}
