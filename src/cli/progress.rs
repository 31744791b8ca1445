//! The progress of a long translation, on a terminal.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

const EVERY: Duration = Duration::from_millis(200);

/// Counts lines, and shows the counts on standard error if that is a terminal and the responses do not go there too.
pub(super) struct Progress {
    lines: u64,
    failures: u64,
    start: Instant,
    shown: Option<Instant>,
    visible: bool,
}

impl Progress {
    pub(super) fn new() -> Self {
        let visible = io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { lines: 0, failures: 0, start: Instant::now(), shown: None, visible }
    }

    /// The number of the line that was read last, from 1.
    pub(super) fn line(&self) -> u64 {
        self.lines
    }

    pub(super) fn failures(&self) -> u64 {
        self.failures
    }

    pub(super) fn read(&mut self) {
        self.lines += 1;
        if self.visible && self.shown.unwrap_or(self.start).elapsed() >= EVERY {
            self.shown = Some(Instant::now());
            self.show();
        }
    }

    pub(super) fn failed(&mut self) {
        self.failures += 1;
    }

    /// Shows the final counts, if any were shown.
    pub(super) fn finish(&self) {
        if self.shown.is_some() {
            self.show();
            let _ = writeln!(io::stderr());
        }
    }

    fn show(&self) {
        let Self { lines, failures, .. } = self;
        let seconds = self.start.elapsed().as_secs_f64().max(0.001);
        let rate = *lines as f64 / seconds;
        // Progress that cannot be shown is not worth a failure.
        let _ = write!(io::stderr(), "\r{lines} lines, {failures} failed, {rate:.0} a second ");
    }
}
