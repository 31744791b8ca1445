//! What a build script says.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::BuildError;
use crate::catalog::{Form, Loader, generate};

/// Turns catalogs into Rust. See the [module docs](super).
#[derive(Clone, Debug, Default)]
pub struct Builder {
    loader: Loader,
    /// What a change of means that the script has to run again.
    watched: Vec<PathBuf>,
    catalogs: Vec<PathBuf>,
    out_dir: Option<PathBuf>,
}

impl Builder {
    /// Without catalogs, which [`with_catalog`](Self::with_catalog) adds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file: YAML, `.proto`, or a descriptor set (`.binpb`), as [`Loader`] tells them apart. Several become one
    /// catalog, and may have different domains. A path begins at the folder of the package's `Cargo.toml`.
    #[must_use]
    pub fn with_catalog(mut self, path: impl Into<PathBuf>) -> Self {
        self.catalogs.push(path.into());
        self
    }

    /// Looks for what `.proto` files import in this folder too. See [`Loader`] for where it looks anyway.
    #[must_use]
    pub fn with_include(mut self, folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        self.loader = self.loader.with_include(&folder);
        self.watched.push(folder);
        self
    }

    /// Writes to this folder and not to cargo's `OUT_DIR`. [`include_errors!`](crate::include_errors) looks in `OUT_DIR`;
    /// `include!` and `mod` find other places.
    #[must_use]
    pub fn with_out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Writes the file `NAME.rs`. Tells cargo what to watch, and prints warnings as cargo's.
    ///
    /// ```
    /// use errwire::build::Builder;
    ///
    /// let folder = std::env::temp_dir();
    /// Builder::new().with_catalog("examples/catalogs/tasks.yaml").with_out_dir(&folder).compile("tasks_errors")?;
    /// let text = std::fs::read_to_string(folder.join("tasks_errors.rs"))?;
    /// assert!(text.contains("pub fn task_not_found(task_id: impl ::std::fmt::Display) -> ::errwire::Error {"));
    /// # std::fs::remove_file(folder.join("tasks_errors.rs"))?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// All problems of all catalogs at once; or that there is none, no folder to write to, or that the file cannot be written.
    pub fn compile(self, name: &str) -> Result<(), BuildError> {
        if self.catalogs.is_empty() {
            return Err(BuildError::no_catalog());
        }
        let folder = self.out_dir.or_else(|| env::var_os("OUT_DIR").map(PathBuf::from));
        let folder = folder.ok_or_else(BuildError::no_out_dir)?;
        for path in self.catalogs.iter().chain(&self.watched) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        let (catalog, warnings) = self.loader.load_with_warnings(&self.catalogs).map_err(BuildError::catalog)?;
        for warning in warnings {
            println!("cargo::warning={warning}");
        }
        let text: String = generate(&catalog, Form::Rust).into_iter().map(|file| file.text).collect();
        write(&folder.join(format!("{name}.rs")), &text)
    }
}

fn write(path: &Path, text: &str) -> Result<(), BuildError> {
    let folders = path.parent().map_or(Ok(()), fs::create_dir_all);
    folders.and_then(|()| fs::write(path, text)).map_err(|why| BuildError::write(path.display().to_string(), why))
}
