//! Reading the body of a response that is not of gRPC.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Buf, Bytes};
use http::response;
use http_body::Body;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::layer::deadline::Deadline;

/// As much as a translator reads, and a byte more, so that it sees that there was more.
const MAX_LEN: usize = 64 * 1024 + 1;
const MAX_TIME: Duration = Duration::from_secs(2);

pin_project! {
    /// Reads a body as far as it is worth it. Dropped, it resets the stream.
    pub(super) struct Foreign<B> {
        #[pin]
        body: B,
        #[pin]
        sleep: Sleep,
        head: Option<Box<response::Parts>>,
        bytes: Vec<u8>,
    }
}

/// What was read.
pub(super) struct Page {
    pub(super) head: response::Parts,
    pub(super) text: Bytes,
    /// Why it may not be all.
    pub(super) note: Option<&'static str>,
}

impl<B> Foreign<B> {
    pub(super) fn new(head: response::Parts, body: B, deadline: Deadline) -> Self {
        let end = Instant::now() + MAX_TIME;
        let sleep = sleep_until(deadline.or(end));
        Self { body, sleep, head: Some(Box::new(head)), bytes: Vec::new() }
    }
}

impl<B: Body> Future for Foreign<B> {
    type Output = Page;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Page> {
        let mut this = self.project();
        let note = loop {
            if this.bytes.len() >= MAX_LEN {
                break Some("the body is longer than 64 KiB; the rest was not read");
            }
            match this.body.as_mut().poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        take(this.bytes, data);
                    }
                    // A body of empty frames that never waits must end too; it leaves the timer no moment to fire.
                    if Instant::now() < this.sleep.deadline() {
                        continue;
                    }
                }
                Poll::Ready(Some(Err(_))) => break Some("the body broke off"),
                Poll::Ready(None) => break None,
                Poll::Pending if this.sleep.as_mut().poll(cx).is_pending() => return Poll::Pending,
                Poll::Pending => {}
            }
            break Some("the body took longer than two seconds; the rest was not read");
        };
        let Some(head) = this.head.take() else { return Poll::Pending };
        Poll::Ready(Page { head: *head, text: std::mem::take(this.bytes).into(), note })
    }
}

fn take(bytes: &mut Vec<u8>, mut data: impl Buf) {
    while bytes.len() < MAX_LEN && data.has_remaining() {
        let chunk = data.chunk();
        let len = chunk.len().min(MAX_LEN - bytes.len());
        bytes.extend_from_slice(&chunk[..len]);
        data.advance(len);
    }
}
