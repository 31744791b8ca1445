//! Support for build scripts: kinds of your own as Rust.
//!
//! Kinds come from annotated enums in `.proto` files or descriptor sets, or from YAML; see [`catalog`](crate::catalog). In
//! `Cargo.toml`, errwire is a dependency, without features if you like, and a build dependency with the feature `build`:
//!
//! ```toml
//! [dependencies]
//! errwire = { version = "0.1", default-features = false }
//!
//! [build-dependencies]
//! errwire = { version = "0.1", default-features = false, features = ["build"] }
//! ```
//!
//! `build.rs`, which is compiled and not run here, since it belongs to a build:
//!
//! ```no_run
//! fn main() -> Result<(), errwire::build::BuildError> {
//!     errwire::build::Builder::new().with_catalog("proto/tasks/v1/errors.proto").compile("errors")
//! }
//! ```
//!
//! `src/lib.rs`:
//!
//! ```text
//! pub mod errors {
//!     errwire::include_errors!("errors");
//! }
//! ```
//!
//! For a kind `task_not_found` with the message `Task {task_id} does not exist.`, the module then has
//!
//! | item | is |
//! |---|---|
//! | `errors::TASK_NOT_FOUND` | the [`Kind`](crate::Kind), with its whole entry |
//! | `errors::task_not_found(task_id)` | a function that makes the [`Error`](crate::Error); each placeholder of the message is an argument, any `Display`, and travels as metadata |
//! | `errors::Kind` | an enum for an exhaustive `match`: `Kind::TaskNotFound`, and `Kind::Other` for all that the catalog does not have ([`with_builtin_kinds`](Builder::with_builtin_kinds): but for the built-in ones); `Kind::from(&error)` |
//! | `errors::catalog()` | the [`Catalog`](crate::Catalog), for a [`Translator`](crate::Translator) and the layers |
//!
//! All have documentation. What is generated needs nothing but errwire without features, causes no warnings, and is the same
//! for the same files.
//!
//! The annotations are in [`include_dir`], for whatever compiles the services next to the errors.

use std::{
    env, error, fmt, fs, io,
    path::{Path, PathBuf},
};

use crate::catalog::{Form, Loader, Problems, generate};

/// Turns catalogs into Rust. See the [module docs](self).
#[derive(Clone, Debug, Default)]
pub struct Builder {
    loader: Loader,
    /// What a change of means that the script has to run again.
    watched: Vec<PathBuf>,
    catalogs: Vec<PathBuf>,
    out_dir: Option<PathBuf>,
    has_builtin: bool,
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

    /// Gives the enum a variant for each built-in kind too, so that a `match` covers `Kind::RateLimited` and its like by name.
    /// `Kind::Other` is left for kinds of other services.
    #[must_use]
    pub fn with_builtin_kinds(mut self) -> Self {
        self.has_builtin = true;
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
            return Err(Inner::NoCatalog.into());
        }
        let folder = self.out_dir.or_else(|| env::var_os("OUT_DIR").map(PathBuf::from));
        let folder = folder.ok_or(Inner::NoOutDir)?;
        for path in self.catalogs.iter().chain(&self.watched) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        let (catalog, warnings) = self.loader.load_with_warnings(&self.catalogs).map_err(Inner::Catalog)?;
        for warning in warnings {
            println!("cargo::warning={warning}");
        }
        let form = if self.has_builtin { Form::RustWithBuiltin } else { Form::Rust };
        let text: String = generate(&catalog, form).into_iter().map(|file| file.text).collect();
        write(&folder.join(format!("{name}.rs")), &text)
    }
}

fn write(path: &Path, text: &str) -> Result<(), BuildError> {
    let folders = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = folders.and_then(|()| fs::write(path, text));
    written.map_err(|why| Inner::Write(path.display().to_string(), why).into())
}

/// Why a build script could not generate Rust.
///
/// `Debug` writes the same as `Display`, since that is what cargo shows of a build script that returns an error: every problem
/// with its file, line and column, the line itself, and how to fix it, as `errwire check` shows them.
pub struct BuildError(Box<Inner>);

enum Inner {
    NoCatalog,
    NoOutDir,
    Catalog(Problems),
    Write(String, io::Error),
}

impl From<Inner> for BuildError {
    fn from(why: Inner) -> Self {
        Self(Box::new(why))
    }
}

impl BuildError {
    /// What is wrong in the files, if that is why.
    pub fn problems(&self) -> Option<&Problems> {
        match &*self.0 {
            Inner::Catalog(problems) => Some(problems),
            _ => None,
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Inner::NoCatalog => f.write_str("no catalog was given: name a file with `with_catalog`"),
            Inner::NoOutDir => {
                f.write_str("there is no OUT_DIR: call this in a build script, or name a folder with `with_out_dir`")
            }
            Inner::Catalog(problems) => {
                f.write_str("the catalog cannot be used\n")?;
                problems.iter().try_for_each(|problem| write!(f, "\n{}\n", problem.shown()))
            }
            Inner::Write(file, _) => write!(f, "cannot write {file}"),
        }
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Inner::Write(_, why) => write!(f, "{self}: {why}"),
            _ => write!(f, "{self}"),
        }
    }
}

impl error::Error for BuildError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &*self.0 {
            Inner::Write(_, why) => Some(why),
            _ => None,
        }
    }
}

/// The folder that has `errwire/v1/annotations.proto`, and the `google/rpc/code.proto` that it imports, for compilers of
/// `.proto` files: an include path of `protoc`, buf, protox or `tonic-prost-build`. [`Builder`] needs none.
///
/// It is where cargo has put the sources of errwire, so it is good for a build script and not for a program that is shipped.
///
/// ```
/// assert!(errwire::build::include_dir().join("errwire/v1/annotations.proto").is_file());
/// ```
pub fn include_dir() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/proto"))
}
