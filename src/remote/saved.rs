//! The last good catalog, saved on disk.

use std::{
    ffi::OsStr,
    fmt,
    fs::{self, File},
    hash::{BuildHasher, RandomState},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use bytes::Bytes;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use tokio::{sync::watch, task, time};

use super::{Limits, decode};
use crate::catalog::{Catalog, open_file};

/// A file that is written is renamed within moments. One that is older than this is left from a process that was killed.
const STALE: Duration = Duration::from_secs(10 * 60);

/// How the name of a file ends that is being written.
const NEW: &str = ".new";

/// A file that holds one version of a catalog: a `WatchCatalogResponse` with all kinds, gzipped, so that a
/// damaged file is detected by its checksum.
#[derive(Clone, Debug)]
pub(crate) struct SavedCatalog {
    path: PathBuf,
}

impl SavedCatalog {
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file.
    #[cfg(feature = "server")]
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The catalog of the file; `None` if there is no file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is damaged, or is over a limit.
    pub(crate) fn read(&self, limits: Limits) -> io::Result<Option<Catalog>> {
        let file = match open_file(&self.path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let most = u64::try_from(limits.bytes).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        // Neither the file nor what it unpacks to is read beyond the limit.
        GzDecoder::new(file.take(most)).take(most).read_to_end(&mut bytes).map_err(damaged)?;
        decode::catalog(&[bytes.into()], limits).map(Some).map_err(damaged)
    }

    /// Replaces the file atomically: a reader, also after a crash, finds the old catalog or the new one. The
    /// version comes as the encoded parts of a `WatchCatalogResponse`, which one after another are one message.
    ///
    /// # Errors
    ///
    /// If it cannot be written. Then the old file is still there.
    pub(crate) fn write(&self, parts: &[Bytes]) -> io::Result<()> {
        if let Some(folder) = self.folder() {
            fs::create_dir_all(folder)?;
        }
        self.remove_stale();
        let new = self.temporary();
        let written = Self::write_new(&new, parts).and_then(|()| fs::rename(&new, &self.path));
        if written.is_err() {
            // The first failure is the one to tell of.
            let _ = fs::remove_file(&new);
        }
        written.and_then(|()| self.sync_folder())
    }

    fn write_new(path: &Path, parts: &[Bytes]) -> io::Result<()> {
        let mut file = GzEncoder::new(File::create_new(path)?, Compression::fast());
        parts.iter().try_for_each(|part| file.write_all(part))?;
        file.finish()?.sync_all()
    }

    /// Next to the file, since a file is renamed within one file system only; and of this writer alone. Process ids are not: in
    /// containers that share a folder they are the same.
    fn temporary(&self) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{:016x}{NEW}", RandomState::new().hash_one(())));
        name.into()
    }

    /// Removes what writers left that were killed. It must not keep a catalog from being written.
    fn remove_stale(&self) {
        let (Some(name), Ok(entries)) = (self.path.file_name(), fs::read_dir(self.folder_or_here())) else { return };
        for entry in entries.flatten() {
            let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
            let age = modified.and_then(|modified| modified.elapsed().ok());
            if is_temporary(&entry.file_name(), name) && age.is_some_and(|age| age > STALE) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn folder(&self) -> Option<&Path> {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty())
    }

    fn folder_or_here(&self) -> &Path {
        self.folder().unwrap_or(Path::new("."))
    }

    /// The new name is in the folder, and stays there only once the folder is on disk too.
    #[cfg(unix)]
    fn sync_folder(&self) -> io::Result<()> {
        File::open(self.folder_or_here())?.sync_all()
    }

    #[cfg(not(unix))]
    fn sync_folder(&self) -> io::Result<()> {
        Ok(())
    }
}

fn is_temporary(name: &OsStr, of: &OsStr) -> bool {
    let rest = name.as_encoded_bytes().strip_prefix(of.as_encoded_bytes());
    let inner = rest.and_then(|rest| rest.strip_prefix(b".")?.strip_suffix(NEW.as_bytes()));
    inner.is_some_and(|inner| !inner.is_empty())
}

fn damaged(why: impl fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the file is damaged: {why}"))
}

/// The least time between two writes.
const EVERY: Duration = Duration::from_secs(5);

/// One version, to be written.
#[derive(Clone, Debug)]
pub(super) struct ToSave {
    pub(super) version: String,
    pub(super) parts: Vec<Bytes>,
}

/// Writes each newest version. `saved` is the version that the file has already. Ends when the sender is dropped.
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

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn only_what_is_left_over_is_removed() {
        let folder = std::env::temp_dir().join(format!("errwire-saved-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let names = ["a.catalog.1-0.new", "a.catalog.2-0.new", "a.catalog.new", "a.catalog", "b.catalog.1-0.new"];
        for name in names {
            let file = File::create(folder.join(name)).unwrap();
            let age = if name.contains("2-0") { 0 } else { 2 };
            file.set_modified(SystemTime::now() - age * STALE).unwrap();
        }
        SavedCatalog::new(folder.join("a.catalog")).write(&[]).unwrap();
        let mut left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["a.catalog", "a.catalog.2-0.new", "a.catalog.new", "b.catalog.1-0.new"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
