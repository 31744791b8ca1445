//! The allocations of the pairs that `cargo bench --bench translate` times.

#![allow(clippy::unwrap_used, reason = "the inputs are constants")]

mod baseline;
mod pairs;

#[global_allocator]
static ALLOC: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    pairs::agree();
    divan::main();
}
