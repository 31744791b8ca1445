//! Following a server: one attempt after another, and how long to wait in between.

use std::{
    convert::Infallible,
    error, fmt,
    future::poll_fn,
    hash::{BuildHasher, RandomState},
    pin::Pin,
    task::Poll,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use tokio::{sync::watch, task, time};
use tonic::{Status, transport::Endpoint};

use super::{
    Limits, decode,
    gather::{Gather, watch_catalog},
    saved::ToSave,
};
use crate::{catalog::Catalog, layer::catch_panic, model::Error, translate::Translator};

/// How long a server may take to begin, and from one part of a version to the next. Between versions there is no limit.
const PART_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest reason of a failure that is logged and kept, in characters. A server chooses most of it.
const LONGEST_REASON: usize = 1_000;

/// The status of a follower. The default is that of one that has not begun.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteStatus {
    /// Where the catalog of the translator comes from.
    pub source: CatalogSource,
    /// The [version](crate::Catalog::version) of that catalog; empty if it is the one that the translator was given.
    pub version: String,
    /// Whether a server that has sent a catalog is connected.
    pub is_following: bool,
    /// When the last version arrived from a server.
    pub updated: Option<SystemTime>,
    /// How many attempts failed, or broke off, since the last version arrived.
    pub failures: u64,
    /// The reason of the last failure.
    pub last_failure: Option<String>,
}

/// Where a followed catalog comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CatalogSource {
    /// The translator was given it.
    #[default]
    Given,
    /// The cache file.
    Cache,
    /// A server.
    Server,
}

pub(super) struct Follow {
    pub(super) endpoint: Endpoint,
    pub(super) translator: Translator,
    pub(super) backoff: Backoff,
    pub(super) limits: Limits,
    pub(super) status: watch::Sender<RemoteStatus>,
    /// Takes each version that is put to use, if it is to be kept on disk.
    pub(super) to_save: Option<watch::Sender<Option<ToSave>>>,
}

/// Why an attempt ended.
enum Ended {
    Transport(tonic::transport::Error),
    Refused(Box<Status>),
    Bad(decode::BadCatalog),
    Silent,
    /// The server ended the stream, as at a shutdown.
    Cleanly,
    Panicked(Error),
}

impl Follow {
    /// Follows until it is dropped. Any end of an attempt, a panic included, is counted and followed by another attempt.
    pub(super) async fn run(mut self) -> Infallible {
        loop {
            let ended = match catching(self.follow()).await {
                Ok(Err(ended)) => ended,
                Err(panic) => Ended::Panicked(panic),
            };
            let why: String = ended.to_string().chars().take(LONGEST_REASON).collect();
            let wait = self.backoff.wait();
            // The log, or a waiter for the status, may panic too.
            let _ = catch_panic(|| self.failed(why));
            time::sleep(wait).await;
        }
    }

    /// Counts an attempt that ended, and logs it.
    fn failed(&self, why: String) {
        let (mut was_following, mut is_news) = (false, false);
        self.status.send_modify(|status| {
            was_following = status.is_following;
            is_news = status.last_failure.as_ref() != Some(&why);
            status.is_following = false;
            status.failures = status.failures.saturating_add(1);
            status.last_failure = Some(why.clone());
        });
        if was_following {
            // As at a server that stops, or that limits the age of connections.
            tracing::info!(error = why, "the server is no longer followed: connecting again");
        } else if is_news {
            // Once for each reason, not for each attempt.
            tracing::warn!(error = why, "the catalog cannot be followed: trying again");
        } else {
            tracing::debug!(error = why, "the catalog cannot be followed: trying again");
        }
    }

    /// Follows as long as one connection holds.
    async fn follow(&mut self) -> Result<Infallible, Ended> {
        let begin = async {
            let channel = self.endpoint.connect().await.map_err(Ended::Transport)?;
            watch_catalog(channel, self.limits.bytes).await.map_err(refused)
        };
        let mut responses = in_time(begin).await??;
        let mut gather = Gather::new(self.limits);
        let mut is_first = true;
        loop {
            let response = if is_first || gather.has_begun() {
                in_time(responses.message()).await?
            } else {
                responses.message().await
            };
            let part = response.map_err(refused)?.ok_or(Ended::Cleanly)?;
            if let Some(version) = gather.take(part).map_err(Ended::Bad)? {
                self.take(version).await?;
                is_first = false;
            }
        }
    }

    /// Puts a version to use.
    async fn take(&mut self, parts: Vec<Bytes>) -> Result<(), Ended> {
        let (limits, encoded) = (self.limits, parts.clone());
        // A large one takes some milliseconds, which others on this thread should not wait for.
        let read = move || decode::catalog(&encoded, limits).inspect(|catalog| _ = catalog.version());
        let catalog = task::spawn_blocking(read).await;
        let catalog = catalog.unwrap_or_else(|_| Err(decode::BadCatalog::unread())).map_err(Ended::Bad)?;
        let version = catalog.version().to_owned();
        self.swap(catalog);
        self.backoff.reset();
        self.status.send_modify(|status| {
            *status = RemoteStatus {
                source: CatalogSource::Server,
                version: version.clone(),
                is_following: true,
                updated: Some(SystemTime::now()),
                ..RemoteStatus::default()
            }
        });
        if let Some(to_save) = &self.to_save {
            to_save.send_replace(Some(ToSave { version, parts }));
        }
        Ok(())
    }

    fn swap(&self, catalog: Catalog) {
        // The same version again, after a reconnect, is not a change.
        if self.translator.catalog().version() != catalog.version() {
            tracing::info!(version = catalog.version(), kinds = catalog.len(), "the server sent a catalog");
            self.translator.swap(catalog);
        }
    }
}

async fn in_time<T>(waiting: impl Future<Output = T>) -> Result<T, Ended> {
    time::timeout(PART_TIMEOUT, waiting).await.map_err(|_| Ended::Silent)
}

fn refused(status: Status) -> Ended {
    Ended::Refused(Box::new(status))
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(why) => {
                write!(f, "cannot connect: {why}")?;
                with_sources(f, error::Error::source(why))
            }
            Self::Refused(status) => write!(f, "{:?}: {}", status.code(), status.message()),
            Self::Bad(why) => write!(f, "the server sent something that is not a catalog: {why}"),
            Self::Silent => write!(f, "the server sent nothing for {} seconds", PART_TIMEOUT.as_secs()),
            Self::Cleanly => f.write_str("the server ended the stream"),
            Self::Panicked(why) => {
                f.write_str("following it failed")?;
                with_sources(f, error::Error::source(why))
            }
        }
    }
}

fn with_sources(f: &mut fmt::Formatter<'_>, mut source: Option<&(dyn error::Error + 'static)>) -> fmt::Result {
    while let Some(cause) = source {
        write!(f, ": {cause}")?;
        source = cause.source();
    }
    Ok(())
}

/// What the future gives, or the panic that ended it.
pub(super) async fn catching<T>(future: impl Future<Output = T>) -> Result<T, Error> {
    let mut future = Box::pin(future);
    let ended = poll_fn(|cx| match catch_panic(|| Pin::as_mut(&mut future).poll(cx)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await;
    // What panicked once may panic again when it is dropped.
    let dropped = catch_panic(move || drop(future));
    ended.and_then(|value| dropped.map(|()| value))
}

/// Waits grow as in gRPC (<https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md>): by 1.6 each, and each
/// give or take a fifth, so that many followers of one server do not come back at once.
#[derive(Clone, Debug)]
pub(super) struct Backoff {
    first: Duration,
    most: Duration,
    next: Duration,
}

const FACTOR: f64 = 1.6;
const JITTER: f64 = 0.2;

impl Backoff {
    pub(super) fn new(first: Duration, most: Duration) -> Self {
        let first = first.min(most);
        Self { first, most, next: first }
    }

    /// After an attempt that went well.
    pub(super) fn reset(&mut self) {
        self.next = self.first;
    }

    pub(super) fn wait(&mut self) -> Duration {
        self.wait_by(random())
    }

    /// `random` is from 0 to 1.
    fn wait_by(&mut self, random: f64) -> Duration {
        let wait = self.next.mul_f64(1.0 - JITTER + 2.0 * JITTER * random);
        self.next = self.next.mul_f64(FACTOR).min(self.most);
        wait
    }
}

/// From 0 to 1. Every `RandomState` has other keys, which are random at the start of each thread.
fn random() -> f64 {
    RandomState::new().hash_one(()) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests;
