//! Waiting for the next catalog.

use std::{
    future,
    task::{Context, Poll},
};

use super::{Translator, shared_catalog::Seen};
use crate::catalog::Catalog;

/// The catalog of a [`Translator`] as it is now, and then each one that takes its place. Made by [`Translator::changes`].
///
/// A slow reader skips to the newest one. Needs no runtime.
#[derive(Debug)]
pub struct CatalogChanges {
    translator: Translator,
    seen: Seen,
}

impl Translator {
    /// The catalog as it is now, and then each one that is [swapped](Self::swap) in.
    ///
    /// ```
    /// use errwire::{Catalog, Translator};
    ///
    /// # #[tokio::main]
    /// # async fn main() {
    /// let translator = Translator::default();
    /// let mut changes = translator.changes();
    /// assert_eq!(changes.next().await.version(), Catalog::builtin().version());
    ///
    /// translator.swap(Catalog::builtin());
    /// changes.next().await;
    /// # }
    /// ```
    pub fn changes(&self) -> CatalogChanges {
        CatalogChanges { translator: self.clone(), seen: Seen::default() }
    }
}

impl CatalogChanges {
    /// The catalog as it is now at first, then the next one once it is there. Nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> Catalog {
        future::poll_fn(|cx| self.poll_next(cx)).await
    }

    /// As [`next`](Self::next), for callers that poll. The last waker counts.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Catalog> {
        self.translator.live().poll_change(&mut self.seen, cx)
    }
}

impl Drop for CatalogChanges {
    fn drop(&mut self) {
        self.translator.live().forget(&self.seen);
    }
}
