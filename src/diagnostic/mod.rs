//! What is wrong in the files that people write, shown as compilers do: where, what, and how to fix it. Catalogs and settings share
//! it, each with [rules](DiagnosticRule) of its own.

mod excerpt;
mod problem;
mod suggestion;

pub use problem::{DiagnosticRule, Problem, Problems};

pub(crate) use excerpt::{Place, Quoted, Spot};
#[cfg(feature = "server")]
pub(crate) use problem::show_lines;
pub(crate) use problem::{Findings, Notation};
#[cfg(feature = "cli")]
pub(crate) use problem::{Paint, Shown};
pub(crate) use suggestion::nearest;
