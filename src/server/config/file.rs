//! The configuration file: one flat mapping in YAML, where each value is one text or a list of them. What a text means is
//! for its setting to say, so that a file, a variable and a flag take the same.

use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use super::{
    Source,
    problem::{Problem, quoted},
    resolve::Place,
};

/// One key with its value.
pub(super) struct Written {
    pub(super) key: String,
    pub(super) at: Place,
    /// With where it begins; `None` of nothing.
    pub(super) value: Option<(Vec<String>, Place)>,
}

/// Reads what can be read, and reports the rest.
pub(super) fn read(name: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<Written> {
    let mut reader = Reader { file: name.into(), problems, written: Vec::new(), state: State::Start, depth: 0 };
    let mut documents = 0;
    // The parser neither expands aliases nor recurses, so its memory is bounded by the text.
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::StreamEnd, _)) => break,
            Ok((Event::DocumentStart(_), span)) => {
                documents += 1;
                if documents > 1 {
                    reader.report(&span.start, "A second YAML document begins here", "Keep one of the two");
                    break;
                }
            }
            Ok((Event::Nothing | Event::StreamStart | Event::DocumentEnd, _)) => {}
            Ok((event, span)) => reader.take(event, &span.start),
            Err(why) => {
                let message = format!("This is not YAML: {}", why.info().trim_end_matches('.'));
                reader.report(why.marker(), &message, "Fix it here or just above; nothing below was checked");
                break;
            }
        }
    }
    reader.written
}

struct Reader<'p> {
    file: Arc<str>,
    problems: &'p mut Vec<Problem>,
    written: Vec<Written>,
    state: State,
    /// How many collections are open that have no place here. They are passed over.
    depth: usize,
}

enum State {
    Start,
    Key,
    Value { key: Key },
    List { key: Key, texts: Vec<String>, place: Place },
    End,
}

/// A key, and where it is; empty if it is none.
struct Key(String, Place);

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, at: &Marker) {
        if self.depth > 0 {
            match event {
                Event::MappingStart(..) | Event::SequenceStart(..) => self.depth += 1,
                Event::MappingEnd | Event::SequenceEnd => self.depth -= 1,
                _ => {}
            }
            return;
        }
        match (std::mem::replace(&mut self.state, State::End), event) {
            (State::Start, Event::MappingStart(..)) => self.state = State::Key,
            // An empty file sets nothing.
            (State::Start, Event::Scalar(text, style, ..)) if is_null(&text, style) => {}
            (State::Start, event) => {
                self.report(at, "The file is not a mapping", "Write lines such as `max_connections: 1000`");
                self.skip(&event);
            }
            (State::Key, Event::Scalar(text, ..)) => {
                self.state = State::Value { key: Key(text.into_owned(), self.place(at)) };
            }
            (State::Key, Event::MappingEnd) => {}
            (State::Key, event) => {
                self.report(at, "A key is not text", "Write the name of a setting");
                self.skip(&event);
                self.state = State::Value { key: Key(String::new(), self.place(at)) };
            }
            (State::Value { key }, Event::Scalar(text, style, ..)) => {
                let value = (!is_null(&text, style)).then(|| (vec![text.into_owned()], self.place(at)));
                self.put(key, value);
                self.state = State::Key;
            }
            (State::Value { key }, Event::SequenceStart(..)) => {
                self.state = State::List { key, texts: Vec::new(), place: self.place(at) };
            }
            (State::Value { key }, event) => {
                let message = format!("The value of {} is neither a text nor a list of them", quoted(&key.0));
                self.report(at, &message, "Write it out, on one line");
                self.skip(&event);
                self.state = State::Key;
            }
            (State::List { key, mut texts, place }, Event::Scalar(text, ..)) => {
                texts.push(text.into_owned());
                self.state = State::List { key, texts, place };
            }
            (State::List { key, texts, place }, Event::SequenceEnd) => {
                self.put(key, Some((texts, place)));
                self.state = State::Key;
            }
            (State::List { key, texts, place }, event) => {
                self.report(at, &format!("An item of {} is not text", quoted(&key.0)), "Write each item on one line");
                self.skip(&event);
                self.state = State::List { key, texts, place };
            }
            (State::End, _) => {}
        }
    }

    fn put(&mut self, Key(key, at): Key, value: Option<(Vec<String>, Place)>) {
        // An empty key was reported.
        if key.is_empty() {
            return;
        }
        if let Some(first) = self.written.iter().find(|written| written.key == key) {
            let message = format!("The key {} is repeated, after line {}", quoted(&key), first.at.line);
            let order = Source::File(at.clone()).order();
            self.problems.push(Problem::new(at, message, "Keep one of the two").ordered(order));
            return;
        }
        self.written.push(Written { key, at, value });
    }

    /// What has no place here may have content.
    fn skip(&mut self, event: &Event<'_>) {
        if matches!(event, Event::MappingStart(..) | Event::SequenceStart(..)) {
            self.depth = 1;
        }
    }

    fn report(&mut self, at: &Marker, message: &str, remedy: &str) {
        let source = Source::File(self.place(at));
        self.problems.push(Problem::new(&source, message, remedy).ordered(source.order()));
    }

    /// The parser counts columns from 0.
    fn place(&self, at: &Marker) -> Place {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place { file: self.file.clone(), line: number(at.line()), column: number(at.col()).saturating_add(1) }
    }
}

/// Nothing, by the [core schema](https://yaml.org/spec/1.2.2/#1032-tag-resolution).
fn is_null(text: &str, style: ScalarStyle) -> bool {
    style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL")
}
