//! Runs HTTP/2 streams, and resets those whose peer does not read the response.
//!
//! Flow control lets a peer ask for a response and then never make room for it. The connection looks well meanwhile, and the
//! response waits in memory. hyper does not ask the body again before there is room, so that the body cannot notice; the task
//! of the stream can.

use std::{
    cell::Cell,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use hyper::rt::Executor;
use pin_project_lite::pin_project;
use tokio::task::coop;

use crate::{
    layer::catch_panic,
    server::limits::{PeerWait, Places},
};

/// Runs the HTTP/2 streams of a connection, each with a timeout for its peer.
#[derive(Clone, Debug)]
pub(super) struct StreamExecutor {
    pub(super) write_timeout: Option<Duration>,
    pub(super) places: Arc<Places>,
}

impl<F> Executor<F> for StreamExecutor
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, stream: F) {
        match self.write_timeout {
            Some(timeout) => {
                let places = self.places.clone();
                run(Watched { stream, timeout, places, sending: Sending::default(), stalled: None });
            }
            None => run(async move { drop(stream.await) }),
        }
    }
}

/// Runs a stream in the task of its connection, and in a task of its own once it waits.
///
/// Most calls have arrived as a whole and complete at the first poll: a task of their own would cost more than the response. A
/// stream that waits gets a task, which polls it again at once, so that no wake-up is lost. So does one that finds the connection
/// out of its cooperative budget.
fn run(stream: impl Future<Output = ()> + Send + 'static) {
    let mut stream = Box::pin(stream);
    let mut cx = Context::from_waker(Waker::noop());
    let is_over = match coop::poll_proceed(&mut cx) {
        // A panic ends its own stream, as it does in a task, and not the connection.
        Poll::Ready(budget) => {
            catch_panic(|| stream.as_mut().poll(&mut cx).is_ready()).inspect(|_| budget.made_progress()).unwrap_or(true)
        }
        Poll::Pending => false,
    };
    if !is_over {
        drop(tokio::spawn(stream));
    }
}

thread_local! {
    /// The progress of the stream that this thread polls.
    static SENDING: Cell<Sending> = const { Cell::new(Sending { frames: 0, waits: false }) };
}

/// The progress of a response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sending {
    /// How many frames the body has yielded.
    frames: u64,
    /// Whether the peer has to act next: all frames were handed to hyper, which has not asked for more.
    waits: bool,
}

/// The next part of the response is ready, so only the peer can delay it.
pub(crate) fn awaits_peer() {
    let Sending { frames, .. } = SENDING.get();
    SENDING.set(Sending { frames: frames.wrapping_add(1), waits: true });
}

/// The handler has no more of the response yet.
pub(crate) fn awaits_handler() {
    SENDING.set(Sending { waits: false, ..SENDING.get() });
}

pin_project! {
    /// A stream that is reset when its peer reads nothing for too long, or for a second while places are scarce.
    struct Watched<F> {
        #[pin]
        stream: F,
        timeout: Duration,
        places: Arc<Places>,
        sending: Sending,
        stalled: Option<Pin<Box<PeerWait>>>,
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
        let timeout = Some(*this.timeout);
        let stalled = this.stalled.get_or_insert_with(|| Box::pin(PeerWait::new(timeout)));
        if moved {
            stalled.as_mut().restart(timeout);
        }
        stalled.as_mut().poll(cx, || this.places.are_scarce()).map(|_| {
            tracing::debug!("a peer stopped reading its response; the stream is reset");
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::{sync::oneshot, task::yield_now};

    use super::*;

    #[tokio::test]
    async fn a_stream_that_is_ready_runs_at_once_and_others_in_a_task() {
        let (send, receive) = oneshot::channel();
        let done = Arc::new(AtomicUsize::new(0));
        let (first, second) = (done.clone(), done.clone());
        run(async move {
            first.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(done.load(Ordering::Relaxed), 1);
        run(async move {
            assert_eq!(receive.await, Ok("data"));
            second.fetch_add(1, Ordering::Relaxed);
        });
        // Before its task has looked at it even once.
        send.send("data").unwrap();
        assert_eq!(done.load(Ordering::Relaxed), 1);
        yield_now().await;
        assert_eq!(done.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_panic_ends_one_stream_alone() {
        run(async { panic!("of a handler") });
    }

    /// A task may do so many things before it lets others have the thread (<https://docs.rs/tokio/latest/tokio/task/coop>).
    #[tokio::test]
    async fn a_connection_yields_the_thread() {
        const CALLS: usize = 1_000;
        let done = Arc::new(AtomicUsize::new(0));
        tokio::spawn({
            let done = done.clone();
            async move {
                for _ in 0..CALLS {
                    let done = done.clone();
                    run(async move {
                        done.fetch_add(1, Ordering::Relaxed);
                    });
                }
                let at_once = done.load(Ordering::Relaxed);
                assert!((1..CALLS).contains(&at_once), "{at_once}");
                while done.load(Ordering::Relaxed) < CALLS {
                    yield_now().await;
                }
            }
        })
        .await
        .unwrap();
    }
}
