//! Where a problem stands, the line that it is in, and quoted user text, as messages show them.

use std::fmt::{self, Write as _};

use crate::model::is_unsafe_in_terminal;

/// In backticks, on one line, and not endless; what a terminal would act on is escaped.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 80;

        f.write_str("`")?;
        for c in self.0.chars().take(LONGEST) {
            if is_unsafe_in_terminal(c) { write!(f, "{}", c.escape_default())? } else { f.write_char(c)? }
        }
        f.write_str(if self.0.chars().nth(LONGEST).is_some() { "…`" } else { "`" })
    }
}

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

/// As much of a line as fits around a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// Tabs and control characters are blanks, so that the mark stands below what it means.
    pub(super) line: String,
    /// How many characters stand before the mark.
    pub(super) before: usize,
}

/// Takes excerpts out of a text, one place after the other, in time that grows with the text and the places and not with
/// their product.
pub(super) struct Excerpts<'t> {
    /// The text from the line of the last place on.
    rest: &'t str,
    line: u32,
    /// The column of the last window, from 0, and the offset in the line where it begins.
    window: (usize, usize),
}

impl<'t> Excerpts<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1, window: (0, 0) }
    }

    /// The excerpt at a place. Places come in order.
    pub(super) fn at(&mut self, place: Place) -> Option<Excerpt> {
        const BEFORE: usize = 60;
        const WIDTH: usize = 100;

        while self.line < place.line {
            self.rest = self.rest.get(self.rest.find('\n')? + 1..)?;
            self.line += 1;
            self.window = (0, 0);
        }
        let column = usize::try_from(place.column).ok()?.checked_sub(1)?;
        let skipped = column.saturating_sub(BEFORE).max(self.window.0);
        let (known, offset) = self.window;
        let line = self.rest.get(offset..)?;
        let more = line.char_indices().take_while(|(_, c)| *c != '\n').nth(skipped - known);
        let offset = offset + more.map_or_else(|| line.find('\n').unwrap_or(line.len()), |(at, _)| at);
        self.window = (skipped, offset);
        let shown = self.rest.get(offset..)?.chars().take_while(|c| *c != '\n').take(WIDTH);
        let line: String = shown.map(|c| if is_unsafe_in_terminal(c) { ' ' } else { c }).collect();
        Some(Excerpt { line: line.trim_end().to_owned(), before: column.saturating_sub(skipped) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_the_place() {
        let long = "x".repeat(200);
        let text = format!("\u{feff}one\r\n\ttwo ü three\n{long}y{long}\n\nfive");
        let rows = [
            ((1, 1), "one", 0),
            ((2, 6), " two ü three", 5),
            ((2, 8), " two ü three", 7),
            ((3, 3), &"x".repeat(100), 2),
            ((3, 201), &format!("{}y{}", "x".repeat(60), "x".repeat(39)), 60),
            ((3, 202), &format!("{}y{}", "x".repeat(59), "x".repeat(40)), 60),
            ((4, 1), "", 0),
            ((5, 5), "five", 4),
            ((5, 9), "five", 8),
        ];
        let mut excerpts = Excerpts::new(&text);
        for ((line, column), expected, before) in rows {
            let excerpt = excerpts.at(Place { line, column });
            assert_eq!(excerpt, Some(Excerpt { line: expected.to_owned(), before }), "{line}:{column}");
        }
        assert_eq!(excerpts.at(Place { line: 6, column: 1 }), None);
    }
}
