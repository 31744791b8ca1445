//! Adding the errors to a document that exists.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use super::{
    VERBS,
    insert::{Addition, Edit, Insert, apply},
    operation_id, responses,
    schema::{MARK, Version},
    schemas, shared, short_name,
    source::{self, Content, Entry, Lines, Node},
};
use crate::{
    catalog::{Method, with_variables},
    docs::Reference,
};

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
    let (text, kept) = Insert::new(&without).finish(&root, &added)?;
    notes.extend(kept);
    Ok(Merged { text, notes })
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
            .filter_map(|route| by_route.get(&(route.verb().to_ascii_lowercase(), shape(route.template()))).copied())
            .collect();
        if places.is_empty() {
            let ids = [method.name(), &operation_id(method), short_name(method)].map(plain);
            // An id that two operations share is ambiguous.
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
    with_variables(path, |_| "")
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
