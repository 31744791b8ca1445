//! Options as a `.proto` file writes them, `(errwire.v1.kind) = {status: 404}`, in protobuf's
//! [text format](https://protobuf.dev/reference/protobuf/textformat-spec/), and places in a file.

use std::cell::Cell;

use super::{
    literal::{Escapes, quoted},
    member,
};
use crate::{
    diagnostic::Place,
    yaml::{Node, Scalar, Value},
};

/// Nothing in an option of ours is nested deeper than three messages.
const DEPTH: usize = 16;

/// An option that cannot be read, and where that shows.
#[derive(Debug)]
pub(super) struct Unreadable(pub(super) Place);

/// Reads `name.name = value` at an offset: the names after the first, with their places, and the value.
pub(super) fn read(
    source: &str,
    offset: usize,
    lines: &Lines<'_>,
) -> Result<(Vec<(String, Place)>, Node<'static>), Unreadable> {
    let mut reader = Reader { source, at: offset, lines };
    // `option name = value;` of an enum.
    reader.word_if("option");
    reader.name()?;
    let mut path = Vec::new();
    while reader.punctuation('.') {
        reader.skip_blank();
        let place = reader.place();
        path.push((reader.name()?, place));
    }
    if !reader.punctuation('=') {
        return Err(reader.unreadable());
    }
    Ok((path, reader.value(0)?))
}

struct Reader<'s, 'l> {
    source: &'s str,
    at: usize,
    lines: &'l Lines<'s>,
}

impl<'s> Reader<'s, '_> {
    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn place(&self) -> Place {
        self.lines.place(self.at)
    }

    fn unreadable(&self) -> Unreadable {
        Unreadable(self.place())
    }

    /// Skips blanks and comments.
    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let skipped = if let Some(comment) = rest.strip_prefix("//") {
                2 + comment.find('\n').unwrap_or(comment.len())
            } else if let Some(comment) = rest.strip_prefix("/*") {
                2 + comment.find("*/").map_or(comment.len(), |end| end + 2)
            } else {
                rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}').len()
            };
            if skipped == 0 {
                return;
            }
            self.at += skipped;
        }
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_blank();
        self.rest().chars().next()
    }

    fn punctuation(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    /// Letters, digits and `_`, as long as they go.
    fn word(&mut self) -> Option<String> {
        self.skip_blank();
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let word = rest.get(..length).filter(|word| !word.is_empty())?.to_owned();
        self.at += length;
        Some(word)
    }

    fn word_if(&mut self, wanted: &str) {
        let before = self.at;
        if self.word().as_deref() != Some(wanted) {
            self.at = before;
        }
    }

    /// A name, or one in brackets: `(errwire.v1.kind)`, `[acme.extra]`.
    fn name(&mut self) -> Result<String, Unreadable> {
        for (open, close) in [('(', ')'), ('[', ']')] {
            if self.punctuation(open) {
                let mut name = String::from(open);
                while !self.punctuation(close) {
                    match self.peek() {
                        Some(c @ ('.' | '/')) => {
                            self.at += 1;
                            name.push(c);
                        }
                        _ => name.push_str(&self.word().ok_or_else(|| self.unreadable())?),
                    }
                }
                name.push(close);
                return Ok(name);
            }
        }
        self.word().ok_or_else(|| self.unreadable())
    }

    fn value(&mut self, depth: usize) -> Result<Node<'static>, Unreadable> {
        let first = self.peek();
        let place = self.place();
        let value = match first {
            _ if depth > DEPTH => return Err(self.unreadable()),
            Some('{') => self.message('{', '}', depth)?,
            Some('<') => self.message('<', '>', depth)?,
            Some('[') => self.list(depth)?,
            Some('"' | '\'') => Value::Scalar(Scalar::Text, self.strings()?.into()),
            Some('-' | '+' | '.' | '0'..='9') => self.number(),
            _ => Value::Scalar(Scalar::Word, self.word().ok_or_else(|| self.unreadable())?.into()),
        };
        Ok(Node { place, value })
    }

    fn message(&mut self, open: char, close: char, depth: usize) -> Result<Value<'static>, Unreadable> {
        self.punctuation(open);
        let mut members = Vec::new();
        while !self.punctuation(close) {
            self.skip_blank();
            let place = self.place();
            let name = self.name()?;
            let has_colon = self.punctuation(':');
            if !has_colon && !matches!(self.peek(), Some('{' | '<' | '[')) {
                return Err(self.unreadable());
            }
            let value = self.value(depth + 1)?;
            members.push(member(name, place, value));
            if !self.punctuation(',') {
                self.punctuation(';');
            }
        }
        Ok(Value::Mapping(members))
    }

    fn list(&mut self, depth: usize) -> Result<Value<'static>, Unreadable> {
        self.punctuation('[');
        let mut items = Vec::new();
        while !self.punctuation(']') {
            items.push(self.value(depth + 1)?);
            if !self.punctuation(',') && self.peek() != Some(']') {
                return Err(self.unreadable());
            }
        }
        Ok(Value::List(items))
    }

    fn number(&mut self) -> Value<'static> {
        let rest = self.rest();
        let signed = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        let sign = &rest[..rest.len() - signed.len()];
        let blank = signed.len() - signed.trim_start_matches(|c: char| c.is_ascii_whitespace()).len();
        let digits = &signed[blank..];
        let length = digits.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(digits.len());
        let number = format!("{sign}{}", &digits[..length]);
        self.at += sign.len() + blank + length;
        Value::Scalar(if number.contains('.') { Scalar::Float } else { Scalar::Int }, number.into())
    }

    /// Strings side by side are one.
    fn strings(&mut self) -> Result<String, Unreadable> {
        let start = self.place();
        let mut bytes = Vec::new();
        while let Some('"' | '\'') = self.peek() {
            let read = quoted(self.rest(), Escapes::Protobuf);
            let (Ok((_, rest)) | Err(rest)) = read;
            self.at = self.source.len() - rest.len();
            bytes.extend(read.map_err(|_| self.unreadable())?.0);
        }
        String::from_utf8(bytes).map_err(|_| Unreadable(start))
    }
}

/// Where the lines of a text begin.
pub(super) struct Lines<'s> {
    source: &'s str,
    starts: Vec<usize>,
    /// The offset of the last look-up, with its line and column from 0, so that asking for one offset after the other
    /// on a long line is not the square of its length.
    last: Cell<(usize, usize, u32)>,
}

impl<'s> Lines<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        let ends = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { source, starts: [0].into_iter().chain(ends).collect(), last: Cell::default() }
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
