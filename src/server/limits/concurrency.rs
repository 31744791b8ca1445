//! How many calls may be in flight, and how many items a caller may send.

use std::{
    num::NonZeroU32,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use pin_project_lite::pin_project;
use tokio::time::{self, Sleep, sleep_until};

use crate::service::CallKind;

/// How long a call may wait for its own caller while [places are scarce](ConcurrencyLimit::is_scarce): as long as the retry delay
/// of refused calls.
const SCARCE_TIMEOUT: Duration = Duration::from_secs(1);

/// The places of the calls on all connections. Streams have places of their own, so that they cannot take those of unary calls.
#[derive(Debug)]
pub(crate) struct Places {
    unary: ConcurrencyLimit,
    streams: ConcurrencyLimit,
}

impl Places {
    /// For this many unary calls, and this many streams.
    pub(crate) fn new(unary: usize, streams: usize) -> Self {
        Self { unary: ConcurrencyLimit::new(unary), streams: ConcurrencyLimit::new(streams) }
    }

    pub(crate) fn for_calls(&self, kind: CallKind) -> &ConcurrencyLimit {
        match kind {
            CallKind::Unary => &self.unary,
            CallKind::Stream | CallKind::Subscription => &self.streams,
        }
    }

    /// Whether places of either kind are scarce.
    pub(crate) fn are_scarce(&self) -> bool {
        self.unary.is_scarce() || self.streams.is_scarce()
    }
}

/// A limit of concurrent calls.
#[derive(Debug)]
pub(crate) struct ConcurrencyLimit {
    taken: AtomicUsize,
    most: usize,
}

impl ConcurrencyLimit {
    fn new(most: usize) -> Self {
        Self { taken: AtomicUsize::new(0), most }
    }

    /// Takes a place; `false` if there is none.
    pub(crate) fn take(&self) -> bool {
        let has_one = self.taken.fetch_add(1, Ordering::Relaxed) < self.most;
        if !has_one {
            self.give_back();
        }
        has_one
    }

    pub(crate) fn give_back(&self) {
        self.taken.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether fewer than an eighth are free: peers that open calls, and then neither send nor read, could hold all places at
    /// almost no cost.
    pub(crate) fn is_scarce(&self) -> bool {
        self.taken.load(Ordering::Relaxed) >= self.most - self.most / 8
    }
}

pin_project! {
    /// A wait for a peer: until its deadline, if there is one, or until a check finds that places are scarce.
    pub(crate) struct PeerWait {
        until: Option<time::Instant>,
        #[pin]
        sleep: Sleep,
    }
}

/// Why a wait for a peer is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitEnd {
    Deadline,
    Scarce,
}

impl PeerWait {
    pub(crate) fn new(timeout: Option<Duration>) -> Self {
        let until = timeout.map(|timeout| time::Instant::now() + timeout);
        Self { until, sleep: sleep_until(next_check(until)) }
    }

    /// Begins anew, since the peer has done something.
    pub(crate) fn restart(self: Pin<&mut Self>, timeout: Option<Duration>) {
        let mut this = self.project();
        *this.until = timeout.map(|timeout| time::Instant::now() + timeout);
        this.sleep.as_mut().reset(next_check(*this.until));
    }

    pub(crate) fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut is_scarce: impl FnMut() -> bool,
    ) -> Poll<WaitEnd> {
        let mut this = self.project();
        loop {
            ready!(this.sleep.as_mut().poll(cx));
            if this.until.is_some_and(|until| until <= time::Instant::now()) {
                return Poll::Ready(WaitEnd::Deadline);
            }
            if is_scarce() {
                return Poll::Ready(WaitEnd::Scarce);
            }
            this.sleep.as_mut().reset(next_check(*this.until));
        }
    }
}

/// When to look next whether places are scarce, but no later than the deadline.
fn next_check(until: Option<time::Instant>) -> time::Instant {
    let check = time::Instant::now() + SCARCE_TIMEOUT;
    until.map_or(check, |until| until.min(check))
}

/// A rate of items per second, with a burst of one second.
///
/// The [generic cell rate algorithm](https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm): one number, the time at
/// which all items so far would have been due, had they come evenly.
#[derive(Clone, Debug)]
pub(in crate::server) struct ItemRate(Arc<Rate>);

#[derive(Debug)]
struct Rate {
    beginning: Instant,
    /// Nanoseconds that one item takes.
    each: u64,
    /// Nanoseconds after the beginning.
    due: AtomicU64,
}

const SECOND: u64 = 1_000_000_000;

impl ItemRate {
    pub(in crate::server) fn new(per_second: NonZeroU32) -> Self {
        // More than one a nanosecond is not a limit.
        let each = SECOND / u64::from(per_second.get());
        Self(Arc::new(Rate { beginning: Instant::now(), each, due: AtomicU64::new(0) }))
    }

    /// Takes one item, or says how long to wait for it.
    pub(super) fn take(&self) -> Result<(), Duration> {
        let now = u64::try_from(self.0.beginning.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.0.take(now)
    }
}

impl Rate {
    fn take(&self, now: u64) -> Result<(), Duration> {
        let next = |due: u64| {
            let next = due.max(now).saturating_add(self.each);
            (next - now <= SECOND).then_some(next)
        };
        match self.due.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next) {
            Ok(_) => Ok(()),
            Err(due) => Err(Duration::from_nanos(due.saturating_add(self.each).saturating_sub(now) - SECOND)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_scarce_before_the_last_is_taken() {
        let limit = ConcurrencyLimit::new(16);
        for _ in 0..13 {
            assert!(limit.take());
        }
        assert!(!limit.is_scarce());
        for _ in 0..3 {
            assert!(limit.take());
            assert!(limit.is_scarce());
        }
        assert!(!limit.take());
        for _ in 0..3 {
            limit.give_back();
        }
        assert!(!limit.is_scarce());
    }

    #[test]
    fn the_only_one_is_scarce_when_it_is_taken() {
        let limit = ConcurrencyLimit::new(1);
        assert!(!limit.is_scarce());
        assert!(limit.take() && limit.is_scarce() && !limit.take());
    }

    #[test]
    fn streams_take_no_place_of_unary_calls() {
        let places = Places::new(1, 1);
        assert!(places.for_calls(CallKind::Subscription).take() && !places.for_calls(CallKind::Stream).take());
        assert!(places.for_calls(CallKind::Unary).take());
    }

    #[test]
    fn lets_as_many_through_as_a_second_has() {
        // 4 a second: 250 ms each.
        let rate = Rate { beginning: Instant::now(), each: SECOND / 4, due: AtomicU64::new(0) };
        let ms = |ms: u64| ms * 1_000_000;
        for _ in 0..4 {
            assert_eq!(rate.take(ms(0)), Ok(()));
        }
        assert_eq!(rate.take(ms(0)), Err(Duration::from_millis(250)));
        assert_eq!(rate.take(ms(100)), Err(Duration::from_millis(150)));
        assert_eq!(rate.take(ms(250)), Ok(()));
        assert_eq!(rate.take(ms(250)), Err(Duration::from_millis(250)));
        // After a pause there are no more at once than before.
        for _ in 0..4 {
            assert_eq!(rate.take(ms(60_000)), Ok(()));
        }
        assert_eq!(rate.take(ms(60_000)), Err(Duration::from_millis(250)));
    }
}
