//! What a follower is set to.

use std::{path::PathBuf, time::Duration};

use tokio::{sync::watch, task};
use tonic::transport::Endpoint;

use super::{CatalogSource, Remote, RemoteStatus, backoff::Backoff, follow::Follow, saved::SavedCatalog};
use crate::Translator;

/// What a [`Remote`] is set to. Made by [`Remote::builder`].
#[derive(Clone, Debug)]
pub struct Builder {
    endpoint: Endpoint,
    cache: Option<SavedCatalog>,
    backoff: Backoff,
    max_bytes: usize,
}

impl Builder {
    pub(super) fn new(endpoint: Endpoint) -> Self {
        // A follower may hear nothing for days. Without pings it would not learn that the other end is gone.
        let endpoint = endpoint
            .connect_timeout(Duration::from_secs(10))
            .http2_keep_alive_interval(Duration::from_secs(30))
            .keep_alive_timeout(Duration::from_secs(10))
            .keep_alive_while_idle(true);
        Self {
            endpoint,
            cache: None,
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(120)),
            max_bytes: 64 * 1024 * 1024,
        }
    }

    /// Keeps the last good catalog in this file, and begins with it. Its folder is made if it is missing. Processes may
    /// share a file: it is replaced as a whole.
    #[must_use]
    pub fn with_cache_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.cache = Some(SavedCatalog::new(path));
        self
    }

    /// How long to wait after an attempt that failed: `first`, and after each that follows 1.6 times as long, `most` at most,
    /// each give or take a fifth. 1 s and 120 s unless told otherwise; never less than 10 ms.
    #[must_use]
    pub fn with_backoff(mut self, first: Duration, most: Duration) -> Self {
        const LEAST: Duration = Duration::from_millis(10);
        self.backoff = Backoff::new(first.max(LEAST), most.max(LEAST));
        self
    }

    /// How many bytes a version may have, encoded; 64 MiB unless told otherwise. A larger one is not used.
    #[must_use]
    pub fn with_max_catalog_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Begins to follow. The translator has the catalog of the cache file when this returns, if there is one that can be
    /// read. Each version that the server sends takes its place, until the [`Remote`] is dropped.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as [`tokio::spawn`] does.
    pub fn start(self, translator: Translator) -> Remote {
        let mut status = RemoteStatus::new();
        let mut saved = None;
        match self.cache.as_ref().map(SavedCatalog::read) {
            Some(Ok(Some(catalog))) => {
                status.version = catalog.version().to_owned();
                status.source = CatalogSource::Cache;
                saved = Some(status.version.clone());
                translator.swap(catalog);
            }
            Some(Err(why)) => tracing::warn!(error = %why, "the kept catalog cannot be used"),
            Some(Ok(None)) | None => {}
        }
        let (sender, receiver) = watch::channel(status);
        let follow = Follow {
            endpoint: self.endpoint,
            translator,
            cache: self.cache,
            saved,
            backoff: self.backoff,
            max_bytes: self.max_bytes,
            status: sender,
        };
        Remote::new(task::spawn(follow.run()), receiver)
    }
}
