//! The files of a catalog: whether they have changed, and what they say.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::poll_state::{Fingerprint, PollState};
use crate::{
    catalog::{Catalog, Loader, Problem, Problems},
    remote::SavedCatalog,
    service::whole_catalog,
    translate::Translator,
};

/// The files of a catalog, and how to follow them while a server runs.
///
/// The paths are polled, so that any change is seen: a write in place, a rename, or, as Kubernetes does with a ConfigMap, a
/// symbolic link that is swapped. A bad file never replaces a good catalog.
///
/// ```
/// use errwire::{Policy, Translator, catalog::Loader, server::{App, CatalogFiles, serve}};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let follower = CatalogFiles::new(Loader::new(), ["examples/catalogs/tasks.yaml"]).open(Policy::default())?;
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// let app = App::new(follower.translator().clone());
/// let following = tokio::spawn(follower.run());
/// serve(listener, app, async { /* wait for a signal */ }).await?;
/// following.abort();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct CatalogFiles {
    loader: Loader,
    paths: Vec<PathBuf>,
    pub(super) interval: Option<Duration>,
    pub(super) saved: Option<SavedCatalog>,
}

/// The catalog of the files with warnings, or their problems.
pub(super) type Reading = Result<(Catalog, Vec<Problem>), Problems>;

/// The outcome of a poll.
pub(super) enum PollOutcome {
    /// The files are unchanged, or still changing.
    Nothing,
    /// One of them is a pipe or a device. Reading it again could steal data from another reader, or block.
    Special,
    Read(Reading),
}

impl CatalogFiles {
    /// These files, read by this loader, which also limits their size. They are checked every five seconds. The imports of
    /// `.proto` files are not checked; they are read again with the files.
    pub fn new(loader: Loader, paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        let paths = paths.into_iter().map(Into::into).collect();
        Self { loader, paths, interval: Some(Duration::from_secs(5)), saved: None }
    }

    /// How often to check the files, at least 10 ms. With `None`, only [`Reload`](crate::server::Reload) reads them again.
    #[must_use]
    pub fn with_interval(mut self, interval: Option<Duration>) -> Self {
        self.interval = interval.map(|interval| interval.max(Duration::from_millis(10)));
        self
    }

    /// Keeps the last good catalog in this folder, and starts with it if the files are bad. The folder is made if it is
    /// missing. Servers that serve different catalogs need different folders.
    #[must_use]
    pub fn with_state_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.saved = Some(SavedCatalog::new(folder.as_ref().join("last-good.catalog")));
        self
    }

    /// Checks the files, and reads them if they have changed and are stable.
    pub(super) fn poll(&self, state: &mut PollState) -> PollOutcome {
        let now = self.fingerprints(state.last());
        let is_special = now.iter().any(Fingerprint::is_special);
        if !state.poll(now) {
            return PollOutcome::Nothing;
        }
        if is_special {
            state.finish_read(state.last().to_vec());
            return PollOutcome::Special;
        }
        let reading = self.read();
        if state.finish_read(self.fingerprints(state.last())) {
            PollOutcome::Read(reading)
        } else {
            PollOutcome::Nothing
        }
    }

    pub(super) fn fingerprints(&self, before: &[Fingerprint]) -> Vec<Fingerprint> {
        let one = |(at, path): (usize, &PathBuf)| Fingerprint::at(path, before.get(at), self.loader.max_bytes());
        self.paths.iter().enumerate().map(one).collect()
    }

    pub(super) fn read(&self) -> Reading {
        let reading = self.loader.load_with_warnings(&self.paths);
        // The version is computed here, and not on the threads that serve.
        reading.inspect(|(catalog, _)| _ = catalog.version())
    }

    /// Keeps a catalog in the state directory, if there is one.
    pub(super) fn keep(&self, translator: &Translator, catalog: &Catalog) -> io::Result<()> {
        match &self.saved {
            Some(saved) => saved.write(&[whole_catalog(translator, catalog)]),
            None => Ok(()),
        }
    }
}
