//! A catalog that can be replaced while others read it.

use std::{
    fmt,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use arc_swap::{ArcSwap, Guard};

use crate::Catalog;

/// The catalog of a translator. As long as it is the first one, looking at it costs one atomic load.
pub(super) struct Live {
    first: Catalog,
    later: OnceLock<ArcSwap<Catalog>>,
}

/// The catalog as it was when it was asked for.
pub(super) enum Current<'a> {
    First(&'a Catalog),
    Later(Guard<Arc<Catalog>>),
}

impl Live {
    pub(super) fn new(first: Catalog) -> Self {
        Self { first, later: OnceLock::new() }
    }

    pub(super) fn current(&self) -> Current<'_> {
        match self.later.get() {
            None => Current::First(&self.first),
            Some(later) => Current::Later(later.load()),
        }
    }

    /// Replaces it and gives the one before.
    pub(super) fn swap(&self, catalog: Catalog) -> Catalog {
        // The first one moves over, so that of two swaps at once neither gets lost.
        let later = self.later.get_or_init(|| ArcSwap::from_pointee(self.first.clone()));
        Arc::unwrap_or_clone(later.swap(Arc::new(catalog)))
    }
}

impl Deref for Current<'_> {
    type Target = Catalog;

    fn deref(&self) -> &Catalog {
        match self {
            Self::First(catalog) => catalog,
            Self::Later(catalog) => catalog,
        }
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Live").field(&*self.current()).finish()
    }
}
