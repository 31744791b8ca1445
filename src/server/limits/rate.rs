//! How many items a caller may send.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// So many items a second, and as many at once as a second has.
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
