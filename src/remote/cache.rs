//! Keeps the newest version on disk, and not each of a server that changes its mind all the time.

use std::time::Duration;

use bytes::Bytes;
use tokio::{sync::watch, task, time};

use super::saved::SavedCatalog;

/// How long after one version is written the next one is, at the soonest.
const EVERY: Duration = Duration::from_secs(5);

/// One version, to be written.
#[derive(Clone, Debug)]
pub(super) struct ToSave {
    pub(super) version: String,
    pub(super) parts: Vec<Bytes>,
}

/// Writes what comes, the newest only. `saved` is the version that the file has already. Ends when nothing comes any more.
pub(super) async fn save(cache: SavedCatalog, mut saved: Option<String>, mut newest: watch::Receiver<Option<ToSave>>) {
    while newest.changed().await.is_ok() {
        let Some(ToSave { version, parts }) = newest.borrow_and_update().clone() else { continue };
        if saved.as_ref() == Some(&version) {
            continue;
        }
        let file = cache.clone();
        let written = task::spawn_blocking(move || file.write(&parts)).await;
        match written.unwrap_or_else(|why| Err(why.into())) {
            Ok(()) => saved = Some(version),
            Err(why) => tracing::warn!(error = %why, "the catalog cannot be kept on disk"),
        }
        time::sleep(EVERY).await;
    }
}
