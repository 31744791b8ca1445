//! What the parts of a kind are called in Rust.

use std::collections::HashSet;

use crate::model::Entry;

/// [Keywords](https://doc.rust-lang.org/reference/keywords.html) of all editions, in lower case. Those that no identifier may
/// be, not even a raw one, are apart.
const KEYWORDS: [&str; 49] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
const NEVER: [&str; 3] = ["crate", "self", "super"];

/// The function that returns the catalog.
pub(super) const CATALOG: &str = "catalog";
/// The variant for all kinds that the catalog does not have.
pub(super) const OTHER: &str = "Other";

/// A kind and its names.
pub(super) struct Named<'e> {
    pub(super) entry: &'e Entry,
    /// The constant, which is the reason: `TASK_NOT_FOUND`.
    pub(super) constant: &'e str,
    /// The constructor: `task_not_found`.
    pub(super) function: String,
    /// The variant: `TaskNotFound`.
    pub(super) variant: String,
    /// Each placeholder of the message once, with the argument that fills it.
    pub(super) arguments: Vec<(&'e str, String)>,
}

/// Names the kinds. Of two that would have one variant, the first in the order of the catalog has it, and the others have
/// underscores at their ends.
pub(super) fn name<'e>(entries: &[&'e Entry]) -> Vec<Named<'e>> {
    let mut variants = HashSet::from([OTHER.to_owned(), "Self".to_owned()]);
    let named = entries.iter().map(|entry| Named {
        entry,
        constant: &entry.reason,
        function: function(&entry.kind),
        variant: unique(camel(&entry.kind), &mut variants),
        arguments: arguments(entry),
    });
    named.collect()
}

/// Kinds do not end with an underscore, so a name that does is nobody else's.
fn function(kind: &str) -> String {
    if kind == CATALOG { format!("{kind}_") } else { identifier(kind.to_owned()) }
}

fn arguments(entry: &Entry) -> Vec<(&str, String)> {
    let mut arguments: Vec<(&str, String)> = Vec::new();
    let mut names = HashSet::new();
    for placeholder in entry.message.placeholders() {
        if arguments.iter().all(|(known, _)| *known != placeholder) {
            arguments.push((placeholder, identifier(unique(snake(placeholder), &mut names))));
        }
    }
    arguments
}

/// A name that is free: with as many underscores at its end as that takes.
fn unique(mut name: String, taken: &mut HashSet<String>) -> String {
    while taken.contains(&name) {
        name.push('_');
    }
    taken.insert(name.clone());
    name
}

/// Keywords become raw identifiers.
fn identifier(name: String) -> String {
    match &*name {
        word if NEVER.contains(&word) => format!("{name}_"),
        word if KEYWORDS.binary_search(&word).is_ok() => format!("r#{name}"),
        _ => name,
    }
}

/// `task_not_found` becomes `TaskNotFound`.
fn camel(kind: &str) -> String {
    let words = kind.split('_').filter_map(|word| Some((word.chars().next()?, word.get(1..)?)));
    words.map(|(first, rest)| format!("{}{rest}", first.to_ascii_uppercase())).collect()
}

/// `taskId` and `task-id` become `task_id`.
fn snake(placeholder: &str) -> String {
    let mut name = String::with_capacity(placeholder.len() + 4);
    let mut previous = '_';
    for c in placeholder.chars() {
        let begins = c.is_ascii_uppercase() && !previous.is_ascii_uppercase();
        if (begins || matches!(c, '-' | '_')) && !name.ends_with('_') {
            name.push('_');
        }
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        }
        previous = c;
    }
    name.truncate(name.trim_end_matches('_').len());
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, HttpStatus, Template};

    fn entry(kind: &str, message: &str) -> Entry {
        let message = Template::from(message.to_owned());
        Entry::new(kind.to_owned(), "d".to_owned(), HttpStatus::from_static(400), Code::Aborted, message)
    }

    #[test]
    fn keywords_are_in_order() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn names_are_identifiers_and_differ() {
        let rows = [
            ("task_not_found", "task_not_found", "TaskNotFound"),
            ("type", "r#type", "Type"),
            ("self", "self_", "Self_"),
            ("super", "super_", "Super"),
            ("catalog", "catalog_", "Catalog"),
            ("other", "other", "Other_"),
            ("a_b", "a_b", "AB"),
            ("a__b", "a__b", "AB_"),
            ("a___b", "a___b", "AB__"),
            ("a1_2", "a1_2", "A12"),
            ("a12", "a12", "A12_"),
        ];
        let entries = rows.map(|row| entry(row.0, "m"));
        let named = name(&entries.iter().collect::<Vec<_>>());
        for (named, (kind, function, variant)) in named.iter().zip(rows) {
            assert_eq!((&*named.function, &*named.variant), (function, variant), "{kind}");
        }
    }

    #[test]
    fn each_placeholder_is_an_argument() {
        let entry =
            entry("a_kind", "{task_id}, {taskId}, {task-id}, {task_id}, {type}, {self}, {a--B_}, {HTTP}, {aHTTPCode}");
        let expected = [
            ("task_id", "task_id"),
            ("taskId", "task_id_"),
            ("task-id", "task_id__"),
            ("type", "r#type"),
            ("self", "self_"),
            ("a--B_", "a_b"),
            ("aHTTPCode", "a_httpcode"),
        ];
        let found = arguments(&entry);
        assert_eq!(found.iter().map(|(name, argument)| (*name, &**argument)).collect::<Vec<_>>(), expected);
    }
}
