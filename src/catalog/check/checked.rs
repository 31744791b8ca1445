//! A check of files, from start to end.

use std::path::Path;

use super::{allow, lint};
use crate::catalog::{
    Loader, Problem,
    join::{DraftFile, join},
    problem::Findings,
};

/// What a check of catalog files found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// All problems of all files, in the order of the files and of their lines. Of those that are warnings, none that a
    /// comment in the file allows.
    pub problems: Vec<Problem>,
    /// How many kinds the files define that can be used.
    pub kinds: usize,
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
        let (mut files, mut texts) = (Vec::new(), Vec::new());
        for path in paths {
            let path = path.as_ref();
            let read = self.read(path);
            // A set holds no text; what could not be read is reported.
            let bytes = if read.len() == 1 { self.bytes(path).unwrap_or_default() } else { Vec::new() };
            let text = String::from_utf8(bytes).unwrap_or_default();
            texts.resize(files.len(), String::new());
            files.extend(read);
            texts.push(text);
        }
        texts.resize(files.len(), String::new());
        lint::all(&mut files);
        let starts: Vec<Vec<u32>> = files.iter().map(|(file, _)| starts(file)).collect();
        let (catalog, findings) = join(files);
        let problems = findings.into_iter().zip(texts).zip(starts);
        let problems = problems.flat_map(|((findings, text), starts)| allowed(findings, &text, &starts)).collect();
        Checked { problems, kinds: catalog.own().len() }
    }
}

fn allowed(mut findings: Findings, text: &str, starts: &[u32]) -> Vec<Problem> {
    let mut unused = Findings::new(&findings.file().clone(), findings.notation());
    let mut allows = allow::read(text, &mut findings);
    let mut problems = findings.finish();
    problems.retain(|problem| !problem.rule().is_lint() || !allow::covers(&mut allows, problem, starts));
    allow::unused(&allows, &mut unused);
    problems.extend(unused.finish());
    problems.sort_by_key(|problem| (problem.line(), problem.column()));
    problems
}

/// The lines where kinds begin.
fn starts(file: &DraftFile) -> Vec<u32> {
    let mut starts: Vec<u32> = file.kinds.iter().map(|draft| draft.place.line).collect();
    starts.sort_unstable();
    starts
}
