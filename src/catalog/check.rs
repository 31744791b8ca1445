//! Checks of catalogs beyond those of loading, and the comments that allow a warning: `# errwire: allow(rule) reason`.

mod lint;

use std::{collections::HashSet, path::Path};

use super::{
    Loader, Problem, Rule,
    join::{DraftFile, join},
    method::is_implied,
    rule::Findings,
};
use crate::diagnostic::{Place, Quoted, nearest};

/// What a check of catalog files found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// All problems of all files, in the order of the files and of their lines, without warnings that a comment in the file allows.
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
    /// Finds all problems of these files, warnings included.
    ///
    /// A comment that names a rule, with a reason, allows its warning: in its own line, in the next line, or in the whole kind if one
    /// begins there.
    ///
    /// ```yaml
    /// kinds:
    ///   # errwire: allow(message-guidance) The caller can do nothing.
    ///   teapot: { status: 418, code: INTERNAL, message: "I am a teapot." }
    /// ```
    ///
    /// In a `.proto` file such a comment begins with `//`.
    pub fn check(&self, paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Checked {
        let read = paths.into_iter().flat_map(|path| self.read(path.as_ref()));
        let (files, mut findings): (Vec<DraftFile>, Vec<Findings>) = read.unzip();
        lint::all(&files, &mut findings);
        lint_methods(&files, &mut findings);
        let starts: Vec<Vec<u32>> = files.iter().map(starts).collect();
        let catalog = join(files, &mut findings);
        let problems = findings.into_iter().zip(starts);
        let problems = problems.flat_map(|(findings, starts)| allowed(findings, &starts)).collect();
        let methods = catalog.methods().filter(|method| method.name() != method.service()).count();
        Checked { problems, kinds: catalog.own().len(), methods }
    }
}

fn allowed(mut findings: Findings, starts: &[u32]) -> Vec<Problem> {
    // A descriptor set holds no text, and so no comments.
    let text = findings.take_text().unwrap_or_default();
    let mut allows = read(&text, &mut findings);
    findings.retain(|problem| !problem.rule().is_lint() || !covers(&mut allows, problem, starts));
    // An entry with an error is not checked further, so a comment there may be needed.
    if !findings.has_errors() {
        unused(&allows, &mut findings);
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

const MARK: &str = "errwire: allow(";

/// One comment.
struct Allow {
    rule: Rule,
    place: Place,
    /// The line that it is about.
    line: u32,
    used: bool,
}

/// Reads the comments of a file, and reports those that cannot be understood.
fn read(text: &str, findings: &mut Findings) -> Vec<Allow> {
    let mut allows: Vec<Allow> = Vec::new();
    // Comments on lines of their own are about the next line that is more than a comment.
    let mut waiting: Vec<Allow> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let content = line.trim_start();
        let is_comment = content.starts_with('#') || content.starts_with("//");
        let allow = comment(line, number, findings);
        if is_comment {
            waiting.extend(allow);
        } else if !content.is_empty() {
            allows.extend(waiting.drain(..).map(|allow| Allow { line: number, ..allow }));
            allows.extend(allow);
        }
    }
    allows.append(&mut waiting);
    allows
}

fn comment(line: &str, number: u32, findings: &mut Findings) -> Option<Allow> {
    let at = line.find(MARK)?;
    let before = line.get(..at)?.trim_end();
    if !before.ends_with('#') && !before.ends_with("//") {
        return None;
    }
    let (name, reason) = line.get(at + MARK.len()..)?.split_once(')').unwrap_or_default();
    let column = u32::try_from(before.chars().count()).unwrap_or(u32::MAX);
    let place = Place { line: number, column: column.saturating_sub(u32::from(before.ends_with("//"))).max(1) };
    let lints = || Rule::ALL.iter().copied().filter(|rule| rule.is_lint());
    let Some(rule) = lints().find(|rule| rule.name() == name.trim()) else {
        let remedy = match nearest(name.trim(), lints().map(Rule::name)) {
            Some(near) => format!("Write `{near}`"),
            None => "Name a rule that can be allowed, such as message-sentence".to_owned(),
        };
        findings.report(
            Rule::UnknownAllow,
            place,
            format!("No rule that can be allowed is named {}", Quoted(name)),
            remedy,
        );
        return None;
    };
    if reason.trim().is_empty() {
        let message = format!("The comment does not say why {} is allowed here", Quoted(rule.name()));
        findings.report(Rule::AllowWithoutReason, place, message, "Write the reason after the bracket");
        return None;
    }
    Some(Allow { rule, place, line: number, used: false })
}

/// Whether a comment allows the problem. `starts` are the lines where kinds begin.
fn covers(allows: &mut [Allow], problem: &Problem, starts: &[u32]) -> bool {
    let Some(line) = problem.line() else { return false };
    let kind = starts.partition_point(|start| *start <= line).checked_sub(1).and_then(|index| starts.get(index));
    let covering = allows
        .iter_mut()
        .find(|allow| allow.rule == problem.rule() && (allow.line == line || Some(&allow.line) == kind));
    covering.map(|allow| allow.used = true).is_some()
}

/// Reports the comments that allow nothing.
fn unused(allows: &[Allow], findings: &mut Findings) {
    for allow in allows.iter().filter(|allow| !allow.used) {
        let message = format!("Nothing here breaks {}", Quoted(allow.rule.name()));
        findings.report(Rule::UnusedAllow, allow.place, message, "Remove the comment");
    }
}

/// Warns of methods that declare nothing, in files where others do, and of kinds that no method returns.
fn lint_methods(files: &[DraftFile], findings: &mut [Findings]) {
    let all = || files.iter().flat_map(|file| &file.methods);
    let declared: HashSet<&str> = all().filter(|draft| draft.kinds.is_some()).map(|draft| &*draft.name).collect();
    if declared.is_empty() {
        return;
    }
    let returned: HashSet<&str> =
        all().flat_map(|draft| draft.kinds.iter().flatten()).map(|(kind, _)| kind.as_str()).collect();
    for (file, findings) in files.iter().zip(findings) {
        for draft in &file.methods {
            let is_declared = declared.contains(&*draft.name) || draft.service().is_some_and(|s| declared.contains(s));
            if !is_declared {
                let message = format!("`{}` does not declare its errors", draft.name);
                findings.report(Rule::UndeclaredMethod, draft.place, message, REMEDY);
            }
        }
        for draft in &file.kinds {
            let is_leaving = draft.entry.as_ref().is_some_and(|entry| entry.deprecated.is_some());
            if !is_leaving && !returned.contains(&*draft.name) && !is_implied(&draft.name) {
                let message = format!("No method declares `{}`", draft.name);
                let remedy = "Declare it where it is returned, or remove it";
                findings.report(Rule::UnusedKind, draft.place, message, remedy);
            }
        }
    }
}

const REMEDY: &str = "Add `option (errwire.v1.errors) = {kinds: [\"task_not_found\"]};`, or an empty one";
