//! Looking again at files, when somebody asks for it.

use tokio::sync::watch;

/// Asks a running server to look at its files now: certificates, and whatever else it follows. What SIGHUP does.
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
