//! How many calls may be under way.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

/// How long a call may wait for its own caller while [slots are scarce](Slots::are_scarce). As long as those that find no slot are
/// told to wait.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// Those of the calls on all connections.
#[derive(Debug)]
pub(crate) struct Slots {
    taken: AtomicUsize,
    most: usize,
}

impl Slots {
    /// For so many calls at once.
    pub(crate) fn new(most: usize) -> Self {
        Self { taken: AtomicUsize::new(0), most }
    }

    /// `false` if there is none.
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
    pub(crate) fn are_scarce(&self) -> bool {
        self.taken.load(Ordering::Relaxed) >= self.most - self.most / 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_scarce_before_there_is_none() {
        let slots = Slots::new(16);
        for _ in 0..13 {
            assert!(slots.take());
        }
        assert!(!slots.are_scarce());
        for _ in 0..3 {
            assert!(slots.take());
            assert!(slots.are_scarce());
        }
        assert!(!slots.take());
        for _ in 0..3 {
            slots.give_back();
        }
        assert!(!slots.are_scarce());
    }

    #[test]
    fn the_only_one_is_scarce_when_it_is_taken() {
        let slots = Slots::new(1);
        assert!(!slots.are_scarce());
        assert!(slots.take() && slots.are_scarce() && !slots.take());
    }
}
