//! A follower of the catalog of a server, and its settings.

use std::{convert::Infallible, io, path::PathBuf, time::Duration};

use tokio::{
    sync::watch,
    task::{self, JoinHandle},
    time,
};
use tonic::transport::Endpoint;

use super::{
    CatalogSource, Limits, RemoteStatus,
    follow::{Backoff, Follow, catching},
    saved::{SavedCatalog, save},
};
use crate::{catalog::Catalog, translate::Translator};

/// Follows the catalog of a server until it is dropped. See the [module docs](super).
#[derive(Debug)]
#[must_use = "following ends when this is dropped"]
pub struct Remote {
    task: JoinHandle<Infallible>,
    status: watch::Receiver<RemoteStatus>,
}

impl Remote {
    /// To follow the server at this endpoint. TLS and the like are the endpoint's; its connect timeout (10 s) and its
    /// HTTP/2 keep-alive (a ping after 30 s, acknowledged within 10 s) are set here.
    pub fn builder(endpoint: Endpoint) -> Builder {
        Builder::new(endpoint)
    }

    /// The status as of now.
    pub fn status(&self) -> RemoteStatus {
        let status = self.status.borrow().clone();
        // Only the end of its runtime ends the task.
        RemoteStatus { is_following: status.is_following && !self.task.is_finished(), ..status }
    }

    /// Waits until a server has sent a version, and a connection to it is up. Does not end by itself: use a timeout.
    pub async fn followed(&self) {
        self.until(|status| status.is_following).await;
    }

    /// Waits until the status is as wanted. Does not end by itself: use a timeout.
    pub async fn until(&self, mut is_wanted: impl FnMut(&RemoteStatus) -> bool) -> RemoteStatus {
        let mut status = self.status.clone();
        match status.wait_for(|status| is_wanted(status)).await {
            Ok(status) => status.clone(),
            // The runtime shuts down, and with it the task that waits here.
            Err(_) => std::future::pending().await,
        }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The settings of a [`Remote`]. Made by [`Remote::builder`].
#[derive(Clone, Debug)]
pub struct Builder {
    endpoint: Endpoint,
    cache: Option<SavedCatalog>,
    backoff: Backoff,
    limits: Limits,
}

impl Builder {
    fn new(endpoint: Endpoint) -> Self {
        // A follower may receive nothing for days. Without pings it would not notice that its peer is gone.
        let endpoint = endpoint
            .connect_timeout(Duration::from_secs(10))
            .http2_keep_alive_interval(Duration::from_secs(30))
            .keep_alive_timeout(Duration::from_secs(10))
            .keep_alive_while_idle(true);
        Self {
            endpoint,
            cache: None,
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(120)),
            limits: Limits::DEFAULT,
        }
    }

    /// Keeps the last good catalog in this file, and begins with it. Its folder is made if it is missing. Processes may
    /// share a file: it is replaced as a whole, at most every five seconds.
    #[must_use]
    pub fn with_cache_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.cache = Some(SavedCatalog::new(path));
        self
    }

    /// How long to wait after an attempt that failed: `first`, and after each that follows 1.6 times as long, `most` at most,
    /// each give or take a fifth. 1 s and 120 s by default; never less than 10 ms.
    #[must_use]
    pub fn with_backoff(mut self, first: Duration, most: Duration) -> Self {
        const LEAST: Duration = Duration::from_millis(10);
        self.backoff = Backoff::new(first.max(LEAST), most.max(LEAST));
        self
    }

    /// How many bytes a version may have, encoded; 64 MiB by default. A larger one is not used. The same holds of
    /// the cache file, after decompression.
    #[must_use]
    pub fn with_max_catalog_bytes(mut self, bytes: usize) -> Self {
        self.limits.bytes = bytes;
        self
    }

    /// How many kinds a version may have, and the cache file; 250,000 by default. A version with more is not used,
    /// and not built either. Its kinds may have four translated messages each on average.
    #[must_use]
    pub fn with_max_kinds(mut self, kinds: usize) -> Self {
        self.limits.kinds = kinds;
        self
    }

    /// Begins to follow. The translator has the catalog of the cache file when this returns, if there is one that can be
    /// read. Each version that the server sends takes its place, until the [`Remote`] is dropped.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with a timer, as [`tokio::time::sleep`] does.
    pub async fn start(self, translator: Translator) -> Remote {
        // Fails here without a timer, and not at the first wait.
        drop(time::sleep(Duration::ZERO));
        let Self { endpoint, cache, backoff, limits } = self;
        let mut status = RemoteStatus::default();
        let mut saved = None;
        match read(cache.clone(), limits).await {
            Ok(Some(catalog)) => {
                status.version = catalog.version().to_owned();
                status.source = CatalogSource::Cache;
                saved = Some(status.version.clone());
                translator.swap(catalog);
            }
            Ok(None) => {}
            Err(why) => tracing::warn!(error = %why, "the cached catalog cannot be used"),
        }
        let (status, receiver) = watch::channel(status);
        let (to_save, versions) = watch::channel(None);
        let to_save = cache.is_some().then_some(to_save);
        let follow = Follow { endpoint, translator, backoff, limits, status, to_save };
        let task = task::spawn(async move {
            let saving = async {
                // One task, so that both end together. A panic here costs the cache, and following goes on.
                if let Some(cache) = cache {
                    drop(catching(save(cache, saved, versions)).await);
                }
            };
            tokio::join!(follow.run(), saving).0
        });
        Remote { task, status: receiver }
    }
}

/// What the cache file has. It may be large and on a slow disk, which must not block the thread.
async fn read(cache: Option<SavedCatalog>, limits: Limits) -> io::Result<Option<Catalog>> {
    let Some(cache) = cache else { return Ok(None) };
    let read = move || cache.read(limits).inspect(|catalog| _ = catalog.as_ref().map(Catalog::version));
    task::spawn_blocking(read).await.unwrap_or_else(|why| Err(why.into()))
}
