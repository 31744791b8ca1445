//! The body of an answer.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio_util::sync::WaitForCancellationFutureOwned;
use tonic::{Status, body::Body};

use super::{errors, form::Form, future::Held};
use crate::server::listen::{answer_waits_for_peer, handler_is_asked};

/// The most that is handed over at once: a frame of HTTP/2. hyper takes what it gets into memory, whether the peer has made
/// room for it or not, and asks for more only once the peer has.
const MOST_AT_ONCE: usize = 16 * 1024;

pin_project! {
    /// What is sent back. It holds the place of its call until its end.
    pub(crate) struct AnswerBody {
        #[pin]
        inner: Body,
        // Of a frame that was too large to go at once.
        rest: Bytes,
        // Only of an answer that waits.
        #[pin]
        ended: Option<WaitForCancellationFutureOwned>,
        held: Option<Held>,
        frames: u32,
        is_cut: bool,
    }
}

impl AnswerBody {
    pub(super) fn new(inner: Body, held: Option<Held>) -> Self {
        answer_waits_for_peer();
        Self { inner, rest: Bytes::new(), ended: None, held, frames: 0, is_cut: false }
    }
}

impl http_body::Body for AnswerBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let mut this = self.project();
        if *this.is_cut {
            return Poll::Ready(None);
        }
        if !this.rest.is_empty() {
            answer_waits_for_peer();
            return Poll::Ready(Some(Ok(Frame::data(some_of(this.rest)))));
        }
        *this.frames = this.frames.wrapping_add(1);
        let is_due = this.frames.is_multiple_of(64);
        // What is there goes first, such as the news that the server is not serving. But an answer that never pauses has to
        // end too.
        let over = is_due && this.held.as_ref().is_some_and(|held| held.ending().is_cancelled());
        let frame = match if over { Poll::Pending } else { this.inner.poll_frame(cx) } {
            Poll::Ready(frame) => frame,
            Poll::Pending => {
                if let (None, Some(held)) = (&*this.ended, &*this.held) {
                    this.ended.set(Some(held.ending().clone().cancelled_owned()));
                }
                if !over && !this.ended.as_pin_mut().is_some_and(|ended| ended.poll(cx).is_ready()) {
                    handler_is_asked();
                    return Poll::Pending;
                }
                *this.is_cut = true;
                answer_waits_for_peer();
                return Poll::Ready(this.held.take().and_then(last_frame));
            }
        };
        answer_waits_for_peer();
        Poll::Ready(frame.map(|frame| {
            frame.map(|frame| match frame.into_data() {
                Ok(data) => {
                    // What is answered in a stream is what came before.
                    if let Some(held) = this.held.as_ref().filter(|held| held.form != Form::Unary) {
                        held.call.releases();
                    }
                    *this.rest = data;
                    Frame::data(some_of(this.rest))
                }
                Err(trailers) => trailers,
            })
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.is_cut || self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.inner.size_hint();
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        // Not more than the upper bound, which was raised before.
        hint.set_lower(hint.lower().saturating_add(rest));
        hint
    }
}

fn some_of(rest: &mut Bytes) -> Bytes {
    rest.split_to(rest.len().min(MOST_AT_ONCE))
}

/// How an answer ends that is cut short.
fn last_frame(held: Held) -> Option<Result<Frame<Bytes>, Status>> {
    let error = errors::going_away();
    Some(match held.asked.trailers(&held.call.calls().translator, &error) {
        Some(trailers) => Ok(Frame::trailers(trailers)),
        // The peer must not take what it has for the whole.
        None => Err(error.into()),
    })
}
