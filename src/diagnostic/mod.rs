//! What is wrong in the files that people write, shown as compilers do: where, what, and how to fix it. Catalogs and settings share
//! it, each with [rules](DiagnosticRule) of its own.

#[cfg(feature = "catalog-files")]
mod excerpt;
#[cfg(feature = "catalog-files")]
mod problem;
mod suggestion;

#[cfg(feature = "catalog-files")]
pub use problem::{DiagnosticRule, Problem, Problems};

#[cfg(feature = "catalog-files")]
pub(crate) use excerpt::{Place, Quoted, Spot};
#[cfg(feature = "server")]
pub(crate) use problem::show_lines;
#[cfg(feature = "catalog-files")]
pub(crate) use problem::{Findings, Notation};
#[cfg(feature = "cli")]
pub(crate) use problem::{Paint, Shown};
pub(crate) use suggestion::nearest;
