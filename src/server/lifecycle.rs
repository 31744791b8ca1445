//! Graceful shutdown, in steps that tasks can wait for.

use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// The progress of a shutdown. Each step includes the earlier ones, and none is undone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifecycle {
    leaving: CancellationToken,
    closing: CancellationToken,
    draining: CancellationToken,
    ending: CancellationToken,
}

impl Lifecycle {
    /// The server reports that it is not ready, and still accepts connections and calls.
    pub(crate) fn leaving(&self) -> &CancellationToken {
        &self.leaving
    }

    /// It accepts no more connections.
    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// It sends a GOAWAY on all connections, and ends subscriptions. Clients then open new connections. The listener is
    /// closed before that, so that these do not wait in its queue.
    pub(crate) fn draining(&self) -> &CancellationToken {
        &self.draining
    }

    /// Calls that are still in flight end with UNAVAILABLE, and connections close.
    pub(crate) fn ending(&self) -> &CancellationToken {
        &self.ending
    }

    pub(super) fn leave(&self) {
        self.leaving.cancel();
    }

    pub(super) fn close(&self) {
        self.leave();
        self.closing.cancel();
    }

    pub(super) fn drain(&self) {
        self.close();
        self.draining.cancel();
    }

    pub(super) fn end(&self) {
        self.drain();
        self.ending.cancel();
    }

    /// Ends everything if the server is dropped while it runs.
    pub(super) fn guards(&self) -> [DropGuard; 4] {
        [&self.leaving, &self.closing, &self.draining, &self.ending].map(|token| token.clone().drop_guard())
    }
}

/// Asks a running server to check its files now, as SIGHUP does: certificates and catalogs.
#[derive(Clone, Debug)]
pub struct Reload(watch::Sender<()>);

impl Reload {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(()))
    }

    /// Asks. Several requests that come at once are one.
    pub fn request(&self) {
        self.0.send_replace(());
    }

    /// Sees each request from now on.
    pub(super) fn requests(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}
