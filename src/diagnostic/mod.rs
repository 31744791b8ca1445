//! What is wrong in the files that people write, shown as compilers do: where, what, and how to fix it. Catalogs and settings share
//! it, each with [rules](DiagnosticRule) of its own.

mod excerpt;
mod findings;
mod place;
mod problem;
mod quoted;
mod suggestion;

pub use problem::{DiagnosticRule, Problem, Problems};

#[cfg(feature = "server")]
pub(crate) use findings::show_lines;
pub(crate) use findings::{Findings, Notation};
pub(crate) use place::{Place, Spot};
#[cfg(feature = "cli")]
pub(crate) use problem::{Paint, Shown};
pub(crate) use quoted::Quoted;
pub(crate) use suggestion::nearest;
