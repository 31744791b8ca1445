//! How many calls may be in flight.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use super::config::Config;
use crate::service::CallKind;

/// How long a call may wait for its own caller while [places are scarce](ConcurrencyLimit::is_scarce). As long as those that
/// find no place are told to wait.
pub(crate) const SCARCE_TIMEOUT: Duration = Duration::from_secs(1);

/// The places of the calls on all connections. Those that stay open have their own, so that unary calls always have some.
#[derive(Debug)]
pub(crate) struct Places {
    unary: ConcurrencyLimit,
    streams: ConcurrencyLimit,
}

impl Places {
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            unary: ConcurrencyLimit::new(config.max_concurrent_requests.get()),
            streams: ConcurrencyLimit::new(config.max_open_streams.get()),
        }
    }

    /// As many as anybody wants.
    pub(crate) fn unlimited() -> Self {
        Self { unary: ConcurrencyLimit::new(usize::MAX), streams: ConcurrencyLimit::new(usize::MAX) }
    }

    pub(crate) fn for_calls(&self, kind: CallKind) -> &ConcurrencyLimit {
        match kind {
            CallKind::Unary => &self.unary,
            CallKind::Stream | CallKind::Subscription => &self.streams,
        }
    }

    /// Whether those of either sort are.
    pub(crate) fn are_scarce(&self) -> bool {
        self.unary.is_scarce() || self.streams.is_scarce()
    }
}

/// So many calls at once.
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

    /// Whether fewer than an eighth are free: peers that ask, and then neither send nor take anything, could hold all of them
    /// at next to no cost.
    pub(crate) fn is_scarce(&self) -> bool {
        self.taken.load(Ordering::Relaxed) >= self.most - self.most / 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_scarce_before_there_is_none() {
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
        let places = Places { unary: ConcurrencyLimit::new(1), streams: ConcurrencyLimit::new(1) };
        assert!(places.for_calls(CallKind::Subscription).take() && !places.for_calls(CallKind::Stream).take());
        assert!(places.for_calls(CallKind::Unary).take());
    }
}
