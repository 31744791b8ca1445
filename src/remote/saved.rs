//! A catalog on disk: the last good one, for when nothing better can be had.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use prost::Message;

use super::decode;
use crate::{Catalog, pb};

/// What is read at most, before and after decompression: more than any catalog that a server takes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// A file that holds one version of a catalog: a `WatchCatalogResponse` with all kinds, gzipped, so that a damaged file is
/// told by its checksum.
#[derive(Clone, Debug)]
pub(crate) struct SavedCatalog {
    path: PathBuf,
}

impl SavedCatalog {
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The catalog of the file; `None` if there is no file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is damaged.
    pub(crate) fn read(&self) -> io::Result<Option<Catalog>> {
        let file = match File::open(&self.path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        if !file.metadata()?.is_file() {
            return Err(damaged("it is no file"));
        }
        let mut bytes = Vec::new();
        GzDecoder::new(file.take(MAX_BYTES)).take(MAX_BYTES).read_to_end(&mut bytes)?;
        let version = pb::WatchCatalogResponse::decode(&*bytes).map_err(damaged)?;
        decode::catalog(version).map(Some).map_err(damaged)
    }

    /// Replaces the file, whole or not at all: whoever reads it, also after a crash, finds the old catalog or the new one.
    ///
    /// # Errors
    ///
    /// If it cannot be written. Then the old file is still there.
    pub(crate) fn write(&self, version: &pb::WatchCatalogResponse) -> io::Result<()> {
        if let Some(folder) = self.folder() {
            fs::create_dir_all(folder)?;
        }
        let new = self.temporary();
        let written = Self::write_new(&new, version).and_then(|()| fs::rename(&new, &self.path));
        if written.is_err() {
            // The first failure is the one to tell of.
            let _ = fs::remove_file(&new);
        }
        written.and_then(|()| self.sync_folder())
    }

    fn write_new(path: &Path, version: &pb::WatchCatalogResponse) -> io::Result<()> {
        let mut file = GzEncoder::new(File::create(path)?, Compression::fast());
        file.write_all(&version.encode_to_vec())?;
        file.finish()?.sync_all()
    }

    /// Beside the file, since a file is renamed within one file system only; and of this writer alone.
    fn temporary(&self) -> PathBuf {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{}-{}.new", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
        name.into()
    }

    fn folder(&self) -> Option<&Path> {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty())
    }

    /// The new name is in the folder, and stays there only once the folder is on disk too.
    #[cfg(unix)]
    fn sync_folder(&self) -> io::Result<()> {
        File::open(self.folder().unwrap_or(Path::new(".")))?.sync_all()
    }

    #[cfg(not(unix))]
    fn sync_folder(&self) -> io::Result<()> {
        Ok(())
    }
}

fn damaged(why: impl fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the file is damaged: {why}"))
}
