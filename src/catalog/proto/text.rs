//! Values in protobuf's [text format](https://protobuf.dev/reference/protobuf/textformat-spec/), with their places, and the places in a
//! text.

use crate::diagnostic::Place;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) place: Place,
    pub(super) value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    /// An enum value, or true or false.
    Word(String),
    /// A number as it is written.
    Number(String),
    Message(Vec<Member>),
    List(Vec<Text>),
}

/// One field of a message.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) value: Text,
}

impl Value {
    /// What the value is, in words for a message.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Word(_) => "a name",
            Self::Number(_) => "a number",
            Self::Message(_) => "a message",
            Self::List(_) => "a list",
        }
    }
}

/// Puts a value where `(option).a.b = value` says: below `path`, each name with its place. A message at the end of the
/// path is taken apart, as several options may each say a part of it.
#[cfg(feature = "proto")]
pub(super) fn insert(members: &mut Vec<Member>, path: &[(String, Place)], value: Text) {
    let Some(((name, place), rest)) = path.split_first() else {
        match value.value {
            Value::Message(inner) => members.extend(inner),
            // Only a message has a meaning here; the compiler refuses the rest.
            _ => members.push(Member { name: String::new(), place: value.place, value }),
        }
        return;
    };
    if rest.is_empty() {
        members.push(Member { name: name.clone(), place: *place, value });
        return;
    }
    let known =
        members.iter().position(|member| member.name == *name && matches!(member.value.value, Value::Message(_)));
    let index = known.unwrap_or_else(|| {
        let empty = Text { place: *place, value: Value::Message(Vec::new()) };
        members.push(Member { name: name.clone(), place: *place, value: empty });
        members.len() - 1
    });
    if let Some(Member { value: Text { value: Value::Message(inner), .. }, .. }) = members.get_mut(index) {
        insert(inner, rest, value);
    }
}

/// Where the lines of a text begin.
#[cfg(feature = "proto")]
pub(super) struct Lines<'s> {
    source: &'s str,
    starts: Vec<usize>,
    /// The offset of the last look-up, with its line and column from 0, so that asking for one offset after the other
    /// on a long line is not the square of its length.
    last: std::cell::Cell<(usize, usize, u32)>,
}

#[cfg(feature = "proto")]
impl<'s> Lines<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        let ends = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { source, starts: [0].into_iter().chain(ends).collect(), last: std::cell::Cell::default() }
    }

    /// The offset of a line and a column in bytes, both from 0, if a character begins or the text ends there.
    pub(super) fn offset(&self, (line, column): (i32, i32)) -> Option<usize> {
        let offset = self.starts.get(usize::try_from(line).ok()?)?.checked_add(usize::try_from(column).ok()?)?;
        self.source.is_char_boundary(offset).then_some(offset)
    }

    /// The offset of the end.
    pub(super) fn end(&self) -> usize {
        self.source.len()
    }

    /// The place of the character at this offset.
    pub(super) fn place(&self, offset: usize) -> Place {
        let offset = offset.min(self.source.len());
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let column = match self.last.get() {
            (last, of, column) if of == line && last <= offset => column.saturating_add(self.characters(last, offset)),
            (last, of, column) if of == line && last - offset < offset - start => {
                column.saturating_sub(self.characters(offset, last))
            }
            _ => self.characters(start, offset),
        };
        self.last.set((offset, line, column));
        Place { line: u32::try_from(line).unwrap_or(u32::MAX).saturating_add(1), column: column.saturating_add(1) }
    }

    fn characters(&self, from: usize, to: usize) -> u32 {
        let bytes = self.source.as_bytes().get(from..to).unwrap_or_default();
        // Every character has one byte that does not continue another.
        u32::try_from(bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
#[cfg(feature = "proto")]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters() {
        let lines = Lines::new("ab\nüx🦀y\r\n\nlast");
        let rows = [
            (0, (1, 1)),
            (2, (1, 3)),
            (3, (2, 1)),
            (5, (2, 2)),
            (6, (2, 3)),
            (10, (2, 4)),
            (13, (3, 1)),
            (14, (4, 1)),
            (18, (4, 5)),
        ];
        for (offset, (line, column)) in rows.into_iter().chain(rows.into_iter().rev()) {
            assert_eq!(lines.place(offset), Place { line, column }, "{offset}");
        }
        assert_eq!((lines.offset((1, 2)), lines.offset((1, 1)), lines.offset((9, 0))), (Some(5), None, None));
    }
}
