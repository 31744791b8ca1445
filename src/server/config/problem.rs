//! What is wrong with a configuration, where, and how to fix it.

use std::{borrow::Cow, error, fmt, slice};

/// All that is wrong. At least one.
///
/// `Display` writes one problem a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

/// One thing that is wrong.
///
/// `Display` writes `where: what. Remedy.`; where is `file:line:column`, a variable or a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    text: String,
    order: Order,
}

/// Where a problem comes among the others: source, line and column.
pub(super) type Order = (u8, u32, u32);

/// Behind those of single settings: what all of them mean together.
const LAST: Order = (u8::MAX, 0, 0);

/// A value that its setting does not take.
#[derive(Debug)]
pub(super) struct Invalid {
    /// A sentence without its full stop.
    pub(super) message: String,
    /// The same.
    pub(super) remedy: Cow<'static, str>,
}

impl Problems {
    /// `None` of none.
    pub(super) fn some(mut problems: Vec<Problem>) -> Option<Self> {
        problems.sort_by_key(|problem| problem.order);
        (!problems.is_empty()).then_some(Self(problems))
    }

    /// The problems: those of the file first, in the order of its lines.
    pub fn iter(&self) -> slice::Iter<'_, Problem> {
        self.0.iter()
    }
}

impl Problem {
    pub(super) fn new(place: impl fmt::Display, message: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self { text: format!("{place}: {message}. {remedy}."), order: LAST }
    }

    /// Puts it where its source is.
    pub(super) fn ordered(self, order: Order) -> Self {
        Self { order, ..self }
    }

    /// One that is a sentence of its own already.
    pub(super) fn whole(text: impl fmt::Display) -> Self {
        Self { text: text.to_string(), order: LAST }
    }
}

impl Invalid {
    pub(super) fn new(message: String, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self { message, remedy: remedy.into() }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let line = if index > 0 { "\n" } else { "" };
            write!(f, "{line}{problem}")?;
        }
        Ok(())
    }
}

impl error::Error for Problems {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What somebody wrote, as a message shows it.
pub(super) fn quoted(text: &str) -> impl fmt::Display {
    crate::catalog::Quoted(text)
}
