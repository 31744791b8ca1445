//! Two ways to do the same, in turns.

use std::time::{Duration, Instant};

use tokio::{runtime::Runtime, task::JoinSet};

/// How many calls are in flight at once.
const AT_ONCE: usize = 32;

pub(crate) struct Rounds {
    pub(crate) runtime: Runtime,
    pub(crate) rounds: usize,
    /// Whether what is with the layer is made and called first.
    pub(crate) is_reversed: bool,
    /// Only the rows with this in the names of their layer and calls.
    pub(crate) only: String,
}

impl Rounds {
    /// Makes both, in the order of this process: of two connections that are alike the first is a little faster.
    pub(crate) fn make<A, B>(&self, without: impl FnOnce() -> A, with: impl FnOnce() -> B) -> (A, B) {
        if self.is_reversed {
            let with = with();
            (without(), with)
        } else {
            (without(), with())
        }
    }

    /// Prints how long the calls of each round took each way, in the form that [`table`](super::table) reads.
    pub(crate) fn compare<A, B, FA, FB>(&self, layer: &str, name: &str, calls: usize, without: A, with: B)
    where
        A: Fn() -> FA + Clone + Send + 'static,
        FA: Future<Output = ()> + Send + 'static,
        B: Fn() -> FB + Clone + Send + 'static,
        FB: Future<Output = ()> + Send + 'static,
    {
        if !format!("{layer} {name}").contains(&self.only) {
            return;
        }
        // The first opens connections, and counts for nothing.
        self.make(|| self.time(calls, &without), || self.time(calls, &with));
        for round in 0..self.rounds {
            // They take turns at being first, too.
            let (without, with) = if (round % 2 == 0) != self.is_reversed {
                let without = self.time(calls, &without);
                (without, self.time(calls, &with))
            } else {
                let with = self.time(calls, &with);
                (self.time(calls, &without), with)
            };
            println!("{layer}\t{name}\t{calls}\t{}\t{}", without.as_secs_f64(), with.as_secs_f64());
        }
    }

    fn time<F: Future<Output = ()> + Send + 'static>(
        &self,
        calls: usize,
        call: &(impl Fn() -> F + Clone + Send + 'static),
    ) -> Duration {
        self.runtime.block_on(async {
            let start = Instant::now();
            let mut workers = JoinSet::new();
            for _ in 0..AT_ONCE {
                let call = call.clone();
                workers.spawn(async move {
                    for _ in 0..calls / AT_ONCE {
                        call().await;
                    }
                });
            }
            workers.join_all().await;
            start.elapsed()
        })
    }
}
