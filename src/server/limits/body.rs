//! The bodies of a limited call: the request is counted, and the response holds the call's place to its end.

use std::{
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use pin_project_lite::pin_project;
use tokio_util::sync::WaitForCancellationFutureOwned;
use tonic::{Status, body::Body};

use super::{PeerWait, call::Call};
use crate::{
    model::{BoxError, Error},
    server::{
        errors,
        listen::{awaits_handler, awaits_peer},
    },
    service::CallKind,
};

/// The largest piece that is handed to hyper: one frame of HTTP/2. hyper buffers what it gets, even without flow-control window,
/// and asks for more only once the peer has opened the window.
const MOST_AT_ONCE: usize = 16 * 1024;

pin_project! {
    /// The body of a response. It holds the place of its call until its end.
    pub(crate) struct ResponseBody {
        #[pin]
        inner: Body,
        // The rest of a frame that was too large for one piece.
        rest: Bytes,
        // Set when the response first waits.
        #[pin]
        ended: Option<WaitForCancellationFutureOwned>,
        // Set when a stream waits for its caller.
        silent: Option<Silent>,
        held: Option<Arc<Call>>,
        frames: u32,
        is_cut: bool,
    }
}

impl ResponseBody {
    pub(super) fn new(inner: Body, held: Option<Arc<Call>>) -> Self {
        awaits_peer();
        Self { inner, rest: Bytes::new(), ended: None, silent: None, held, frames: 0, is_cut: false }
    }
}

impl http_body::Body for ResponseBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let mut this = self.project();
        if *this.is_cut {
            return Poll::Ready(None);
        }
        if !this.rest.is_empty() {
            awaits_peer();
            let some = some_of(this.rest);
            if this.rest.is_empty()
                && let Some(held) = this.held.as_ref()
            {
                // The rest keeps the whole frame in memory, so the frame counts until its end.
                waits_with(held, 0);
            }
            return Poll::Ready(Some(Ok(Frame::data(some))));
        }
        *this.frames = this.frames.wrapping_add(1);
        let is_due = this.frames.is_multiple_of(64);
        // A ready frame is sent first, such as NOT_SERVING. A response that never pauses has to end too, so the limits are
        // checked every 64 frames.
        let over = is_due && this.held.as_ref().is_some_and(|held| held.ending().is_cancelled());
        let frame = match if over { Poll::Pending } else { this.inner.poll_frame(cx) } {
            Poll::Ready(frame) => frame,
            Poll::Pending => {
                if let (None, Some(held)) = (&*this.ended, &*this.held) {
                    this.ended.set(Some(held.ending().clone().cancelled_owned()));
                }
                let ends = over || this.ended.as_pin_mut().is_some_and(|ended| ended.poll(cx).is_ready());
                let error = match ends {
                    true => errors::going_away(),
                    false if gives_way(this.silent, this.held.as_deref(), cx) => errors::overloaded(),
                    false => {
                        awaits_handler();
                        return Poll::Pending;
                    }
                };
                *this.is_cut = true;
                awaits_peer();
                return Poll::Ready(this.held.take().and_then(|held| last_frame(&held, &error)));
            }
        };
        awaits_peer();
        if let Some(silent) = this.silent {
            silent.is_over = true;
        }
        let data = match frame.map(|frame| frame.map(Frame::into_data)) {
            Some(Ok(Ok(data))) => data,
            Some(Ok(Err(trailers))) => return Poll::Ready(Some(Ok(trailers))),
            Some(Err(why)) => return Poll::Ready(Some(Err(why))),
            None => return Poll::Ready(None),
        };
        *this.rest = data;
        let bytes = this.rest.len();
        let some = some_of(this.rest);
        if let Some(held) = this.held.as_ref() {
            // The request is no longer needed once a response frame is ready.
            held.releases();
            if !waits_with(held, if this.rest.is_empty() { 0 } else { bytes }) {
                *this.is_cut = true;
                *this.rest = Bytes::new();
                return Poll::Ready(this.held.take().and_then(|held| last_frame(&held, &errors::full())));
            }
        }
        Poll::Ready(Some(Ok(Frame::data(some))))
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
        // The upper bound is raised first, so that the lower one never exceeds it.
        hint.set_lower(hint.lower().saturating_add(rest));
        hint
    }
}

fn some_of(rest: &mut Bytes) -> Bytes {
    rest.split_to(rest.len().min(MOST_AT_ONCE))
}

/// Counts the bytes that wait for the peer. Data of subscriptions is shared by all subscribers and does not count.
fn waits_with(held: &Call, bytes: usize) -> bool {
    held.kind() == CallKind::Subscription || held.waits_with(bytes)
}

/// A stream that waits for its caller.
struct Silent {
    wait: Pin<Box<PeerWait>>,
    /// Whether a message came since the last check, so that the timer need not be reset for each message.
    is_over: bool,
}

/// Whether a stream has waited too long for its caller while places are scarce.
fn gives_way(silent: &mut Option<Silent>, held: Option<&Call>, cx: &mut Context<'_>) -> bool {
    let Some(held) = held.filter(|held| held.kind() == CallKind::Stream) else { return false };
    let silent = silent.get_or_insert_with(|| Silent { wait: Box::pin(PeerWait::new(None)), is_over: false });
    let Silent { wait, is_over } = silent;
    wait.as_mut().poll(cx, || !mem::take(is_over) && held.is_crowded()).is_ready()
}

/// The last frame of a response that is cut short.
fn last_frame(held: &Call, error: &Error) -> Option<Result<Frame<Bytes>, Status>> {
    Some(match held.caller().trailers(error, held.translator()) {
        Some(trailers) => Ok(Frame::trailers(trailers)),
        // Without trailers, only an error tells the peer that the response is incomplete.
        None => Err(error.clone().into()),
    })
}

/// The body of a request, whose bytes count while the service holds them.
pub(super) struct RequestBody {
    inner: Incoming,
    call: Arc<Call>,
}

impl RequestBody {
    pub(super) fn new(inner: Incoming, call: Arc<Call>) -> Self {
        Self { inner, call }
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        let bytes = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, Buf::remaining),
            _ => 0,
        };
        if bytes > 0 && !self.call.receives(bytes) {
            let status = Status::from(self.call.translator().write_grpc(&errors::full()));
            return Poll::Ready(Some(Err(status.into())));
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
