//! A check of files, from start to end.

use std::path::Path;

use super::{allow, lint};
use crate::catalog::{Loader, Problem, declare, draft::DraftFile, merge::join, problem::Findings};

/// What a check of catalog files found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// All problems of all files, in the order of the files and of their lines. Of those that are warnings, none that a
    /// comment in the file allows.
    pub problems: Vec<Problem>,
    /// How many kinds the files define that can be used.
    pub kinds: usize,
    /// How many methods the files have, declared or not.
    pub methods: usize,
}

impl Checked {
    /// Whether the catalog loads.
    pub fn loads(&self) -> bool {
        self.problems.iter().all(Problem::is_warning)
    }
}

impl Loader {
    /// Finds all that is wrong with these files, what is merely unwise included.
    ///
    /// A comment that names a rule and says why allows what the rule warns of: in the rest of its own line, or in the next
    /// line, or in the whole kind if one begins there.
    ///
    /// ```yaml
    /// kinds:
    ///   # errwire: allow(message-guidance) The caller can do nothing.
    ///   teapot: { status: 418, code: INTERNAL, message: "I am a teapot." }
    /// ```
    ///
    /// In a `.proto` file such a comment begins with `//`.
    pub fn check(&self, paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Checked {
        let mut files: Vec<_> = paths.into_iter().flat_map(|path| self.read(path.as_ref())).collect();
        lint::all(&mut files);
        declare::lint(&mut files);
        let starts: Vec<Vec<u32>> = files.iter().map(|(file, _)| starts(file)).collect();
        let (catalog, findings) = join(files);
        let problems = findings.into_iter().zip(starts);
        let problems = problems.flat_map(|(findings, starts)| allowed(findings, &starts)).collect();
        let methods = catalog.methods().filter(|method| method.name() != method.service()).count();
        Checked { problems, kinds: catalog.own().len(), methods }
    }
}

fn allowed(mut findings: Findings, starts: &[u32]) -> Vec<Problem> {
    // A descriptor set holds no text, and so no comments.
    let text = findings.take_text().unwrap_or_default();
    let mut allows = allow::read(&text, &mut findings);
    findings.retain(|problem| !problem.rule().is_lint() || !allow::covers(&mut allows, problem, starts));
    // An entry that is wrong is not looked at any further, so a comment there may well be needed.
    if !findings.has_errors() {
        allow::unused(&allows, &mut findings);
    }
    findings.set_text(text);
    findings.finish()
}

/// The lines where kinds and methods begin.
fn starts(file: &DraftFile) -> Vec<u32> {
    let kinds = file.kinds.iter().map(|draft| draft.place.line);
    let mut starts: Vec<u32> = kinds.chain(file.methods.iter().map(|draft| draft.place.line)).collect();
    starts.sort_unstable();
    starts
}
