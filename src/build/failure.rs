//! Why nothing was generated.

use std::{error, fmt, io};

use crate::catalog::Problems;

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

impl BuildError {
    pub(super) fn no_catalog() -> Self {
        Self(Box::new(Inner::NoCatalog))
    }

    pub(super) fn no_out_dir() -> Self {
        Self(Box::new(Inner::NoOutDir))
    }

    pub(super) fn catalog(problems: Problems) -> Self {
        Self(Box::new(Inner::Catalog(problems)))
    }

    pub(super) fn write(file: String, why: io::Error) -> Self {
        Self(Box::new(Inner::Write(file, why)))
    }

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
