//! Reading the body of an error response, within bounds.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf, Bytes, BytesMut};
use http_body::Body;
use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};

use super::catch_panic;
use crate::wire::http::MAX_LEN;

/// How long a body may take.
const TIME: Duration = Duration::from_secs(2);

/// How many frames are taken before others may run.
const FRAMES_AT_ONCE: usize = 64;

pin_project! {
    /// Takes at most 64 KiB in at most two seconds. To drop it resets the stream.
    pub(super) struct Collect<B> {
        #[pin]
        body: B,
        // Most bodies are there at once and need no timer.
        #[pin]
        sleep: Option<Sleep>,
        buffer: Buffer,
    }
}

/// What could be read.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// The body, and one byte more than 64 KiB of a longer one; nothing of one that broke off, since half a body is
    /// no evidence.
    pub(super) bytes: Bytes,
    /// Why there is nothing.
    pub(super) note: Option<&'static str>,
}

impl<B> Collect<B> {
    pub(super) fn new(body: B) -> Self {
        Self { body, sleep: None, buffer: Buffer::default() }
    }
}

impl<B: Body> Future for Collect<B> {
    type Output = Collected;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Collected> {
        let mut this = self.project();
        for _ in 0..FRAMES_AT_ONCE {
            match catch_panic::catch(|| this.body.as_mut().poll_frame(cx)) {
                Ok(Poll::Ready(Some(Ok(frame)))) => {
                    if let Ok(data) = frame.into_data() {
                        this.buffer.push(data);
                    }
                    if this.buffer.len() > MAX_LEN {
                        return Poll::Ready(this.buffer.take());
                    }
                }
                Ok(Poll::Ready(None)) => return Poll::Ready(this.buffer.take()),
                Ok(Poll::Ready(Some(Err(_)))) => return Poll::Ready(broken("the body broke off")),
                Err(_) => return Poll::Ready(broken("the body panicked")),
                Ok(Poll::Pending) => {
                    ready!(clock(this.sleep, cx));
                    return Poll::Ready(broken("the body took more than 2 seconds"));
                }
            }
        }
        if clock(this.sleep, cx).is_ready() {
            return Poll::Ready(broken("the body took more than 2 seconds"));
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

fn clock(mut timer: Pin<&mut Option<Sleep>>, cx: &mut Context<'_>) -> Poll<()> {
    if timer.is_none() {
        timer.set(Some(sleep(TIME)));
    }
    timer.as_pin_mut().map_or(Poll::Pending, |timer| timer.poll(cx))
}

fn broken(note: &'static str) -> Collected {
    Collected { bytes: Bytes::new(), note: Some(note) }
}

#[derive(Default)]
struct Buffer {
    /// The only piece so far: most bodies have one, which needs no copy.
    one: Bytes,
    /// All pieces, from the second on.
    all: BytesMut,
}

impl Buffer {
    fn len(&self) -> usize {
        self.one.len().max(self.all.len())
    }

    fn push(&mut self, mut data: impl Buf) {
        let room = (MAX_LEN + 1).saturating_sub(self.len());
        let data = data.copy_to_bytes(data.remaining().min(room));
        if self.len() == 0 {
            self.one = data;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.one);
        }
        self.all.extend_from_slice(&data);
    }

    fn take(&mut self) -> Collected {
        let one = std::mem::take(&mut self.one);
        let bytes = if self.all.is_empty() { one } else { self.all.split().freeze() };
        Collected { bytes, note: None }
    }
}
