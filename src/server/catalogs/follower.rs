//! Following the files of a catalog, from one read to the next.

use std::{
    convert::Infallible,
    future, mem,
    pin::pin,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio::{sync::watch, task, time};

use super::{
    CatalogFiles, CatalogStatus, CatalogWatch,
    files::{PollOutcome, Reading},
    poll_state::PollState,
    status,
};
use crate::{
    catalog::{Catalog, Problem, Problems, and_unreadable},
    remote::Limits,
    server::Reload,
    translate::{Policy, Translator},
};

/// The delay of the second check after a change, if the interval is longer.
const SETTLE: Duration = Duration::from_secs(1);

/// Follows the files of a catalog. Made by [`CatalogFiles::open`].
#[derive(Clone, Debug)]
pub struct CatalogFollower {
    files: Arc<CatalogFiles>,
    translator: Translator,
    state: PollState,
    /// The problems of the files at the start, if the saved catalog is served instead.
    refused: Option<Problems>,
    warnings: Vec<Problem>,
    /// Whether the catalog in use is saved in the state directory.
    is_kept: bool,
    watch: CatalogWatch,
    reload: Reload,
    requests: watch::Receiver<()>,
}

impl CatalogFiles {
    /// Reads the files. The translator of the follower has their catalog, or the saved one if they have problems.
    /// Nothing is written yet.
    ///
    /// # Errors
    ///
    /// All problems of all files, if there is no saved catalog either. Reads files; in a runtime, use `spawn_blocking`.
    pub fn open(self, policy: Policy) -> Result<CatalogFollower, Problems> {
        let fingerprints = self.fingerprints(&[]);
        let (catalog, refused, warnings) = match self.read() {
            Ok((catalog, warnings)) => (catalog, None, warnings),
            Err(problems) => match self.saved.as_ref().map(|saved| (saved.read(Limits::OWN), saved.path())) {
                Some((Ok(Some(catalog)), _)) => (catalog, Some(problems), Vec::new()),
                // Both explain why the server does not start.
                Some((Err(why), path)) => return Err(and_unreadable(problems, path, &why)),
                Some((Ok(None), _)) | None => return Err(problems),
            },
        };
        let is_restored = refused.is_some();
        let watch = CatalogWatch::new(CatalogStatus {
            generation: 1,
            version: catalog.version().to_owned(),
            kinds: catalog.len(),
            last_reload_successful: !is_restored,
            last_success: (!is_restored).then(SystemTime::now),
            successes: u64::from(!is_restored),
            failures: u64::from(is_restored),
            is_restored,
        });
        let reload = Reload::new();
        Ok(CatalogFollower {
            files: Arc::new(self),
            translator: Translator::with_policy(catalog, policy),
            state: PollState::new(fingerprints),
            refused,
            warnings,
            is_kept: is_restored,
            watch,
            requests: reload.requests(),
            reload,
        })
    }
}

impl CatalogFollower {
    /// The translator whose catalog follows the files. Clones follow too.
    pub fn translator(&self) -> &Translator {
        &self.translator
    }

    /// The status, for metrics.
    pub fn watch(&self) -> CatalogWatch {
        self.watch.clone()
    }

    /// Requests a reload, as SIGHUP does.
    pub fn reload(&self) -> Reload {
        self.reload.clone()
    }

    /// Follows until it is dropped. Needs a tokio runtime; what reads and writes files runs on its threads for blocking
    /// work.
    pub async fn run(self) -> Infallible {
        self.run_until(future::pending()).await;
        future::pending().await
    }

    /// Follows until `stop` is ready, and saves the catalog in use.
    pub(in crate::server) async fn run_until(mut self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let catalog = self.translator.catalog();
        match self.refused.take() {
            Some(problems) => status::restored(&problems, &catalog),
            None => {
                status::used(&mem::take(&mut self.warnings), &catalog, None);
                self.keep(catalog).await;
            }
        }
        loop {
            tokio::select! {
                () = &mut stop => return,
                // There are requests as long as this has `reload`.
                _ = self.requests.changed() => self.state.ask(),
                () = pause(self.files.interval, self.state.is_unsettled()) => {}
            }
            self.poll().await;
        }
    }

    async fn poll(&mut self) {
        let (files, mut state) = (self.files.clone(), self.state.clone());
        let polled = task::spawn_blocking(move || {
            let outcome = files.poll(&mut state);
            (state, outcome)
        });
        match polled.await {
            Ok((state, outcome)) => {
                self.state = state;
                match outcome {
                    PollOutcome::Nothing => {}
                    PollOutcome::Special => {
                        status::special(&self.translator.catalog());
                        self.failed();
                    }
                    PollOutcome::Read(reading) => self.take(reading).await,
                }
            }
            // The runtime shuts down, or reading panicked, which would be a bug: the current catalog stays in use.
            Err(why) => tracing::error!(error = %why, "the catalog files were not read"),
        }
    }

    async fn take(&mut self, reading: Reading) {
        let in_use = self.translator.catalog();
        let (catalog, warnings) = match reading {
            Ok(read) => read,
            Err(problems) => {
                status::refused(&problems, &in_use);
                return self.failed();
            }
        };
        let is_new = catalog.version() != in_use.version();
        if is_new {
            self.translator.swap(catalog.clone());
        }
        self.watch.update(|status| {
            status.generation = status.generation.saturating_add(is_new.into());
            catalog.version().clone_into(&mut status.version);
            status.kinds = catalog.len();
            status.last_reload_successful = true;
            status.last_success = Some(SystemTime::now());
            status.successes = status.successes.saturating_add(1);
            status.is_restored = false;
        });
        if is_new {
            status::used(&warnings, &catalog, Some(self.watch.status().generation));
        } else {
            status::unchanged(&catalog);
        }
        if is_new || !self.is_kept {
            self.keep(catalog).await;
        }
    }

    fn failed(&self) {
        self.watch.update(|status| {
            status.last_reload_successful = false;
            status.failures = status.failures.saturating_add(1);
        });
    }

    async fn keep(&mut self, catalog: Catalog) {
        let (files, translator) = (self.files.clone(), self.translator.clone());
        let kept = task::spawn_blocking(move || files.keep(&translator, &catalog)).await;
        let kept = kept.unwrap_or_else(|why| Err(why.into()));
        self.is_kept = kept.is_ok();
        if let Err(why) = kept {
            status::not_kept(&why);
        }
    }
}

async fn pause(interval: Option<Duration>, is_unsettled: bool) {
    match interval {
        _ if is_unsettled => time::sleep(interval.unwrap_or(SETTLE).min(SETTLE)).await,
        Some(interval) => time::sleep(interval).await,
        None => future::pending().await,
    }
}
