//! Lines that nothing inside them can end, recolour or turn around.

use std::{
    fmt::{self, Write as _},
    io::{self, Write},
};

use crate::model::is_unsafe_in_terminal;

/// How a character that is not to be shown as it is is written instead.
type Escape = fn(char, &mut String) -> fmt::Result;

/// One event, which is written as one line when it is dropped.
pub(super) struct Line {
    event: Vec<u8>,
    escape: Escape,
}

impl Line {
    pub(super) fn new(escape: Escape) -> Self {
        Self { event: Vec::new(), escape }
    }
}

impl Write for Line {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.event.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.event.is_empty() {
            let line = line(&String::from_utf8_lossy(&self.event), self.escape);
            // A server whose log nobody reads still serves.
            let _ = io::stderr().lock().write_all(line.as_bytes());
        }
    }
}

fn line(event: &str, escape: Escape) -> String {
    let mut line = String::with_capacity(event.len() + 16);
    for c in event.strip_suffix('\n').unwrap_or(event).chars() {
        if is_unsafe_in_terminal(c) {
            // A `String` takes everything.
            let _ = escape(c, &mut line);
        } else {
            line.push(c);
        }
    }
    line.push('\n');
    line
}

/// As in a string of JSON ([RFC 8259, 7](https://www.rfc-editor.org/rfc/rfc8259#section-7)): outside of strings no such
/// character can be.
pub(super) fn in_json(c: char, line: &mut String) -> fmt::Result {
    write!(line, "\\u{:04x}", u32::from(c))
}

/// As in Rust.
pub(super) fn in_text(c: char, line: &mut String) -> fmt::Result {
    match c {
        '\n' | '\r' | '\t' => write!(line, "{}", c.escape_default()),
        c => write!(line, "{}", c.escape_unicode()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line() {
        let rows = [
            ("a b\n", "a b\n", "a b\n"),
            ("a\nb\n", "a\\u000ab\n", "a\\nb\n"),
            ("\r\t\u{1b}[31m\0", "\\u000d\\u0009\\u001b[31m\\u0000\n", "\\r\\t\\u{1b}[31m\\u{0}\n"),
            ("\u{7f}\u{85}\u{9b}", "\\u007f\\u0085\\u009b\n", "\\u{7f}\\u{85}\\u{9b}\n"),
            ("\u{2028}\u{2029}", "\\u2028\\u2029\n", "\\u{2028}\\u{2029}\n"),
            ("\u{202e}\u{2066}\u{200f}", "\\u202e\\u2066\\u200f\n", "\\u{202e}\\u{2066}\\u{200f}\n"),
            ("ä ✓ 日本 🙂 {\"\\\"}", "ä ✓ 日本 🙂 {\"\\\"}\n", "ä ✓ 日本 🙂 {\"\\\"}\n"),
            ("", "\n", "\n"),
        ];
        for (event, json, text) in rows {
            assert_eq!(line(event, in_json), json, "{event:?}");
            assert_eq!(line(event, in_text), text, "{event:?}");
        }
    }
}
