//! A document as a tree in which everything has its place in the text, so that a change leaves all else as it is:
//! order, comments, spelling. JSON is YAML in flow style.

use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

/// No document of a person is nested deeper.
const DEPTH: usize = 200;

/// A value, and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    /// In bytes. Of a collection in blocks only the start is known.
    pub(super) range: Range<usize>,
    /// The last line that belongs to it, from 0.
    pub(super) last_line: usize,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    Scalar(String),
    Mapping {
        /// In braces.
        is_flow: bool,
        entries: Vec<Entry>,
    },
    /// `*name`, for a value that stands elsewhere.
    Alias,
    Other,
}

/// A key with its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    /// The line and the column of the key, from 0, and its offset in bytes.
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) start: usize,
    pub(super) value: Node,
}

impl Node {
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Mapping { entries, .. } => entries,
            _ => &[],
        }
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.name == name)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.entry(name).map(|entry| &entry.value)
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// Whether nothing was written.
    pub(super) fn is_null(&self) -> bool {
        matches!(self.text(), Some("" | "~" | "null"))
    }
}

/// Reads a document; `None` if it has nothing in it.
///
/// # Errors
///
/// What keeps it from being YAML or JSON, and where.
pub(super) fn read(text: &str) -> Result<Option<Node>, String> {
    let mut reader = Reader { lines: Lines::new(text), open: Vec::new(), root: None };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let (line, column) = (error.marker().line(), error.marker().col() + 1);
            format!("line {line}, column {column}: {}", error.info())
        })?;
        match event {
            Event::StreamEnd => break,
            Event::DocumentStart(_) if reader.root.is_some() => return Err("it is more than one document".to_owned()),
            Event::Scalar(text, style, ..) => reader.scalar(text.into_owned(), style, span.start, span.end),
            Event::Alias(_) => reader.close(Content::Alias, span.start, span.end),
            Event::MappingStart(..) => reader.open(true, span.start)?,
            Event::SequenceStart(..) => reader.open(false, span.start)?,
            Event::MappingEnd | Event::SequenceEnd => reader.end(span.end),
            _ => {}
        }
    }
    Ok(reader.root)
}

struct Reader<'t> {
    lines: Lines<'t>,
    open: Vec<Open>,
    root: Option<Node>,
}

/// A collection that is not closed yet.
struct Open {
    is_mapping: bool,
    is_flow: bool,
    start: usize,
    /// Of the first key or dash.
    column: usize,
    entries: Vec<Entry>,
    /// The key that waits for its value, and where it stands.
    key: Option<(String, usize, usize, usize)>,
    last_line: usize,
}

impl Reader<'_> {
    fn open(&mut self, is_mapping: bool, start: Marker) -> Result<(), String> {
        if self.open.len() == DEPTH {
            return Err("it is nested too deeply".to_owned());
        }
        let (line, column, offset) = self.lines.place(start);
        let is_flow = matches!(self.lines.text.as_bytes().get(offset), Some(b'{' | b'['));
        self.open.push(Open {
            is_mapping,
            is_flow,
            start: offset,
            column,
            entries: vec![],
            key: None,
            last_line: line,
        });
        Ok(())
    }

    fn scalar(&mut self, text: String, style: ScalarStyle, start: Marker, end: Marker) {
        let (line, column, offset) = self.lines.place(start);
        if let Some(Open { is_mapping: true, key: key @ None, .. }) = self.open.last_mut() {
            *key = Some((text, line, column, offset));
            return;
        }
        let (end_line, _, end) = self.lines.place(end);
        let length = self.lines.text.get(offset..end).map_or(0, |text| text.trim_end().len());
        let last_line = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let column = self.open.last().map_or(0, |open| open.column);
                self.lines.last_of_block(line, column)
            }
            // The end of a plain text may be taken for the beginning of what follows.
            _ => line.max(self.lines.last_before(end, end_line)),
        };
        self.put(Node { range: offset..offset + length, last_line, content: Content::Scalar(text) });
    }

    fn close(&mut self, content: Content, start: Marker, end: Marker) {
        let ((line, _, start), (_, _, end)) = (self.lines.place(start), self.lines.place(end));
        self.put(Node { range: start..end.max(start), last_line: line, content });
    }

    fn end(&mut self, end: Marker) {
        let (line, _, end) = self.lines.place(end);
        let Some(Open { is_mapping, is_flow, start, entries, last_line, .. }) = self.open.pop() else { return };
        let content = if is_mapping { Content::Mapping { is_flow, entries } } else { Content::Other };
        let last_line = if is_flow { line } else { last_line };
        self.put(Node { range: start..end.max(start), last_line, content });
    }

    fn put(&mut self, node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        open.last_line = open.last_line.max(node.last_line);
        if open.is_mapping {
            // A key that is not a scalar has no name.
            let (name, line, column, start) = open.key.take().unwrap_or_default();
            open.entries.push(Entry { name, line, column, start, value: node });
        }
    }
}

/// Where lines begin.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// The place of the last look-up: line, column in characters, offset.
    last: (usize, usize, usize),
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: [0].into_iter().chain(ends).collect(), last: (0, 0, 0) }
    }

    /// Where a line begins; the end of the text, for one that follows the last.
    pub(super) fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// The line and the column, from 0, and the offset. Look-ups of places on one line are fastest in order.
    fn place(&mut self, marker: Marker) -> (usize, usize, usize) {
        let (line, column) = (marker.line().saturating_sub(1), marker.col());
        let (known, from) = match self.last {
            (last_line, last_column, offset) if last_line == line && last_column <= column => (last_column, offset),
            _ => (0, self.start(line)),
        };
        let rest = self.text.get(from..).unwrap_or_default();
        let more = rest.char_indices().nth(column - known).map_or(rest.len(), |(at, _)| at);
        self.last = (line, column, from + more);
        self.last
    }

    fn line(&self, line: usize) -> &str {
        self.text.get(self.start(line)..self.start(line + 1)).unwrap_or_default()
    }

    /// The line of the last character before an offset on this line that is not a blank.
    fn last_before(&self, offset: usize, line: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or_default().trim_end();
        let back = self.text.get(before.len()..offset).unwrap_or_default().matches('\n').count();
        line.saturating_sub(back)
    }

    /// The last line of a block scalar whose header is on `line`, in a collection at `column`. Blank lines behind it may be
    /// a part of it.
    fn last_of_block(&self, line: usize, column: usize) -> usize {
        let is_inside = |line: &usize| {
            let text = self.line(*line);
            text.trim().is_empty() || text.len() - text.trim_start_matches(' ').len() > column
        };
        (line + 1..self.starts.len()).take_while(is_inside).last().unwrap_or(line)
    }
}
