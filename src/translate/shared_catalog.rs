//! A catalog that can be replaced while others read it.

use std::{
    collections::BTreeMap,
    fmt, mem,
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    task::{Context, Poll, Waker},
};

use arc_swap::{ArcSwap, Guard};

use crate::catalog::Catalog;

/// The catalog of a translator. As long as it is the first one, looking at it costs one atomic load.
pub(super) struct Live {
    first: Catalog,
    later: OnceLock<ArcSwap<Catalog>>,
    /// The waiters for the next one. Mere readers never come here.
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// How often the catalog was replaced.
    swaps: u64,
    /// What the next watcher is called.
    next: u64,
    wakers: BTreeMap<u64, Waker>,
}

/// The catalog as it was when it was asked for.
pub(super) enum Current<'a> {
    First(&'a Catalog),
    Later(Guard<Arc<Catalog>>),
}

/// How far a watcher has come.
#[derive(Debug, Default)]
pub(super) struct Seen {
    swaps: Option<u64>,
    id: Option<u64>,
}

impl Live {
    pub(super) fn new(first: Catalog) -> Self {
        Self { first, later: OnceLock::new(), waiting: Mutex::default() }
    }

    #[inline]
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
        let catalog = Arc::new(catalog);
        let (before, wakers) = {
            let mut waiting = self.waiting();
            waiting.swaps += 1;
            (later.swap(catalog), mem::take(&mut waiting.wakers))
        };
        wakers.into_values().for_each(Waker::wake);
        Arc::unwrap_or_clone(before)
    }

    /// The catalog, if it is another one than this watcher has seen.
    pub(super) fn poll_change(&self, seen: &mut Seen, cx: &Context<'_>) -> Poll<Catalog> {
        let mut waiting = self.waiting();
        let id = *seen.id.get_or_insert_with(|| {
            waiting.next += 1;
            waiting.next
        });
        if seen.swaps == Some(waiting.swaps) {
            waiting.wakers.insert(id, cx.waker().clone());
            return Poll::Pending;
        }
        seen.swaps = Some(waiting.swaps);
        waiting.wakers.remove(&id);
        Poll::Ready(self.current().clone())
    }

    /// Lets a watcher go.
    pub(super) fn forget(&self, seen: &Seen) {
        if let Some(id) = seen.id {
            self.waiting().wakers.remove(&id);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing in here can be half done.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deref for Current<'_> {
    type Target = Catalog;

    #[inline]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::Translator;

    fn poll(live: &Live, seen: &mut Seen) -> Poll<usize> {
        live.poll_change(seen, &Context::from_waker(Waker::noop())).map(|catalog| catalog.len())
    }

    #[test]
    fn each_watcher_sees_the_newest_once() {
        let live = Live::new(Catalog::builtin());
        let (mut early, mut late) = (Seen::default(), Seen::default());
        let len = Catalog::builtin().len();
        assert_eq!(poll(&live, &mut early), Poll::Ready(len));
        assert_eq!(poll(&live, &mut early), Poll::Pending);
        live.swap(Catalog::builtin());
        live.swap(Catalog::with_entries([]));
        for seen in [&mut early, &mut late] {
            assert_eq!(poll(&live, seen), Poll::Ready(len));
            assert_eq!(poll(&live, seen), Poll::Pending);
        }
    }

    #[test]
    fn a_dropped_waiter_leaves_nothing_behind() {
        let translator = Translator::default();
        let mut cx = Context::from_waker(Waker::noop());
        let watchers: Vec<_> = (0..100)
            .map(|_| {
                let mut changes = translator.changes();
                assert!(changes.poll_next(&mut cx).is_ready() && changes.poll_next(&mut cx).is_pending());
                assert!(changes.poll_next(&mut cx).is_pending(), "one waker each");
                changes
            })
            .collect();
        assert_eq!(translator.live().waiting().wakers.len(), 100);
        drop(watchers);
        assert!(translator.live().waiting().wakers.is_empty());
    }
}
