//! From the first attempt to the last.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use tokio::{sync::watch, task, time};
use tonic::{Status, transport::Endpoint};

use super::{CatalogSource, RemoteStatus, backoff::Backoff, decode, gather::Gather, saved::SavedCatalog};
use crate::{
    Catalog, Translator,
    pb::{self, catalog_service_client::CatalogServiceClient},
};

/// How long a server may take to begin, and from one part of a version to the next. Between versions there is no limit.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Follow {
    pub(super) endpoint: Endpoint,
    pub(super) translator: Translator,
    pub(super) cache: Option<SavedCatalog>,
    /// The version that is in the cache.
    pub(super) saved: Option<String>,
    pub(super) backoff: Backoff,
    pub(super) max_bytes: usize,
    pub(super) status: watch::Sender<RemoteStatus>,
}

/// Why an attempt ended.
enum Ended {
    Transport(tonic::transport::Error),
    Refused(Box<Status>),
    Bad(decode::BadCatalog),
    Silent,
    /// As a server ends it that stops.
    Cleanly,
}

impl Follow {
    /// Follows for ever.
    pub(super) async fn run(mut self) {
        loop {
            let ended = self.attempt().await;
            let wait = self.backoff.wait();
            let why = ended.to_string();
            let (was_following, is_news) = {
                let status = self.status.borrow();
                (status.is_following, status.last_failure.as_deref() != Some(&why))
            };
            if was_following {
                // As servers do that stop, or that let no connection become too old.
                tracing::info!(error = %why, "the server is no longer followed: connecting again");
            } else if is_news {
                // Once for each reason, and not for each attempt of a night.
                tracing::warn!(error = %why, "the catalog cannot be followed: trying again");
            } else {
                tracing::debug!(error = %why, "the catalog cannot be followed: trying again");
            }
            self.status.send_modify(|status| {
                status.is_following = false;
                status.failures = status.failures.saturating_add(1);
                status.last_failure = Some(why);
            });
            time::sleep(wait).await;
        }
    }

    /// Follows as long as one connection holds.
    async fn attempt(&mut self) -> Ended {
        match self.follow().await {
            Ok(never) => match never {},
            Err(ended) => ended,
        }
    }

    async fn follow(&mut self) -> Result<std::convert::Infallible, Ended> {
        let begin = async {
            let channel = self.endpoint.connect().await.map_err(Ended::Transport)?;
            let mut client = CatalogServiceClient::new(channel).max_decoding_message_size(self.max_bytes);
            let answers = client.watch_catalog(pb::WatchCatalogRequest {}).await;
            answers.map_err(|status| Ended::Refused(Box::new(status)))
        };
        let mut answers = patiently(begin).await??.into_inner();
        let mut gather = Gather::new(self.max_bytes);
        let mut is_first = true;
        loop {
            let answer = if is_first || gather.has_begun() {
                patiently(answers.message()).await?
            } else {
                answers.message().await
            };
            let part = answer.map_err(|status| Ended::Refused(Box::new(status)))?.ok_or(Ended::Cleanly)?;
            if let Some(version) = gather.take(part).map_err(Ended::Bad)? {
                self.take(version).await?;
                is_first = false;
            }
        }
    }

    /// Puts a version to use.
    async fn take(&mut self, version: pb::WatchCatalogResponse) -> Result<(), Ended> {
        let kept = self.cache.is_some().then(|| version.clone());
        // A large one takes some milliseconds, which others on this thread should not wait for.
        let catalog = task::spawn_blocking(|| decode::catalog(version).inspect(|catalog| _ = catalog.version())).await;
        let catalog = catalog.unwrap_or_else(|_| Err(decode::BadCatalog::unread())).map_err(Ended::Bad)?;
        let name = catalog.version().to_owned();
        self.swap(catalog);
        self.backoff.reset();
        self.status.send_modify(|status| {
            *status = RemoteStatus {
                source: CatalogSource::Server,
                version: name.clone(),
                is_following: true,
                updated: Some(SystemTime::now()),
                ..RemoteStatus::new()
            }
        });
        if let Some(kept) = kept.filter(|_| self.saved.as_ref() != Some(&name)) {
            self.keep(kept, name).await;
        }
        Ok(())
    }

    fn swap(&self, catalog: Catalog) {
        // The same one again, after a server came back, is no news for those who wait for changes.
        if self.translator.catalog().version() != catalog.version() {
            tracing::info!(version = catalog.version(), kinds = catalog.len(), "the server sent a catalog");
            self.translator.swap(catalog);
        }
    }

    async fn keep(&mut self, version: pb::WatchCatalogResponse, name: String) {
        let Some(cache) = self.cache.clone() else { return };
        match task::spawn_blocking(move || cache.write(&version)).await {
            Ok(Ok(())) => self.saved = Some(name),
            Ok(Err(why)) => tracing::warn!(error = %why, "the catalog cannot be kept on disk"),
            Err(why) => tracing::warn!(error = %why, "the catalog cannot be kept on disk"),
        }
    }
}

async fn patiently<T>(waiting: impl Future<Output = T>) -> Result<T, Ended> {
    time::timeout(PATIENCE, waiting).await.map_err(|_| Ended::Silent)
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(why) => {
                write!(f, "cannot connect: {why}")?;
                let mut source = std::error::Error::source(why);
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
            Self::Refused(status) => write!(f, "{:?}: {}", status.code(), status.message()),
            Self::Bad(why) => write!(f, "the server sent what is no catalog: {why}"),
            Self::Silent => write!(f, "the server sent nothing for {} seconds", PATIENCE.as_secs()),
            Self::Cleanly => f.write_str("the server ended the stream"),
        }
    }
}
