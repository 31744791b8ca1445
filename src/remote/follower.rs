//! A follower at work.

use std::convert::Infallible;

use tokio::{sync::watch, task::JoinHandle};

use super::RemoteStatus;

/// Follows the catalog of a server until it is dropped. See the [module docs](super).
#[derive(Debug)]
#[must_use = "following ends when this is dropped"]
pub struct Remote {
    task: JoinHandle<Infallible>,
    status: watch::Receiver<RemoteStatus>,
}

impl Remote {
    pub(super) fn new(task: JoinHandle<Infallible>, status: watch::Receiver<RemoteStatus>) -> Self {
        Self { task, status }
    }

    /// How it goes, as of now.
    pub fn status(&self) -> RemoteStatus {
        let status = self.status.borrow().clone();
        // Only the end of its runtime ends the task.
        RemoteStatus { is_following: status.is_following && !self.task.is_finished(), ..status }
    }

    /// Waits until a server has sent a version, and a connection to it is up. Has no end of its own: put a timeout around it.
    pub async fn followed(&self) {
        self.until(|status| status.is_following).await;
    }

    /// Waits until the status is as wanted. Has no end of its own: put a timeout around it.
    pub async fn until(&self, mut is_wanted: impl FnMut(&RemoteStatus) -> bool) -> RemoteStatus {
        let mut status = self.status.clone();
        match status.wait_for(|status| is_wanted(status)).await {
            Ok(status) => status.clone(),
            // The runtime is going down, and whoever waits here with it.
            Err(_) => std::future::pending().await,
        }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.task.abort();
    }
}
