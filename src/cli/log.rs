//! The log of a running server: one line on standard error for each event, which nothing that a peer sends can end, recolour or
//! turn around.

use std::{
    fmt::{self, Debug, Write as _},
    io::{self, Write},
};

use tracing::{Level, field::Field};
use tracing_subscriber::{
    Layer,
    field::MakeExt,
    filter::Targets,
    fmt::{
        FormatFields,
        format::{Writer, debug_fn},
    },
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::{model::is_unsafe_in_terminal, server::config::LogFormat};

/// Our own events from INFO on, those of the libraries from WARN on.
pub(super) fn init(format: LogFormat) {
    let levels = Targets::new().with_default(Level::WARN).with_target("errwire", Level::INFO);
    // A peer must not be able to send a colour, so there is none.
    let lines = tracing_subscriber::fmt::layer().with_ansi(false);
    let lines = match format {
        LogFormat::Json => lines.json().flatten_event(true).with_writer(|| Line::new(in_json)).boxed(),
        LogFormat::Text => lines.fmt_fields(fields()).with_writer(|| Line::new(in_text)).boxed(),
    };
    // A program that embeds the command may have a log already.
    let _ = tracing_subscriber::registry().with(levels).with(lines).try_init();
}

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
            // The server still serves if standard error is closed.
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

/// The message, and each field as `name=value`. A value that could be taken for more than one is in quotes, so that no
/// value can forge a field.
pub(super) fn fields() -> impl for<'writer> FormatFields<'writer> + Send + Sync + 'static {
    debug_fn(field).delimited(" ")
}

fn field(writer: &mut Writer<'_>, field: &Field, value: &dyn Debug) -> fmt::Result {
    let value = format!("{value:?}");
    match field.name() {
        "message" if is_quoted(&value) || !value.contains(['=', '"']) => writer.write_str(&value),
        "message" => write!(writer, "{value:?}"),
        name if is_quoted(&value) || is_word(&value) => write!(writer, "{name}={value}"),
        name => write!(writer, "{name}={value:?}"),
    }
}

/// Whether this is one text in quotes, as `Debug` writes it.
fn is_quoted(value: &str) -> bool {
    let Some(inside) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else { return false };
    let mut is_escaped = false;
    for c in inside.chars() {
        if c == '"' && !is_escaped {
            return false;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    !is_escaped
}

fn is_word(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "._:/+-".contains(c))
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

    #[test]
    fn knows_what_is_in_quotes() {
        for quoted in [r#""""#, r#""a b""#, r#""a\"b""#, r#""a\\""#] {
            assert!(is_quoted(quoted), "{quoted}");
        }
        for other in ["", "\"", "a", r#""a" b="c""#, r#""a\""#, r#""a\\"b""#] {
            assert!(!is_quoted(other), "{other}");
        }
    }
}
