//! Edits at places of a text, which leave the rest unchanged.

use std::ops::Range;

use super::source::{Content, Entry, Lines, Node};
use crate::docs::json::{Object, json_member, yaml_block};

/// What is to be added: below a member, or as one.
#[derive(Default)]
pub(super) struct Addition {
    below: Vec<(String, Addition)>,
    members: Object,
}

impl Addition {
    pub(super) fn at(&mut self, path: &[&str], members: Object) {
        let Some((first, rest)) = path.split_first() else {
            self.members.extend(members);
            return;
        };
        let known = self.below.iter().position(|(name, _)| name == first);
        let index = known.unwrap_or_else(|| {
            self.below.push(((*first).to_owned(), Self::default()));
            self.below.len() - 1
        });
        if let Some((_, below)) = self.below.get_mut(index) {
            below.at(rest, members);
        }
    }

    /// As a value of its own.
    fn value(&self) -> Object {
        let below = self.below.iter().map(|(name, below)| (name.clone(), below.value().into()));
        below.chain(self.members.clone()).collect()
    }
}

/// A piece of the text, and what stands there instead.
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let is_crlf = text.contains("\r\n");
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Edit { range, text: new } in edits {
        // What overlaps was removed already.
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(&if is_crlf { new.replace('\n', "\r\n") } else { new });
        at = at.max(range.end);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The key of a mapping, and whether it stands in braces.
#[derive(Clone, Copy)]
struct Parent<'n> {
    entry: &'n Entry,
    in_flow: bool,
}

/// Adds to a text what is not there.
pub(super) struct Insert<'t> {
    text: &'t str,
    lines: Lines<'t>,
    edits: Vec<Edit>,
    notes: Vec<String>,
    /// Where we are, for messages.
    path: Vec<String>,
}

impl<'t> Insert<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, lines: Lines::new(text), edits: Vec::new(), notes: Vec::new(), path: Vec::new() }
    }

    /// The text with everything in it, and what was there already.
    pub(super) fn finish(mut self, root: &Node, added: &Addition) -> Result<(String, Vec<String>), String> {
        self.below(root, None, added)?;
        Ok((apply(self.text, self.edits), self.notes))
    }

    fn below(&mut self, node: &Node, parent: Option<Parent<'_>>, added: &Addition) -> Result<(), String> {
        // What it brings in would be overridden by what is added.
        if node.entry("<<").is_some() {
            return Err(format!("`{}` is a YAML merge key: write it out", self.named("<<")));
        }
        let mut new = Object::default();
        let in_flow = matches!(node.content, Content::Mapping { is_flow: true, .. });
        for (name, below) in &added.below {
            match node.entry(name) {
                Some(entry) if matches!(entry.value.content, Content::Mapping { .. }) => {
                    self.path.push(name.clone());
                    self.below(&entry.value, Some(Parent { entry, in_flow }), below)?;
                    self.path.pop();
                }
                Some(entry) if entry.value.is_null() => {
                    let range = entry.value.range.clone();
                    self.instead_of(range, Parent { entry, in_flow }, &below.value());
                }
                Some(entry) if matches!(entry.value.content, Content::Alias) => {
                    return Err(format!("`{}` is a YAML alias: write it out", self.named(name)));
                }
                Some(_) => return Err(format!("`{}` is not an object", self.named(name))),
                None => drop(new.insert(name.clone(), below.value().into())),
            }
        }
        for (name, value) in added.members.iter() {
            match node.entry(name) {
                // A hand-written response stays.
                Some(_) if self.path.first().is_some_and(|first| first == "paths") => {
                    self.notes.push(format!("`{}` already exists and was not changed", self.named(name)));
                }
                Some(_) => return Err(format!("`{}` exists already and is not from errwire", self.named(name))),
                None => drop(new.insert(name.clone(), value.clone())),
            }
        }
        self.add(node, parent, &new);
        Ok(())
    }

    fn named(&self, name: &str) -> String {
        self.path.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(".")
    }

    /// Puts members behind the last one of a mapping, which is the value of `parent`.
    fn add(&mut self, node: &Node, parent: Option<Parent<'_>>, new: &Object) {
        let Content::Mapping { is_flow, entries } = &node.content else { return };
        match (entries.first().zip(entries.last()), parent) {
            _ if new.is_empty() => {}
            (Some((first, _)), _) if !is_flow => {
                let at = self.lines.start(node.last_line + 1);
                let text = self.line_break_before(at).to_owned() + &blocks(first.column, new);
                self.edits.push(Edit { range: at..at, text });
            }
            // Laid out as the entries are.
            (Some((first, last)), _) => {
                let indent = Some(first.column).filter(|_| self.begins_line(first.start));
                let at = last.value.range.end;
                self.edits.push(Edit { range: at..at, text: format!(",{}", members(indent, new)) });
            }
            (None, Some(parent)) => self.instead_of(node.range.clone(), parent, new),
            (None, None) => {}
        }
    }

    /// Puts members in the place of an empty value: in blocks, if its key stands in one; else laid out as its key is.
    fn instead_of(&mut self, range: Range<usize>, parent: Parent<'_>, new: &Object) {
        let Parent { entry, in_flow } = parent;
        if in_flow {
            let indent = Some(entry.column).filter(|_| self.begins_line(entry.start));
            let inside = members(indent.map(|indent| indent + 2), new);
            let end = indent.map_or(String::new(), |indent| format!("\n{:indent$}", ""));
            return self.edits.push(Edit { range, text: format!("{{{inside}{end}}}") });
        }
        let at = self.lines.start(entry.line + 1);
        let text = self.line_break_before(at).to_owned() + &blocks(entry.column + 2, new);
        self.edits.push(Edit { range, text: String::new() });
        self.edits.push(Edit { range: at..at, text });
    }

    fn begins_line(&self, offset: usize) -> bool {
        let before = self.text.get(..offset).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        before.contains('\n') && line.trim().is_empty()
    }

    /// What the last line of a text may lack.
    fn line_break_before(&self, at: usize) -> &'static str {
        if self.text.get(..at).is_some_and(|before| before.ends_with('\n')) { "" } else { "\n" }
    }
}

fn blocks(indent: usize, new: &Object) -> String {
    let mut text = String::new();
    new.iter().for_each(|(key, value)| yaml_block(&mut text, indent, key, value));
    text
}

/// Members of an object in braces, each on lines of its own if there is an indentation.
fn members(indent: Option<usize>, new: &Object) -> String {
    let line_break = indent.map_or(String::new(), |indent| format!("\n{:indent$}", ""));
    let members: Vec<String> =
        new.iter().map(|(key, value)| line_break.clone() + &json_member(indent, key, value)).collect();
    members.join(",")
}
