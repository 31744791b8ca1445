//! How long to wait until the next attempt.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// Waits grow as gRPC has it (<https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md>): by 1.6 each, and each
/// give or take a fifth, so that many followers of one server do not come back at once.
#[derive(Clone, Debug)]
pub(super) struct Backoff {
    first: Duration,
    most: Duration,
    next: Duration,
}

const FACTOR: f64 = 1.6;
const JITTER: f64 = 0.2;

impl Backoff {
    pub(super) fn new(first: Duration, most: Duration) -> Self {
        let first = first.min(most);
        Self { first, most, next: first }
    }

    /// After an attempt that went well.
    pub(super) fn reset(&mut self) {
        self.next = self.first;
    }

    pub(super) fn wait(&mut self) -> Duration {
        self.wait_by(random())
    }

    /// `random` is from 0 to 1.
    fn wait_by(&mut self, random: f64) -> Duration {
        let wait = self.next.mul_f64(1.0 - JITTER + 2.0 * JITTER * random);
        self.next = self.next.mul_f64(FACTOR).min(self.most);
        wait
    }
}

/// From 0 to 1. Every `RandomState` has other keys, which are random at the start of each thread.
fn random() -> f64 {
    RandomState::new().hash_one(()) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_up_to_a_bound_and_starts_anew() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(3));
        let mut waits =
            |random, count| -> Vec<u128> { (0..count).map(|_| backoff.wait_by(random).as_millis()).collect() };
        assert_eq!(waits(0.5, 5), [1_000, 1_600, 2_560, 3_000, 3_000]);
        assert_eq!(waits(0.0, 1), [2_400]);
        assert_eq!(waits(1.0, 1), [3_600]);
        backoff.reset();
        assert_eq!(backoff.wait_by(0.5), Duration::from_secs(1));
        assert_eq!(Backoff::new(Duration::from_secs(9), Duration::from_secs(2)).wait_by(0.5), Duration::from_secs(2));
    }

    #[test]
    fn stays_within_its_jitter() {
        let mut seen = Vec::new();
        for _ in 0..1_000 {
            let wait = Backoff::new(Duration::from_secs(1), Duration::from_secs(1)).wait();
            assert!((Duration::from_millis(800)..=Duration::from_millis(1_200)).contains(&wait), "{wait:?}");
            seen.push(wait);
        }
        seen.dedup();
        assert!(seen.len() > 900, "no two followers wait alike");
    }
}
