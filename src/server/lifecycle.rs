//! From running to gone, in steps that everybody can wait for.

use tokio_util::sync::{CancellationToken, DropGuard};

/// How far a server is on its way out. Each step includes those before it, and none is taken back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifecycle {
    leaving: CancellationToken,
    draining: CancellationToken,
    ending: CancellationToken,
}

impl Lifecycle {
    /// The server says that it is not ready, and still takes connections and calls.
    pub(crate) fn leaving(&self) -> &CancellationToken {
        &self.leaving
    }

    /// It takes no more connections, sends a GOAWAY on those that there are, and ends subscriptions.
    pub(crate) fn draining(&self) -> &CancellationToken {
        &self.draining
    }

    /// Calls that are still under way end with UNAVAILABLE, and connections close.
    pub(crate) fn ending(&self) -> &CancellationToken {
        &self.ending
    }

    pub(super) fn leave(&self) {
        self.leaving.cancel();
    }

    pub(super) fn drain(&self) {
        self.leave();
        self.draining.cancel();
    }

    pub(super) fn end(&self) {
        self.drain();
        self.ending.cancel();
    }

    /// Ends everything if the server is dropped while it runs.
    pub(super) fn guards(&self) -> [DropGuard; 3] {
        [&self.leaving, &self.draining, &self.ending].map(|token| token.clone().drop_guard())
    }
}
