//! Reads the body of an error response, within limits.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf, Bytes, BytesMut};
use http::{HeaderMap, StatusCode, response::Parts};
use http_body::Body;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{deadline::Deadline, error_source::catch_panic};
use crate::{
    model::Error,
    translate::{ReadOptions, Report, Translator},
    wire::http::MAX_LEN,
};

/// The time limit.
const TIME: Duration = Duration::from_secs(2);

/// How many frames are read before the task yields.
const FRAMES_AT_ONCE: usize = 64;

pin_project! {
    /// Reads at most 64 KiB of the body of a response in at most two seconds, and keeps the head. Dropping it resets the stream.
    pub(super) struct Collect<B> {
        head: Parts,
        #[pin]
        body: B,
        #[pin]
        gather: Gather,
    }
}

pin_project! {
    /// As [`Collect`], for a body that something else owns.
    pub(super) struct Gather {
        deadline: Deadline,
        // Most bodies are ready at once and need no timer.
        #[pin]
        sleep: Option<Sleep>,
        buffer: Buffer,
    }
}

/// The part of a body that was read.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// The body; 64 KiB and one byte of a longer one; the beginning of one that broke off. Its reader takes incomplete bodies as
    /// weaker evidence.
    pub(super) bytes: Bytes,
    /// Why the body ended early.
    pub(super) note: Option<&'static str>,
}

impl Collected {
    /// Reads the error of a response with this body; `otherwise` says what it is if it does not say of itself that it is one.
    pub(super) fn read(
        &self,
        translator: &Translator,
        status: StatusCode,
        headers: &HeaderMap,
        options: &ReadOptions,
        otherwise: impl FnOnce(&Bytes) -> Error,
    ) -> (Error, Report) {
        let read = translator.read_http_with(status.as_u16().into(), headers, &self.bytes, options);
        let (error, mut report) = read.unwrap_or_else(|_| (otherwise(&self.bytes), Report::default()));
        report.notes.extend(self.note.map(str::to_owned));
        (error, report)
    }
}

impl<B> Collect<B> {
    /// On the heap, so that the future of a call stays small: only errors are read.
    pub(super) fn boxed(head: Parts, body: B, deadline: Deadline) -> Pin<Box<Self>> {
        Box::pin(Self { head, body, gather: Gather::new(deadline) })
    }

    /// Lends the head, together with what was read of the body. Once.
    pub(super) fn poll<'a>(self: Pin<&'a mut Self>, cx: &mut Context<'_>) -> Poll<(&'a mut Parts, Collected)>
    where
        B: Body,
    {
        let this = self.project();
        let body = ready!(this.gather.poll(this.body, cx));
        Poll::Ready((this.head, body))
    }
}

impl Gather {
    pub(super) fn new(deadline: Deadline) -> Self {
        Self { deadline, sleep: None, buffer: Buffer::default() }
    }

    /// Starts with bytes that were read already.
    pub(super) fn after(mut self, data: impl Buf) -> Self {
        self.buffer.push(data);
        self
    }

    pub(super) fn poll<B: Body>(self: Pin<&mut Self>, mut body: Pin<&mut B>, cx: &mut Context<'_>) -> Poll<Collected> {
        let mut this = self.project();
        let note = 'reading: {
            for _ in 0..FRAMES_AT_ONCE {
                if this.buffer.len() > MAX_LEN {
                    break 'reading None;
                }
                match catch_panic(|| body.as_mut().poll_frame(cx)) {
                    Ok(Poll::Ready(Some(Ok(frame)))) => {
                        if let Ok(data) = frame.into_data() {
                            this.buffer.push(data);
                        }
                        if body.is_end_stream() {
                            break 'reading None;
                        }
                    }
                    Ok(Poll::Ready(None)) => break 'reading None,
                    Ok(Poll::Ready(Some(Err(_)))) => break 'reading Some("the body broke off"),
                    Err(_) => break 'reading Some("the body panicked"),
                    Ok(Poll::Pending) => {
                        ready!(clock(this.sleep, *this.deadline, cx));
                        break 'reading Some("the body took more than 2 seconds");
                    }
                }
            }
            if clock(this.sleep.as_mut(), *this.deadline, cx).is_pending() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Some("the body took more than 2 seconds")
        };
        Poll::Ready(Collected { bytes: this.buffer.take(), note })
    }
}

fn clock(mut timer: Pin<&mut Option<Sleep>>, deadline: Deadline, cx: &mut Context<'_>) -> Poll<()> {
    if timer.is_none() {
        timer.set(Some(sleep_until(deadline.or(Instant::now() + TIME))));
    }
    timer.as_pin_mut().map_or(Poll::Pending, |timer| timer.poll(cx))
}

#[derive(Default)]
struct Buffer {
    /// The only chunk so far: most bodies have one, which is not copied.
    one: Bytes,
    /// All chunks, once there is a second one.
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

    fn take(&mut self) -> Bytes {
        let one = std::mem::take(&mut self.one);
        if self.all.is_empty() { one } else { self.all.split().freeze() }
    }
}
