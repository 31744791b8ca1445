//! Messages with placeholders.

use std::{borrow::Cow, fmt};

use super::text::Text;

/// The longest name of a placeholder, since that is the longest metadata key of AIP-193.
const MAX_NAME: usize = 64;

/// A message with `{placeholders}`, which are filled from the error's metadata.
///
/// A placeholder is named as AIP-193 names metadata keys, `[a-z][a-zA-Z0-9-_]+`, in braces. Any other brace stands for
/// itself.
///
/// ```
/// use errwire::MessageTemplate;
///
/// let message = MessageTemplate::from("Task {task_id} does not exist.".to_owned());
/// assert_eq!(message.placeholders().collect::<Vec<_>>(), ["task_id"]);
/// assert_eq!(message.fill(|_| Some("7".into())).as_deref(), Some("Task 7 does not exist."));
/// assert_eq!(message.fill(|_| None), None, "an unfilled template is not used");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MessageTemplate(Cow<'static, str>);

impl MessageTemplate {
    /// A message in a constant.
    pub const fn from_static(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// The text with its placeholders.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names of the placeholders, in the order of the text.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        Pieces(&self.0).filter_map(|piece| match piece {
            Piece::Placeholder(name) => Some(name),
            Piece::Text(_) => None,
        })
    }

    /// The text if it has no placeholders.
    pub(crate) fn plain(&self) -> Option<Text<'_>> {
        self.is_plain().then(|| match &self.0 {
            Cow::Borrowed(text) => Text::Static(text),
            Cow::Owned(text) => Text::Borrowed(text),
        })
    }

    fn is_plain(&self) -> bool {
        // Without an early exit, the compiler takes many bytes at a time.
        let has_brace = self.0.bytes().fold(false, |found, byte| found | (byte == b'{'));
        !has_brace || self.placeholders().next().is_none()
    }

    /// The text with each placeholder replaced by what `value` gives for its name; `None` if one has no value.
    pub fn fill<'a>(&'a self, value: impl Fn(&str) -> Option<Cow<'a, str>>) -> Option<Cow<'a, str>> {
        if self.is_plain() {
            return Some(Cow::Borrowed(self.as_str()));
        }
        let mut filled = String::with_capacity(self.0.len() + 32);
        for piece in Pieces(&self.0) {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Placeholder(name) => filled.push_str(&value(name)?),
            }
        }
        Some(Cow::Owned(filled))
    }

    /// What stands in the places of the placeholders, if the text is this template filled, and in one way only.
    #[cfg(feature = "derive")]
    pub(crate) fn values<'a>(&'a self, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        let (mut values, mut rest) = (Vec::new(), text);
        let mut open: Option<&str> = None;
        // What stands between two placeholders, which may be several pieces.
        let mut start = 0;
        let mut at = 0;
        let mut pieces = Pieces(&self.0);
        loop {
            let piece = pieces.next();
            let end = self.0.len() - pieces.0.len();
            let name = match piece {
                Some(Piece::Text(_)) => {
                    at = end;
                    continue;
                }
                Some(Piece::Placeholder(name)) => Some(name),
                None => None,
            };
            let literal = &self.0[start..at];
            let found = match (open, name) {
                (None, None) => return (rest == literal).then_some(values),
                (None, Some(_)) => rest.strip_prefix(literal).map(|rest| ("", rest)),
                (Some(_), None) => rest.strip_suffix(literal).map(|value| (value, "")),
                (Some(_), Some(_)) if literal.is_empty() => None,
                (Some(_), Some(_)) => {
                    rest.split_once(literal).filter(|(value, _)| rest.rfind(literal) == Some(value.len()))
                }
            };
            let (value, behind) = found?;
            values.extend(open.map(|name| (name, value)));
            (rest, open, start, at) = (behind, name, end, end);
            if name.is_none() {
                return Some(values);
            }
        }
    }
}

impl From<String> for MessageTemplate {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl fmt::Display for MessageTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

enum Piece<'a> {
    Text(&'a str),
    Placeholder(&'a str),
}

struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.0.is_empty() {
            return None;
        }
        if let Some((name, rest)) = placeholder(self.0) {
            self.0 = rest;
            return Some(Piece::Placeholder(name));
        }
        // The first byte is text; the text ends where a brace could open the next placeholder.
        let end = self.0.bytes().skip(1).position(|c| c == b'{').map_or(self.0.len(), |at| at + 1);
        let (text, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(Piece::Text(text))
    }
}

/// Splits `{name}` off the front.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{')?;
    let (name, rest) = inner.split_at(name_len(inner));
    is_name(name).then_some((name, rest.strip_prefix('}')?))
}

/// How many bytes at the start may be part of a name, but no more than one too many.
fn name_len(text: &str) -> usize {
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    text.bytes().take(MAX_NAME + 1).take_while(is_part).count()
}

/// Whether a text is a metadata key as AIP-193 has it, and so the name of a placeholder.
pub(crate) fn is_name(text: &str) -> bool {
    let len = name_len(text);
    len == text.len() && (2..=MAX_NAME).contains(&len) && text.starts_with(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills() {
        let rows = [
            ("plain", Some("plain")),
            ("a {id} b", Some("a <id> b")),
            ("{id}{task-id}", Some("<id><task-id>")),
            ("{}, {X}, {a}, {a b}, { id}", Some("{}, {X}, {a}, {a b}, { id}")),
            ("{{id}}", Some("{<id>}")),
            ("open {id", Some("open {id")),
            ("{i}{{{{", Some("{i}{{{{")),
            ("ü{id}ü", Some("ü<id>ü")),
            ("{missing}", None),
        ];
        for (text, expected) in rows {
            let template = MessageTemplate::from(text.to_owned());
            let value = |name: &str| (name != "missing").then(|| format!("<{name}>").into());
            assert_eq!(template.fill(value).as_deref(), expected, "{text:?}");
        }
    }

    #[cfg(feature = "derive")]
    #[test]
    fn reads_what_was_filled_in() {
        type Values<'a> = Option<&'a [(&'a str, &'a str)]>;
        let rows: [(&str, &str, Values<'_>); 11] = [
            ("plain", "plain", Some(&[])),
            ("plain", "other", None),
            ("Task {id} is gone.", "Task 7 is gone.", Some(&[("id", "7")])),
            ("Task {id} is gone.", "Task 7 is gone. Sorry.", None),
            ("Task {id}", "Task 7", Some(&[("id", "7")])),
            ("{id} is gone", "7 is gone", Some(&[("id", "7")])),
            ("{id}: {why}", "7: late", Some(&[("id", "7"), ("why", "late")])),
            ("{id}: {why}", "7: late: twice", None),
            ("{id}{why}", "7late", None),
            ("a {x {id} b", "a {x 7 b", Some(&[("id", "7")])),
            ("ü{id}ü", "üöü", Some(&[("id", "ö")])),
        ];
        for (template, text, expected) in rows {
            let template = MessageTemplate::from(template.to_owned());
            assert_eq!(template.values(text).as_deref(), expected, "{template} {text}");
        }
    }
}
