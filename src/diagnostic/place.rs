//! Where something stands in a file.

use std::fmt;

/// Line and column in characters, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Place {
    /// In a file that does not say where its parts are.
    pub(crate) const NOWHERE: Self = Self { line: 0, column: 0 };

    /// The place, if there is one.
    pub(crate) fn known(self) -> Option<Self> {
        Some(self).filter(|place| *place != Self::NOWHERE)
    }
}

/// `file:line:column`, as much of it as is known.
pub(crate) struct Spot<'a>(pub(crate) &'a str, pub(crate) Place);

impl fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        match self.1.known() {
            Some(Place { line, column }) => write!(f, ":{line}:{column}"),
            None => Ok(()),
        }
    }
}
