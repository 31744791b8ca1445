//! From a text to the tree.
//!
//! A parser of its own, since that of `serde_json` asks for each value what it may become, and hands it over in several moves: it
//! took twice as long. Numbers that are not simply digits, and escapes of numbered characters, are left to it.

// docs/rules.md: R-BODY-2, R-BODY-3

use std::borrow::Cow;

use serde_json::Number;

use super::{Json, MAX_DEPTH, Member, Object};
use crate::model::{Depth, plain_len};

/// What is read of a text.
#[derive(Debug)]
pub(in crate::wire::http) struct Parsed<'a> {
    pub(in crate::wire::http) json: Json<'a>,
    /// What follows the first value.
    pub(in crate::wire::http) rest: &'a str,
    /// Members that stand twice with different values, and were not read.
    pub(in crate::wire::http) conflicts: Vec<String>,
    /// Whether the text ends, or breaks, inside of the value, which holds the members before that.
    pub(in crate::wire::http) is_cut: bool,
}

impl<'a> Json<'a> {
    /// Reads the first value of a text. Of an object that is cut its first complete members count.
    pub(in crate::wire::http) fn parse(text: &'a str) -> Option<Parsed<'a>> {
        let mut reader = Reader { text, at: 0, conflicts: Vec::new() };
        let (json, is_cut) = match reader.next_byte() {
            Some(b'{') => {
                // Most bodies have no more members than this at the root.
                let mut members = Vec::with_capacity(8);
                let is_whole = MAX_DEPTH.deeper(1).and_then(|depth| reader.members(&mut members, depth)).is_some();
                (Json::Object(Object::new(members, &mut reader.conflicts)), !is_whole)
            }
            _ => (reader.value(MAX_DEPTH)?, false),
        };
        let rest = if is_cut { "" } else { reader.rest() };
        Some(Parsed { json, rest, conflicts: reader.conflicts, is_cut })
    }
}

/// Reads value after value. `None` is where the text breaks the grammar of RFC 8259.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    conflicts: Vec<String>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The first byte that is not blank.
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                byte => return byte,
            }
        }
    }

    /// Steps over the next byte if it is this one.
    fn take(&mut self, wanted: u8) -> bool {
        let is_it = self.next_byte() == Some(wanted);
        self.at += usize::from(is_it);
        is_it
    }

    /// A value in which there may be so many levels.
    fn value(&mut self, depth: Depth) -> Option<Json<'a>> {
        match self.next_byte()? {
            b'"' => self.string().map(Json::Text),
            b'{' => {
                let mut members = Vec::new();
                self.members(&mut members, depth.deeper(1)?)?;
                Some(Json::Object(Object::new(members, &mut self.conflicts)))
            }
            b'[' => self.list(depth.deeper(1)?).map(Json::List),
            b'-' | b'0'..=b'9' => self.number().map(Json::Number),
            b't' => self.literal("true", Json::Bool(true)),
            b'f' => self.literal("false", Json::Bool(false)),
            b'n' => self.literal("null", Json::Null),
            _ => None,
        }
    }

    /// The members of an object, of which those before a break are there all the same.
    fn members(&mut self, members: &mut Vec<Member<'a>>, depth: Depth) -> Option<()> {
        self.at += 1;
        if self.take(b'}') {
            return Some(());
        }
        loop {
            let name = if self.next_byte()? == b'"' { self.string()? } else { return None };
            let value = if self.take(b':') { self.value(depth)? } else { return None };
            members.push((name.into(), value));
            if !self.take(b',') {
                return self.take(b'}').then_some(());
            }
        }
    }

    fn list(&mut self, depth: Depth) -> Option<Vec<Json<'a>>> {
        self.at += 1;
        let mut list = Vec::new();
        if self.take(b']') {
            return Some(list);
        }
        loop {
            list.push(self.value(depth)?);
            if !self.take(b',') {
                return self.take(b']').then_some(list);
            }
        }
    }

    /// Borrowed where it has no escapes.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        self.at += 1;
        let mut is_plain = true;
        loop {
            self.at += plain_len(self.text.as_bytes().get(self.at..)?);
            match self.byte()? {
                b'"' => break,
                // What is behind it may be a quote.
                b'\\' => (self.at, is_plain) = (self.at + 2, false),
                _ => return None,
            }
        }
        self.at += 1;
        let text = self.text.get(start + 1..self.at - 1)?;
        if is_plain {
            return Some(Cow::Borrowed(text));
        }
        let quoted = || serde_json::from_str(self.text.get(start..self.at)?).ok();
        unescaped(text).or_else(quoted).map(Cow::Owned)
    }

    fn number(&mut self) -> Option<Number> {
        let start = self.at;
        self.at += 1;
        self.digits();
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits();
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits();
        }
        let text = self.text.get(start..self.at)?;
        match text.parse::<u64>() {
            Ok(number) if !text.starts_with('0') => Some(number.into()),
            _ => text.parse().ok(),
        }
    }

    fn digits(&mut self) {
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn literal(&mut self, text: &str, json: Json<'a>) -> Option<Json<'a>> {
        self.at += text.len();
        self.text.get(self.at - text.len()..self.at).filter(|found| *found == text).map(|_| json)
    }
}

/// A text without its escapes, unless one stands for a character by its number.
fn unescaped(mut text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    while let Some((plain, rest)) = text.bytes().position(|byte| byte == b'\\').map(|at| text.split_at(at)) {
        out.push_str(plain);
        out.push(match *rest.as_bytes().get(1)? {
            byte @ (b'"' | b'\\' | b'/') => byte.into(),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            _ => return None,
        });
        text = &rest[2..];
    }
    out.push_str(text);
    Some(out)
}

#[cfg(test)]
mod tests;
