//! Graceful shutdown, in steps that tasks can wait for.

use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// How far a server is on its way out. Each step includes those before it, and none is taken back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifecycle {
    leaving: CancellationToken,
    closing: CancellationToken,
    draining: CancellationToken,
    ending: CancellationToken,
}

impl Lifecycle {
    /// The server says that it is not ready, and still takes connections and calls.
    pub(crate) fn leaving(&self) -> &CancellationToken {
        &self.leaving
    }

    /// It takes no more connections.
    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// It sends a GOAWAY on the connections that there are, and ends subscriptions. Clients make new connections then, which
    /// should not end up in the queue of a socket that nobody accepts from any more.
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
