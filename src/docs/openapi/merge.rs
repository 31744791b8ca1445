//! Adding the errors to a document that exists.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use serde_json::{Map, Value};

use super::{
    document::{VERBS, schemas},
    operation::{operation_id, responses, shared, short_name},
    schema::MARK,
    source::{self, Content, Entry, Lines, Node},
    value::{block, member},
    version::Version,
};
use crate::{catalog::Method, docs::Reference};

/// A document with the errors in it.
pub(crate) struct Merged {
    pub(crate) text: String,
    /// What a person may want to know, a sentence each: responses that were there already, methods without an operation.
    pub(crate) notes: Vec<String>,
}

/// Adds the errors of each method to its operation, and what they refer to. What was added before is replaced, and all
/// else stays as it is.
///
/// # Errors
///
/// Why the document cannot be read, or has something under a name of ours.
pub(crate) fn merge(reference: &Reference, text: &str) -> Result<Merged, String> {
    let without = without_ours(text)?;
    let root = root(&without)?;
    let version = version(&root)?;
    let mut notes = Vec::new();
    let mut added = Addition::default();
    added.at(version.schemas(), schemas(reference, version));
    added.at(version.responses(), shared(reference, version));
    for (path, verb, method) in operations(reference, &root, &mut notes) {
        added.at(&["paths", path, verb, "responses"], responses(reference, method, version));
    }
    let mut edits = Vec::new();
    let lines = Lines::new(&without);
    let mut insert = Insert { text: &without, lines: &lines, edits: &mut edits, notes: &mut notes, path: Vec::new() };
    insert.below(&root, None, &added)?;
    Ok(Merged { text: apply(&without, edits), notes })
}

fn root(text: &str) -> Result<Node, String> {
    let root = source::read(text).map_err(|why| format!("it is neither YAML nor JSON: {why}"))?;
    root.filter(|root| !root.entries().is_empty()).ok_or_else(|| "it is not an OpenAPI document".to_owned())
}

fn version(root: &Node) -> Result<Version, String> {
    let member = |name| root.get(name).and_then(Node::text);
    Version::of(member("openapi"), member("swagger"))
        .ok_or_else(|| "it is not OpenAPI 3 or Swagger 2: it has no `openapi: 3.1.0` or the like".to_owned())
}

/// The operations that methods are: by path, else by operation id.
fn operations<'n, 'r>(
    reference: &'r Reference,
    root: &'n Node,
    notes: &mut Vec<String>,
) -> Vec<(&'n str, &'n str, &'r Method)> {
    let mut by_route = HashMap::new();
    let mut by_id: HashMap<String, Vec<(&str, &str)>> = HashMap::new();
    for path in root.get("paths").map(Node::entries).unwrap_or_default() {
        for operation in path.value.entries().iter().filter(|entry| VERBS.contains(&&*entry.name)) {
            let place = (path.name.as_str(), operation.name.as_str());
            by_route.insert((operation.name.clone(), shape(&path.name)), place);
            if let Some(id) = operation.value.get("operationId").and_then(Node::text) {
                by_id.entry(plain(id)).or_default().push(place);
            }
        }
    }
    let mut found = BTreeMap::new();
    for method in reference.methods() {
        let routes = method.routes().iter();
        let mut places: Vec<(&str, &str)> = routes
            .filter_map(|route| {
                by_route.get(&(route.verb().to_ascii_lowercase(), shape(&route.openapi_path()))).copied()
            })
            .collect();
        if places.is_empty() {
            let ids = [method.name(), &operation_id(method), short_name(method)].map(plain);
            // An id that two operations have says nothing.
            let unique = |id: &String| by_id.get(id).filter(|places| places.len() == 1);
            places.extend(ids.iter().find_map(unique).into_iter().flatten());
        }
        if places.is_empty() && method.is_declared() {
            notes.push(format!("no operation is `{}`", method.name()));
        }
        for place in places {
            found.entry(place).or_insert(method);
        }
    }
    found.into_iter().map(|((path, verb), method)| (path, verb, method)).collect()
}

/// A path without the names of its variables, and without a pattern in them.
fn shape(path: &str) -> String {
    let mut shape = String::new();
    let mut rest = path;
    while let Some((before, variable)) = rest.split_once('{') {
        shape.push_str(before);
        shape.push_str("{}");
        rest = variable.split_once('}').map_or("", |(_, after)| after);
    }
    shape + rest
}

/// A name as letters and digits alone, in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The text without what was added before.
fn without_ours(text: &str) -> Result<String, String> {
    let root = root(text)?;
    let version = version(&root)?;
    let lines = Lines::new(text);
    let mut edits = Vec::new();
    let inside = |path: &[&str]| path.iter().try_fold(&root, |node, name| node.get(name));
    let mut strip = |node: Option<&Node>| node.map(|node| remove(node, text, &lines, &mut edits));
    strip(inside(version.schemas()));
    strip(inside(version.responses()));
    for path in root.get("paths").map(Node::entries).unwrap_or_default() {
        for operation in path.value.entries() {
            strip(operation.value.get("responses"));
        }
    }
    Ok(apply(text, edits))
}

/// Whether an entry was added by us.
fn is_ours(value: &Node) -> bool {
    let is_shared = |reference: &str| {
        let name = reference.rsplit_once("responses/").map_or("", |(_, name)| name);
        name.strip_prefix("error_").is_some_and(|status| status.len() == 3 && status.parse::<u16>().is_ok())
    };
    value.get(MARK).is_some() || value.get("$ref").and_then(Node::text).is_some_and(is_shared)
}

fn remove(node: &Node, text: &str, lines: &Lines<'_>, edits: &mut Vec<Edit>) {
    let Content::Mapping { is_flow, entries } = &node.content else { return };
    let others = entries.iter().filter(|entry| !is_ours(&entry.value)).count();
    if others == entries.len() {
        return;
    }
    let mut empty = |range: Range<usize>| {
        if text.get(range.clone()).is_some() {
            edits.push(Edit { range, text: String::new() });
        }
    };
    if *is_flow && others == 0 {
        return empty(node.range.start + 1..node.range.end.saturating_sub(1));
    }
    // Of those in braces the comma behind goes too; behind an entry that stays, the comma before.
    let mut before: Option<&Entry> = None;
    for (at, entry) in entries.iter().enumerate() {
        if !is_ours(&entry.value) {
            before = Some(entry);
        } else if !is_flow {
            empty(lines.start(entry.line)..lines.start(entry.value.last_line + 1));
        } else if before.is_some() {
            let from =
                at.checked_sub(1).and_then(|at| entries.get(at)).map_or(entry.start, |last| last.value.range.end);
            empty(from..entry.value.range.end);
        } else if let Some(next) = entries.get(at + 1) {
            empty(entry.start..next.start);
        }
    }
}

/// What is to be added: below a member, or as one.
#[derive(Default)]
struct Addition {
    below: Vec<(String, Addition)>,
    members: Map<String, Value>,
}

impl Addition {
    fn at(&mut self, path: &[&str], members: Map<String, Value>) {
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
    fn value(&self) -> Value {
        let below = self.below.iter().map(|(name, below)| (name.clone(), below.value()));
        below.chain(self.members.clone()).collect::<Map<_, _>>().into()
    }
}

/// A piece of the text, and what stands there instead.
struct Edit {
    range: Range<usize>,
    text: String,
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Edit { range, text: new } in edits {
        // What overlaps was removed already.
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(&new);
        at = at.max(range.end);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

struct Insert<'t, 'e> {
    text: &'t str,
    lines: &'t Lines<'t>,
    edits: &'e mut Vec<Edit>,
    notes: &'e mut Vec<String>,
    /// Where we are, for messages.
    path: Vec<String>,
}

impl Insert<'_, '_> {
    fn below(&mut self, node: &Node, parent: Option<&Entry>, added: &Addition) -> Result<(), String> {
        let mut new = Map::new();
        for (name, below) in &added.below {
            match node.entry(name) {
                Some(entry) if matches!(entry.value.content, Content::Mapping { .. }) => {
                    self.path.push(name.clone());
                    self.below(&entry.value, Some(entry), below)?;
                    self.path.pop();
                }
                Some(entry) if entry.value.is_null() => self.instead_of_nothing(entry, &below.value()),
                Some(_) => return Err(format!("`{}` is not an object", self.named(name))),
                None => _ = new.insert(name.clone(), below.value()),
            }
        }
        for (name, value) in &added.members {
            match node.entry(name) {
                // A response that somebody wrote stays.
                Some(_) if self.path.first().is_some_and(|first| first == "paths") => {
                    self.notes.push(format!("`{}` was there already", self.named(name)));
                }
                Some(_) => return Err(format!("`{}` is there already and is not from errwire", self.named(name))),
                None => _ = new.insert(name.clone(), value.clone()),
            }
        }
        self.add(node, parent, &new);
        Ok(())
    }

    fn named(&self, name: &str) -> String {
        self.path.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(".")
    }

    /// Puts members behind the last one of a mapping, which is the value of `parent`.
    fn add(&mut self, node: &Node, parent: Option<&Entry>, new: &Map<String, Value>) {
        let Content::Mapping { is_flow, entries } = &node.content else { return };
        if new.is_empty() {
            return;
        }
        if !is_flow {
            let indent = entries.first().map_or(0, |first| first.column);
            let at = self.lines.start(node.last_line + 1);
            let mut text = self.line_break_before(at).to_owned();
            for (key, value) in new {
                block(&mut text, indent, key, value);
            }
            return self.edits.push(Edit { range: at..at, text });
        }
        let (last, first) = (entries.last(), entries.first().map(|first| (first.start, first.column)));
        // Laid out as the entries are; without one, as its key is.
        let begins_line = |&(start, _): &(usize, usize)| self.begins_line(start);
        let indent = match first {
            Some(first) => Some(first).filter(begins_line).map(|(_, column)| column),
            None => {
                let parent = parent.map(|parent| (parent.start, parent.column));
                parent.filter(begins_line).map(|(_, column)| column + 2)
            }
        };
        let line_break = indent.map_or(String::new(), |indent| format!("\n{:indent$}", ""));
        let members: Vec<String> =
            new.iter().map(|(key, value)| line_break.clone() + &member(indent, key, value)).collect();
        let mut text = if last.is_some() { "," } else { "" }.to_owned() + &members.join(",");
        if let (None, Some(indent)) = (last, indent) {
            text.push_str(&format!("\n{:1$}", "", indent - 2));
        }
        let at = last.map_or(node.range.start + 1, |last| last.value.range.end);
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

    /// Puts a value behind a key that has none.
    fn instead_of_nothing(&mut self, entry: &Entry, value: &Value) {
        let Value::Object(members) = value else { return };
        if !self.text.get(entry.value.range.clone()).is_none_or(|text| text.trim().is_empty()) {
            return self.edits.push(Edit { range: entry.value.range.clone(), text: value.to_string() });
        }
        let at = self.lines.start(entry.line + 1);
        let mut text = self.line_break_before(at).to_owned();
        for (key, value) in members {
            block(&mut text, entry.column + 2, key, value);
        }
        self.edits.push(Edit { range: at..at, text });
    }
}
