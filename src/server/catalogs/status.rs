//! What following has come to.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

/// How the catalog of a server stands: what the metrics say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CatalogStatus {
    /// How many catalogs have been put to use since the start; the first is 1.
    pub generation: u64,
    /// What the catalog in use [is called](crate::Catalog::version).
    pub version: String,
    /// How many kinds it has.
    pub kinds: usize,
    /// Whether the files had no problems when they were last read.
    pub last_reload_successful: bool,
    /// When they last were.
    pub last_success: Option<SystemTime>,
    /// How often they were read and fine; the start counts.
    pub successes: u64,
    /// How often they were read and were not.
    pub failures: u64,
    /// Whether the catalog in use is the one of the state directory, since the files had problems at the start.
    pub is_restored: bool,
}

/// Looks at the [`CatalogStatus`] of a follower from elsewhere. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CatalogWatch(Arc<Mutex<CatalogStatus>>);

impl CatalogWatch {
    pub(super) fn new(status: CatalogStatus) -> Self {
        Self(Arc::new(Mutex::new(status)))
    }

    /// The status as of now.
    pub fn status(&self) -> CatalogStatus {
        self.lock().clone()
    }

    pub(super) fn update(&self, change: impl FnOnce(&mut CatalogStatus)) {
        change(&mut self.lock());
    }

    fn lock(&self) -> MutexGuard<'_, CatalogStatus> {
        // A change is a few assignments, and nothing in between can panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
