//! A follower at work, and its status.

use std::{convert::Infallible, time::SystemTime};

use tokio::{sync::watch, task::JoinHandle};

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

/// How following goes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteStatus {
    /// Where the catalog that the translator has comes from.
    pub source: CatalogSource,
    /// What that catalog [is called](crate::Catalog::version) here; empty if it is the one that the translator was given.
    pub version: String,
    /// Whether a server is being listened to that has sent a catalog.
    pub is_following: bool,
    /// When the last version came from a server.
    pub updated: Option<SystemTime>,
    /// How many attempts failed, or broke off, since the last version came.
    pub failures: u64,
    /// Why the last of these did.
    pub last_failure: Option<String>,
}

/// Where a followed catalog comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CatalogSource {
    /// The translator had it.
    #[default]
    Given,
    /// The file that keeps the last good one.
    Cache,
    /// A server sent it.
    Server,
}

impl RemoteStatus {
    pub(super) fn new() -> Self {
        Self {
            source: CatalogSource::Given,
            version: String::new(),
            is_following: false,
            updated: None,
            failures: 0,
            last_failure: None,
        }
    }
}
