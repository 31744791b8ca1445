//! What somebody wrote, as a message shows it.

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
