//! What is wrong in catalog files, where, and how to fix it.

// docs/rules.md: R-CATALOG-7

use std::{borrow::Cow, error, fmt, slice, sync::Arc, vec};
#[cfg(feature = "server")]
use std::{io, path::Path};

use super::{
    Rule,
    excerpt::{Excerpt, Excerpts, Paint, Shown},
};
use crate::model::is_unsafe_in_terminal;

/// All that is wrong in the files of a catalog, in the order of the files and of their lines. At least one.
///
/// `Display` writes one problem a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

/// One thing that is wrong in a catalog file.
///
/// `Display` writes `file:line:column: what. Remedy.`, which editors and terminals turn into a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    file: Arc<str>,
    place: Option<Place>,
    rule: Rule,
    message: String,
    remedy: Cow<'static, str>,
    excerpt: Option<Excerpt>,
}

impl Problems {
    /// `None` of none.
    #[cfg(feature = "cli")]
    pub(crate) fn some(problems: Vec<Problem>) -> Option<Self> {
        (!problems.is_empty()).then_some(Self(problems))
    }

    /// At least one problem, which the caller has made sure of.
    pub(super) fn new(problems: Vec<Problem>) -> Self {
        debug_assert!(!problems.is_empty());
        Self(problems)
    }

    /// These, and a file that cannot be read.
    #[cfg(feature = "server")]
    pub(crate) fn and_unreadable(mut self, file: &Path, why: &io::Error) -> Self {
        let mut findings = Findings::new(&file.to_string_lossy(), Notation::Yaml);
        findings.report(Rule::UnreadableFile, None, why.to_string(), "Remove it; the server writes it anew");
        self.0.append(&mut findings.finish());
        self
    }

    /// The problems in order.
    pub fn iter(&self) -> slice::Iter<'_, Problem> {
        self.0.iter()
    }
}

impl Problem {
    /// The file, as it was named to the loader.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1; `None` if the problem is with the file as a whole.
    pub fn line(&self) -> Option<u32> {
        self.place.map(|place| place.line)
    }

    /// The column in characters, from 1; `None` where there is no line.
    pub fn column(&self) -> Option<u32> {
        self.place.map(|place| place.column)
    }

    /// The rule that is broken.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Whether the catalog loads in spite of this.
    pub fn is_warning(&self) -> bool {
        self.rule.is_warning()
    }

    /// What is wrong: one sentence without its full stop.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to fix it: one sentence without its full stop.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }

    /// The problem as compilers show it, on several lines: where, what, the line of the file with a mark below it if a
    /// [`Loader`](super::Loader) has read it, and how to fix it.
    pub fn shown(&self) -> impl fmt::Display {
        Shown(self, Paint::default())
    }

    /// The line that it is in, where a loader has read one.
    pub(crate) fn excerpt(&self) -> Option<&Excerpt> {
        self.excerpt.as_ref()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl error::Error for Problems {}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file)?;
        if let Some(Place { line, column }) = self.place {
            write!(f, "{line}:{column}:")?;
        }
        write!(f, " {}. {}.", self.message, self.remedy)
    }
}

/// Where something stands in a file: line and column in characters, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) line: u32,
    pub(super) column: u32,
}

impl Place {
    /// In a descriptor set that does not say where its parts come from.
    pub(super) const NOWHERE: Self = Self { line: 0, column: 0 };

    /// The place, if there is one.
    pub(super) fn known(self) -> Option<Self> {
        Some(self).filter(|place| *place != Self::NOWHERE)
    }
}

/// What a file is written in, which its remedies are written in too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    Yaml,
    Proto,
}

/// Collects the problems of one file.
pub(super) struct Findings {
    file: Arc<str>,
    notation: Notation,
    /// What is being read, for problems that have no place.
    subject: Option<String>,
    /// The file, to show lines of.
    text: Option<String>,
    problems: Vec<Problem>,
}

impl Findings {
    pub(super) fn new(file: &str, notation: Notation) -> Self {
        Self { file: file.into(), notation, subject: None, text: None, problems: Vec::new() }
    }

    pub(super) fn notation(&self) -> Notation {
        self.notation
    }

    /// Gives the file, so that problems show their lines.
    pub(super) fn set_text(&mut self, text: String) {
        self.text = Some(text);
    }

    /// The file, if it was given.
    pub(super) fn take_text(&mut self) -> Option<String> {
        self.text.take()
    }

    /// Names what is read from here on.
    pub(super) fn set_subject(&mut self, subject: Option<&str>) {
        self.subject = subject.map(str::to_owned);
    }

    #[cfg(feature = "yaml")]
    pub(super) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether anything but warnings was found.
    pub(super) fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| !problem.is_warning())
    }

    pub(super) fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// `message` and `remedy` are sentences without their full stops.
    pub(super) fn report(
        &mut self,
        rule: Rule,
        place: impl Into<Option<Place>>,
        message: String,
        remedy: impl Into<Cow<'static, str>>,
    ) {
        let place = place.into().and_then(Place::known);
        let message = match &self.subject {
            Some(subject) if place.is_none() => format!("In {}: {message}", Quoted(subject)),
            _ => message,
        };
        self.problems.push(Problem {
            file: self.file.clone(),
            place,
            rule,
            message,
            remedy: remedy.into(),
            excerpt: None,
        });
    }

    /// Forgets the problems that `keep` is false for.
    pub(super) fn retain(&mut self, keep: impl FnMut(&Problem) -> bool) {
        self.problems.retain(keep);
    }

    /// What was found, in the order of the lines.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| problem.place);
        if let Some(text) = &self.text {
            let mut excerpts = Excerpts::new(text);
            for problem in &mut self.problems {
                problem.excerpt = problem.place.and_then(|place| excerpts.at(place));
            }
        }
        self.problems
    }
}

/// `file:line:column`, as much of it as is known.
pub(super) struct Spot<'a>(pub(super) &'a str, pub(super) Place);

impl fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        match self.1.known() {
            Some(Place { line, column }) => write!(f, ":{line}:{column}"),
            None => Ok(()),
        }
    }
}

/// What a file says, as a message shows it: in backticks, on one line, and not endless.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 80;

        f.write_str("`")?;
        for c in self.0.chars().take(LONGEST) {
            if is_unsafe_in_terminal(c) { write!(f, "{}", c.escape_default())? } else { write!(f, "{c}")? }
        }
        f.write_str(if self.0.chars().nth(LONGEST).is_some() { "…`" } else { "`" })
    }
}
