//! What is wrong in catalog files.

// docs/rules.md: R-CATALOG-7

#[cfg(feature = "server")]
use std::{io, path::Path};

use super::Rule;
use crate::diagnostic;

/// All that is wrong in the files of a catalog, in the order of the files and of their lines. At least one.
pub type Problems = diagnostic::Problems<Rule>;

/// One thing that is wrong in a catalog file.
pub type Problem = diagnostic::Problem<Rule>;

/// Collects the problems of one file.
pub(super) type Findings = diagnostic::Findings<Rule>;

impl diagnostic::DiagnosticRule for Rule {
    fn is_warning(&self) -> bool {
        Self::is_warning(*self)
    }
}

/// These, and a file that cannot be read.
#[cfg(feature = "server")]
pub(crate) fn and_unreadable(problems: Problems, file: &Path, why: &io::Error) -> Problems {
    let mut findings = Findings::new(&file.to_string_lossy(), diagnostic::Notation::Yaml);
    findings.report(Rule::UnreadableFile, None, why.to_string(), "Remove it; the server writes it anew");
    problems.and(findings.finish())
}
