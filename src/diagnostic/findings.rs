//! How the problems of a file are collected.

use std::{borrow::Cow, sync::Arc};

use super::{DiagnosticRule, Place, Problem, Quoted, excerpt::Excerpts};

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
    pub(crate) fn report(
        &mut self,
        rule: R,
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
        problem.excerpt = problem.place.and_then(|place| excerpts.at(place));
    }
}
