//! Two ways to do the same, in turns.

use std::time::{Duration, Instant};

use tokio::{runtime::Runtime, task::JoinSet};

/// How many calls are under way at once.
const AT_ONCE: usize = 32;

pub(crate) struct Rounds {
    pub(crate) runtime: Runtime,
    pub(crate) rounds: usize,
    /// Only the rows with this in the names of their layer and calls.
    pub(crate) only: String,
}

impl Rounds {
    /// Prints how many calls a second there are each way.
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
        let _ = (self.time(calls, &without), self.time(calls, &with));
        let mut times: Vec<_> = (0..self.rounds)
            .map(|round| {
                // Who is first takes turns too.
                if round % 2 == 0 {
                    let without = self.time(calls, &without);
                    (without, self.time(calls, &with))
                } else {
                    let with = self.time(calls, &with);
                    (self.time(calls, &without), with)
                }
            })
            .collect();
        let mut ratios: Vec<_> =
            times.iter().map(|(without, with)| without.as_secs_f64() / with.as_secs_f64()).collect();
        ratios.sort_by(f64::total_cmp);
        let at = |quarter: usize| ratios[(ratios.len() - 1) * quarter / 4];
        times.sort();
        let speed = |time: Duration| (calls as f64 / time.as_secs_f64()).round();
        let without = speed(times[times.len() / 2].0);
        times.sort_by_key(|(_, with)| *with);
        let with = speed(times[times.len() / 2].1);
        println!("| {layer} | {name} | {without} | {with} | {:.3} | {:.3} to {:.3} |", at(2), at(1), at(3));
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
