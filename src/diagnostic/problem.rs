//! What is wrong, where, and how to fix it; and how the problems of a file are collected.

use std::{borrow::Cow, error, fmt, slice, sync::Arc, vec};

use super::excerpt::{Excerpt, Excerpts, Place, Quoted, Spot};

/// A rule that a file can break.
pub trait DiagnosticRule: Copy + fmt::Display {
    /// Whether the file can be used in spite of it.
    fn is_warning(&self) -> bool;
}

/// All that is wrong, in the order of the files and of their lines. At least one.
///
/// `Display` writes one problem a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems<R>(Vec<Problem<R>>);

/// One thing that is wrong in a file, or in another place, such as a variable.
///
/// `Display` writes `file:line:column: what. Remedy.`, which editors and terminals turn into a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem<R> {
    pub(super) file: Arc<str>,
    pub(super) place: Place,
    pub(super) rule: R,
    pub(super) message: String,
    pub(super) remedy: Cow<'static, str>,
    pub(super) excerpt: Option<Excerpt>,
}

impl<R> Problems<R> {
    /// `None` of none.
    #[cfg(feature = "server")]
    pub(crate) fn some(problems: Vec<Problem<R>>) -> Option<Self> {
        (!problems.is_empty()).then_some(Self(problems))
    }

    /// At least one problem, which the caller has made sure of.
    pub(crate) fn new(problems: Vec<Problem<R>>) -> Self {
        debug_assert!(!problems.is_empty());
        Self(problems)
    }

    /// These, and more.
    #[cfg(feature = "server")]
    pub(crate) fn and(mut self, more: Vec<Problem<R>>) -> Self {
        self.0.extend(more);
        self
    }

    /// The problems in order.
    pub fn iter(&self) -> slice::Iter<'_, Problem<R>> {
        self.0.iter()
    }
}

impl<R: DiagnosticRule> Problem<R> {
    /// One of a place that is not in a file, or of a file as a whole, if there is no place in it. `message` and `remedy` are sentences
    /// without their full stops.
    #[cfg(feature = "server")]
    pub(crate) fn new(
        file: Arc<str>,
        place: Place,
        rule: R,
        message: String,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { file, place, rule, message, remedy: remedy.into(), excerpt: None }
    }

    /// The file, as it was named.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1; `None` if the problem is with the file as a whole.
    pub fn line(&self) -> Option<u32> {
        self.place.known().map(|place| place.line)
    }

    /// The column in characters, from 1; `None` where there is no line.
    pub fn column(&self) -> Option<u32> {
        self.place.known().map(|place| place.column)
    }

    /// The rule that is broken.
    pub fn rule(&self) -> R {
        self.rule
    }

    /// Whether the file can be used in spite of this.
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
    /// loader has read it, and how to fix it.
    pub fn shown(&self) -> impl fmt::Display {
        Shown(self, Paint::default())
    }

    /// The same, of another rule.
    #[cfg(feature = "server")]
    pub(crate) fn with_rule<S>(self, rule: S) -> Problem<S> {
        let Self { file, place, message, remedy, excerpt, .. } = self;
        Problem { file, place, rule, message, remedy, excerpt }
    }

    #[cfg(feature = "server")]
    pub(crate) fn has_excerpt(&self) -> bool {
        self.excerpt.is_some()
    }
}

impl<R: DiagnosticRule> fmt::Display for Problems<R> {
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

impl<R: DiagnosticRule + fmt::Debug> error::Error for Problems<R> {}

impl<'a, R> IntoIterator for &'a Problems<R> {
    type Item = &'a Problem<R>;
    type IntoIter = slice::Iter<'a, Problem<R>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<R> IntoIterator for Problems<R> {
    type Item = Problem<R>;
    type IntoIter = vec::IntoIter<Problem<R>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<R: DiagnosticRule> fmt::Display for Problem<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}. {}.", Spot(&self.file, self.place), self.message, self.remedy)
    }
}

/// What turns colours on and off again: before and after a place, and before and after a severity.
#[derive(Clone, Copy, Default)]
pub(crate) struct Paint<'a> {
    pub(crate) place: [&'a str; 2],
    pub(crate) severity: [&'a str; 2],
}

/// A problem as compilers show it: where, what, the line with a mark below it, and how to fix it.
pub(crate) struct Shown<'a, R>(pub(crate) &'a Problem<R>, pub(crate) Paint<'a>);

impl<R: DiagnosticRule> fmt::Display for Shown<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(problem, Paint { place: [place, end], severity: [severity, normal] }) = self;
        write!(f, "{place}{}:{end} ", Spot(&problem.file, problem.place))?;
        let word = if problem.is_warning() { "warning" } else { "error" };
        writeln!(f, "{severity}{word}[{}]{normal}: {}.", problem.rule, problem.message)?;
        if let Some(Excerpt { line, before }) = &problem.excerpt {
            let number = problem.place.line.to_string();
            let gutter = " ".repeat(number.len());
            let line = if line.is_empty() { String::new() } else { format!(" {line}") };
            writeln!(f, "{gutter} |\n{number} |{line}\n{gutter} | {}{severity}^{normal}", " ".repeat(*before))?;
        }
        write!(f, "  = {}.", problem.remedy)
    }
}

/// What a file is written in, which its remedies are written in too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    Yaml,
    Proto,
}

/// Collects the problems of one file.
pub(crate) struct Findings<R> {
    file: Arc<str>,
    notation: Notation,
    /// What is being read, for problems that have no place.
    subject: Option<String>,
    /// The file, to show lines of.
    text: Option<String>,
    problems: Vec<Problem<R>>,
}

impl<R: DiagnosticRule> Findings<R> {
    pub(crate) fn new(file: &str, notation: Notation) -> Self {
        Self { file: file.into(), notation, subject: None, text: None, problems: Vec::new() }
    }

    pub(crate) fn notation(&self) -> Notation {
        self.notation
    }

    /// Gives the file, so that problems show their lines.
    pub(crate) fn set_text(&mut self, text: String) {
        self.text = Some(text);
    }

    /// The file, if it was given.
    pub(crate) fn take_text(&mut self) -> Option<String> {
        self.text.take()
    }

    /// Names what is read from here on.
    pub(crate) fn set_subject(&mut self, subject: Option<&str>) {
        self.subject = subject.map(str::to_owned);
    }

    #[cfg(feature = "yaml")]
    pub(crate) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether anything but warnings was found.
    pub(crate) fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| !problem.is_warning())
    }

    pub(crate) fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// `message` and `remedy` are sentences without their full stops.
    pub(crate) fn report(&mut self, rule: R, place: Place, message: String, remedy: impl Into<Cow<'static, str>>) {
        let message = match &self.subject {
            Some(subject) if place == Place::NOWHERE => format!("In {}: {message}", Quoted(subject)),
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
    pub(crate) fn retain(&mut self, keep: impl FnMut(&Problem<R>) -> bool) {
        self.problems.retain(keep);
    }

    /// What was found, in the order of the lines.
    pub(crate) fn finish(mut self) -> Vec<Problem<R>> {
        self.problems.sort_by_key(|problem| problem.place);
        if let Some(text) = &self.text {
            show_lines(&mut self.problems, text);
        }
        self.problems
    }
}

/// Gives problems their lines of this text. They are in the order of their places.
pub(crate) fn show_lines<'p, R: 'p>(problems: impl IntoIterator<Item = &'p mut Problem<R>>, text: &str) {
    let mut excerpts = Excerpts::new(text);
    for problem in problems {
        problem.excerpt = excerpts.at(problem.place);
    }
}
