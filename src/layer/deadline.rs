//! The deadline of a call.

// docs/rules.md: R-LAYER-4

use std::{
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use http::HeaderValue;
use pin_project_lite::pin_project;
use tokio::{
    task::yield_now,
    time::{Instant, Sleep, sleep_until},
};

/// The deadline of a call, if it has one.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    at: Option<Instant>,
}

impl Deadline {
    /// The earlier of the caller's `grpc-timeout` and our own limit.
    #[inline]
    pub(super) fn of(callers: Option<&HeaderValue>, own: Option<Duration>) -> Self {
        if callers.is_none() && own.is_none() { Self::none() } else { Self::earlier_of(callers, own) }
    }

    fn earlier_of(callers: Option<&HeaderValue>, own: Option<Duration>) -> Self {
        let timeout = match (callers.and_then(|value| grpc_timeout(value.as_bytes())), own) {
            (Some(callers), Some(own)) => Some(callers.min(own)),
            (callers, own) => callers.or(own),
        };
        // A deadline beyond the range of the clock does not count.
        Self { at: timeout.and_then(|timeout| Instant::now().checked_add(timeout)) }
    }

    pub(super) fn none() -> Self {
        Self { at: None }
    }

    /// The earlier of two deadlines.
    pub(super) fn or(self, other: Instant) -> Instant {
        self.at.map_or(other, |at| at.min(other))
    }

    pub(super) fn has_passed(self) -> bool {
        self.at.is_some_and(|at| at <= Instant::now())
    }
}

pin_project! {
    /// Holds a call to its deadline.
    pub(super) struct Timer {
        deadline: Deadline,
        // Made at the first wait: most responses are ready at once.
        #[pin]
        sleep: Option<Sleep>,
        // How many polls were ready since the clock was read.
        polls: u8,
        // Whether one turn of the runtime has been awaited.
        has_waited: bool,
    }
}

/// How many polls may be ready before the clock is read again, which costs as much as forwarding a frame.
const POLLS_PER_READ: u8 = 16;

impl Timer {
    #[inline]
    pub(super) fn new(deadline: Deadline) -> Self {
        Self { deadline, sleep: None, polls: POLLS_PER_READ, has_waited: false }
    }

    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// Whether the deadline has passed, for a stream that never waits. Reads the clock at the first poll, and every few polls after.
    #[inline]
    pub(super) fn has_passed(self: Pin<&mut Self>) -> bool {
        let this = self.project();
        if *this.polls < POLLS_PER_READ {
            *this.polls += 1;
            return false;
        }
        *this.polls = 0;
        this.deadline.has_passed()
    }

    /// As [`poll`](Self::poll), for a call that can only wait for the rest of its request, which has mostly arrived already: the runtime
    /// gets one turn to read it before a timer is made, which costs more.
    pub(super) fn poll_after_read(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if !self.has_waited && self.deadline.at.is_some() {
            *self.project().has_waited = true;
            // The turn wakes this task.
            return pin!(yield_now()).poll(cx);
        }
        self.poll(cx)
    }

    /// Ready when the deadline has passed, which is never if there is none.
    pub(super) fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let Some(at) = this.deadline.at else { return Poll::Pending };
        if this.sleep.is_none() {
            this.sleep.set(Some(sleep_until(at)));
        }
        this.sleep.as_pin_mut().map_or(Poll::Pending, |sleep| sleep.poll(cx))
    }
}

/// Reads `grpc-timeout`: at most eight digits and a unit. Anything else is not a timeout.
///
/// <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests>
fn grpc_timeout(value: &[u8]) -> Option<Duration> {
    let (unit, digits) = value.split_last()?;
    if !(1..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let amount = digits.iter().fold(0, |amount: u64, digit| amount * 10 + u64::from(digit - b'0'));
    match unit {
        b'H' => Some(Duration::from_secs(amount * 3_600)),
        b'M' => Some(Duration::from_secs(amount * 60)),
        b'S' => Some(Duration::from_secs(amount)),
        b'm' => Some(Duration::from_millis(amount)),
        b'u' => Some(Duration::from_micros(amount)),
        b'n' => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, task::ready};

    use tokio::runtime;

    use super::*;

    #[test]
    fn a_call_that_ends_within_one_turn_makes_no_timer() {
        // Making a timer would panic in a runtime without time.
        let runtime = runtime::Builder::new_current_thread().build().unwrap();
        let timer = runtime.block_on(async {
            let deadline = Deadline::of(Some(&HeaderValue::from_static("10S")), None);
            let mut timer = Box::pin(Timer::new(deadline));
            let mut turns = 0;
            poll_fn(|cx| {
                turns += 1;
                if turns == 1 {
                    ready!(timer.as_mut().poll_after_read(cx));
                }
                Poll::Ready(())
            })
            .await;
            timer
        });
        assert!(timer.sleep.is_none());
    }

    #[test]
    fn reads_grpc_timeout() {
        let rows: [(&[u8], Option<Duration>); 12] = [
            (b"1S", Some(Duration::from_secs(1))),
            (b"99999999H", Some(Duration::from_secs(99_999_999 * 3_600))),
            (b"2M", Some(Duration::from_secs(120))),
            (b"5m", Some(Duration::from_millis(5))),
            (b"0n", Some(Duration::ZERO)),
            (b"7u", Some(Duration::from_micros(7))),
            (b"100000000S", None),
            (b"S", None),
            (b"1", None),
            (b"-1S", None),
            (b"1 S", None),
            (b"", None),
        ];
        for (value, expected) in rows {
            assert_eq!(grpc_timeout(value), expected, "{:?}", std::str::from_utf8(value));
        }
    }
}
