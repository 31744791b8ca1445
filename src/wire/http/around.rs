//! JSON inside of something else: an event, a call of a script, lines that an interpreter printed in front.

// docs/rules.md: R-BODY-1

use bytestring::ByteString;

use super::{json::Json, tree::without_prefix, xml};

/// What stands inside.
pub(super) struct Inner {
    pub(super) text: ByteString,
    /// Whether it is promised to be JSON.
    pub(super) is_event: bool,
    pub(super) note: Option<&'static str>,
}

/// `None` if the text is JSON itself, or holds none.
pub(super) fn inner(all: &ByteString) -> Option<Inner> {
    // Most bodies show at once that they are JSON.
    if all.starts_with("{\"") {
        return None;
    }
    let text = without_prefix(all);
    if text.starts_with(['{', '[', '"']) || text.starts_with('<') && xml::is_html(text) {
        return None;
    }
    // Most texts hold none.
    if !text.contains('{') && !text.contains('[') {
        return None;
    }
    if let Some(text) = event(all, text) {
        return Some(Inner { text, is_event: true, note: None });
    }
    let (text, note) = match argument(text) {
        Some(argument) => (argument, None),
        None => (behind_lines(text)?, Some("only the JSON at the end of the body was read")),
    };
    Some(Inner { text: all.slice_ref(text), is_event: false, note })
}

/// The data of the first event that holds an object
/// (<https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>).
fn event(all: &ByteString, text: &str) -> Option<ByteString> {
    let field = |line: &str| matches!(line.split(':').next(), Some("data" | "event" | "id" | "" | "retry"));
    if !text.lines().next().is_some_and(field) {
        return None;
    }
    let mut data = Vec::new();
    for line in text.lines().chain([""]) {
        if let Some(part) = line.strip_prefix("data:") {
            data.push(part.trim());
        } else if line.is_empty() {
            match &*data {
                [one] if one.starts_with('{') => return Some(all.slice_ref(one)),
                [first, ..] if first.starts_with('{') => return Some(data.join("\n").into()),
                _ => data.clear(),
            }
        }
    }
    None
}

/// `{}` of `/**/callback({});`, which a page loads as a script.
fn argument(text: &str) -> Option<&str> {
    let call = text.strip_prefix("/**/").unwrap_or(text).trim_start();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.');
    let arguments = call.trim_start_matches(is_name).trim_start().strip_prefix('(')?;
    let argument = arguments.trim_end().trim_end_matches(';').trim_end().strip_suffix(')')?.trim();
    (call.starts_with(is_name) && argument.starts_with(['{', '['])).then_some(argument)
}

/// An object or a list of them behind warnings of PHP, which prints them in front of what a program writes.
fn behind_lines(text: &str) -> Option<&str> {
    let at = text.find("\n{").into_iter().chain(text.find("\n[{")).min()?;
    let (warnings, rest) = text.split_at(at + 1);
    if !warnings.contains(" on line ") {
        return None;
    }
    let parsed = Json::parse(rest).filter(|parsed| !parsed.is_cut && parsed.rest.trim().is_empty())?;
    (!parsed.json.is_nothing()).then_some(rest)
}
