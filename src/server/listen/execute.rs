//! Watches HTTP/2 streams whose peer takes no bytes of the answer.
//!
//! Flow control lets a peer ask for an answer and then never make room for it. The connection looks well meanwhile, and the
//! answer waits in memory. hyper does not ask the body again before there is room, so that the body cannot notice; the task
//! of the stream can.

use std::{
    cell::Cell,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::rt::Executor;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep};

use crate::server::slots::{PATIENCE, Slots};

/// Spawns the streams of a connection, each with a watch.
#[derive(Clone, Debug)]
pub(super) struct StreamExecutor {
    pub(super) write_timeout: Option<Duration>,
    pub(super) slots: Arc<Slots>,
}

impl<F> Executor<F> for StreamExecutor
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, stream: F) {
        match self.write_timeout {
            Some(timeout) => {
                let slots = self.slots.clone();
                drop(tokio::spawn(Watched { stream, timeout, slots, sending: Sending::default(), stalled: None }))
            }
            None => drop(tokio::spawn(async move { drop(stream.await) })),
        }
    }
}

thread_local! {
    /// Of the stream that is polled on this thread right now.
    static SENDING: Cell<Sending> = const { Cell::new(Sending { frames: 0, waits: false }) };
}

/// What is known of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sending {
    /// How many frames the body has given.
    frames: u64,
    /// Whether the next step is the peer's: what there is to send was handed over, and no more was asked for.
    waits: bool,
}

/// Says that the answer, or the next part of it, is there, and that only the peer can hold it up.
pub(crate) fn answer_waits_for_peer() {
    let Sending { frames, .. } = SENDING.get();
    SENDING.set(Sending { frames: frames.wrapping_add(1), waits: true });
}

/// Says that the handler was asked for more of the answer, and has none yet.
pub(crate) fn handler_is_asked() {
    SENDING.set(Sending { waits: false, ..SENDING.get() });
}

pin_project! {
    /// A stream that ends, and is reset, when its peer takes no bytes for too long, or while others need the slot of its call.
    struct Watched<F> {
        #[pin]
        stream: F,
        timeout: Duration,
        slots: Arc<Slots>,
        sending: Sending,
        stalled: Option<Stalled>,
    }
}

/// A peer takes no bytes.
struct Stalled {
    until: Instant,
    /// Until then, or until it is time to look whether there are slots left.
    sleep: Pin<Box<Sleep>>,
}

impl Stalled {
    fn new(timeout: Duration) -> Self {
        Self { until: Instant::now() + timeout, sleep: Box::pin(sleep(timeout.min(PATIENCE))) }
    }

    /// Begins again, since the peer took something.
    fn reset(&mut self, timeout: Duration) {
        let now = Instant::now();
        self.until = now + timeout;
        self.sleep.as_mut().reset(now + timeout.min(PATIENCE));
    }

    /// Ready when it has been for too long.
    fn poll(&mut self, cx: &mut Context<'_>, slots: &Slots) -> Poll<()> {
        loop {
            ready!(self.sleep.as_mut().poll(cx));
            let now = Instant::now();
            if now >= self.until || slots.are_scarce() {
                return Poll::Ready(());
            }
            self.sleep.as_mut().reset(self.until.min(now + PATIENCE));
        }
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        let before = SENDING.replace(*this.sending);
        let polled = this.stream.poll(cx);
        let now = SENDING.replace(before);
        let moved = now != *this.sending;
        *this.sending = now;
        if polled.is_ready() {
            return Poll::Ready(());
        }
        if !now.waits {
            *this.stalled = None;
            return Poll::Pending;
        }
        let stalled = this.stalled.get_or_insert_with(|| Stalled::new(*this.timeout));
        if moved {
            stalled.reset(*this.timeout);
        }
        let stalled = stalled.poll(cx, this.slots);
        if stalled.is_ready() {
            tracing::debug!("a peer took no bytes of its answer; the stream is reset");
        }
        stalled
    }
}
