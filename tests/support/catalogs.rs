//! Catalogs in numbered versions, of which no two have anything in common, and folders to put them in.

use std::{
    fs,
    path::{Path, PathBuf},
    process,
    time::Duration,
};

use errwire::{Catalog, Code, HttpStatus, KindEntry, MessageTemplate};

/// How long a test waits before it says that something hangs.
pub const HANG: Duration = Duration::from_secs(60);

/// In version `number`, the kind `job_lost` has a status and a message of this version.
pub fn yaml(number: u32) -> String {
    let (status, message) = said(number);
    format!("domain: jobs.example\nkinds:\n  job_lost: {{ status: {status}, code: ABORTED, message: {message:?} }}\n")
}

/// The status and the message in version `number`. The status repeats after 97 versions.
pub fn said(number: u32) -> (u16, String) {
    (400 + (number % 97) as u16, format!("Version {number}. Look again."))
}

/// Version `number` with so many kinds besides.
pub fn large(number: u32, kinds: usize) -> Catalog {
    let entry = |kind: String| {
        let (status, message) = said(number);
        let status = HttpStatus::try_from(status).unwrap();
        KindEntry::new(kind, "jobs.example".into(), status, Code::Aborted, MessageTemplate::from(message))
    };
    Catalog::with_entries((0..kinds).map(|kind| entry(format!("kind_{kind}"))).chain([entry("job_lost".into())]))
}

pub fn version(number: u32) -> Catalog {
    large(number, 0)
}

/// What a catalog says of `job_lost`.
pub fn says(catalog: &Catalog) -> Option<(u16, String)> {
    let kind = catalog.get("job_lost")?;
    kind.entry().map(|entry| (entry.status.as_u16(), entry.message.to_string()))
}

/// A folder that only this test has, gone with it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn arg(&self, name: &str) -> String {
        self.path(name).into_os_string().into_string().unwrap()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    /// As editors do it.
    pub fn rename_over(&self, name: &str, text: impl AsRef<[u8]>) {
        let new = format!("{name}.new");
        self.write(&new, text);
        fs::rename(self.path(&new), self.path(name)).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
