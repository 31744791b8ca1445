//! The settings of a follower.

use std::{io, path::PathBuf, time::Duration};

use tokio::{sync::watch, task, time};
use tonic::transport::Endpoint;

use super::{
    CatalogSource, Limits, Remote, RemoteStatus,
    follow::{Backoff, Follow, catching},
    saved::{SavedCatalog, save},
};
use crate::{catalog::Catalog, translate::Translator};

/// What a [`Remote`] is set to. Made by [`Remote::builder`].
#[derive(Clone, Debug)]
pub struct Builder {
    endpoint: Endpoint,
    cache: Option<SavedCatalog>,
    backoff: Backoff,
    limits: Limits,
}

impl Remote {
    /// To follow the server at this endpoint. TLS and the like are the endpoint's; its connect timeout (10 s) and its
    /// HTTP/2 keep-alive (a ping after 30 s, answered within 10 s) are set here.
    pub fn builder(endpoint: Endpoint) -> Builder {
        Builder::new(endpoint)
    }
}

impl Builder {
    fn new(endpoint: Endpoint) -> Self {
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
    /// each give or take a fifth. 1 s and 120 s unless told otherwise; never less than 10 ms.
    #[must_use]
    pub fn with_backoff(mut self, first: Duration, most: Duration) -> Self {
        const LEAST: Duration = Duration::from_millis(10);
        self.backoff = Backoff::new(first.max(LEAST), most.max(LEAST));
        self
    }

    /// How many bytes a version may have, encoded; 64 MiB unless told otherwise. A larger one is not used. The same holds of
    /// the cache file, after decompression.
    #[must_use]
    pub fn with_max_catalog_bytes(mut self, bytes: usize) -> Self {
        self.limits.bytes = bytes;
        self
    }

    /// How many kinds a version may have, and the cache file; 250,000 unless told otherwise. A version with more is not used,
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
        // Without a timer following would end at its first wait. Better to hear of it here.
        drop(time::sleep(Duration::ZERO));
        let Self { endpoint, cache, backoff, limits } = self;
        let mut status = RemoteStatus::new();
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
        Remote::new(task, receiver)
    }
}

/// What the cache file has. It may be large and on a slow disk, which must not block the thread.
async fn read(cache: Option<SavedCatalog>, limits: Limits) -> io::Result<Option<Catalog>> {
    let Some(cache) = cache else { return Ok(None) };
    let read = move || cache.read(limits).inspect(|catalog| _ = catalog.as_ref().map(Catalog::version));
    task::spawn_blocking(read).await.unwrap_or_else(|why| Err(why.into()))
}
