//! A small product whose errors read the same on every wire. `cargo run --example tasks -- --help` explains it.

use std::process::ExitCode;

mod app;
mod run;

fn main() -> ExitCode {
    run::run()
}
