//! Translation next to what a competent user would write with `tonic-types` and `serde_json` for the same work.
//!
//! `cargo bench --bench translate` prints the time of each pair in one run. `--bench allocations` counts the allocations
//! of the same pairs: counting takes time, and more of it for whoever allocates more.

#![allow(clippy::unwrap_used, reason = "the inputs are constants")]

mod baseline;
mod pairs;

fn main() {
    pairs::agree();
    divan::main();
}
