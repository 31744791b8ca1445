//! The Rust names of a kind: constant, function, variant.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use crate::model::KindEntry;

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
    pub(super) entry: &'e KindEntry,
    /// The constant, which is the reason: `TASK_NOT_FOUND`.
    pub(super) constant: Cow<'e, str>,
    /// The constructor: `task_not_found`.
    pub(super) function: String,
    /// The variant: `TaskNotFound`.
    pub(super) variant: String,
    /// Each placeholder of the message once, with the argument that fills it.
    pub(super) arguments: Vec<(&'e str, String)>,
}

/// Names the kinds. Of several that would have one variant, the first in the order of the catalog has it, and the others have
/// numbers.
pub(super) fn name<'e>(entries: &[&'e KindEntry]) -> Vec<Named<'e>> {
    // A variant may have an underscore at its end alone, where no other has one.
    let mut variants = Taken::new(|name, count| format!("{name}{count}_"));
    for name in [OTHER, "Self"] {
        variants.name(name.to_owned());
    }
    let named = entries.iter().map(|entry| Named {
        entry,
        constant: Cow::Borrowed(&entry.reason),
        function: function(&entry.kind),
        variant: variants.name(camel(&entry.kind)),
        arguments: arguments(entry),
    });
    named.collect()
}

/// Kinds do not end with an underscore, so a name that does is free.
fn function(kind: &str) -> String {
    if kind == CATALOG { format!("{kind}_") } else { identifier(kind.to_owned()) }
}

fn arguments(entry: &KindEntry) -> Vec<(&str, String)> {
    let (mut seen, mut names) = (HashSet::new(), Taken::new(|name, count| format!("{name}_{count}")));
    let each_once = entry.message.placeholders().filter(|placeholder| seen.insert(*placeholder));
    each_once.map(|placeholder| (placeholder, identifier(names.name(snake(placeholder))))).collect()
}

/// Names that are taken.
struct Taken {
    /// Each with the last number that it was given.
    counts: HashMap<String, usize>,
    numbered: fn(&str, usize) -> String,
}

impl Taken {
    fn new(numbered: fn(&str, usize) -> String) -> Self {
        Self { counts: HashMap::new(), numbered }
    }

    /// The name, or the first that is free of those with a number.
    fn name(&mut self, name: String) -> String {
        let mut count = self.counts.get(&name).copied().unwrap_or(0);
        let mut free = name.clone();
        while self.counts.contains_key(&free) {
            count += 1;
            free = (self.numbered)(&name, count);
        }
        self.counts.insert(name, count.max(1));
        self.counts.entry(free.clone()).or_insert(1);
        free
    }
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
    use crate::model::{Code, HttpStatus, MessageTemplate};

    fn entry(kind: &str, message: &str) -> KindEntry {
        let message = MessageTemplate::from(message.to_owned());
        KindEntry::new(kind.to_owned(), "d".to_owned(), HttpStatus::from_static(400), Code::Aborted, message)
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
            ("self", "self_", "Self2_"),
            ("super", "super_", "Super"),
            ("catalog", "catalog_", "Catalog"),
            ("other", "other", "Other2_"),
            ("a_b", "a_b", "AB"),
            ("a__b", "a__b", "AB2_"),
            ("a___b", "a___b", "AB3_"),
            ("a1_2", "a1_2", "A12"),
            ("a12", "a12", "A122_"),
        ];
        let entries = rows.map(|row| entry(row.0, "m"));
        let named = name(&entries.iter().collect::<Vec<_>>());
        for (named, (kind, function, variant)) in named.iter().zip(rows) {
            assert_eq!((&*named.function, &*named.variant), (function, variant), "{kind}");
        }
    }

    /// 20,000 kinds, and as many placeholders, that all fold to one name.
    #[test]
    fn many_that_are_the_same_are_no_product() {
        let spelled = |n: usize| (0..15).map(|bit| if n >> bit & 1 == 1 { "1_" } else { "1" }).collect::<String>();
        let entries: Vec<KindEntry> = (0..20_000).map(|n| entry(&format!("a{}1", spelled(n)), "m")).collect();
        let named = name(&entries.iter().collect::<Vec<_>>());
        assert_eq!(named.iter().map(|named| &*named.variant).collect::<HashSet<_>>().len(), 20_000);
        assert_eq!(named[19_999].variant, "A111111111111111120000_");

        let dashed = |n: usize| (0..15).map(|bit| if n >> bit & 1 == 1 { "b-" } else { "b_" }).collect::<String>();
        let message: String = (0..20_000).map(|n| format!("{{a{}c}}", dashed(n))).collect();
        let entry = entry("a_kind", &message);
        assert_eq!(arguments(&entry).iter().map(|(_, name)| &**name).collect::<HashSet<_>>().len(), 20_000);
    }

    #[test]
    fn each_placeholder_is_an_argument() {
        let entry = entry(
            "a_kind",
            "{task_id}, {taskId}, {task_id_2}, {task-id}, {task_id}, {type}, {self}, {a--B_}, {HTTP}, {aHTTPCode}",
        );
        let expected = [
            ("task_id", "task_id"),
            ("taskId", "task_id_2"),
            ("task_id_2", "task_id_2_2"),
            ("task-id", "task_id_3"),
            ("type", "r#type"),
            ("self", "self_"),
            ("a--B_", "a_b"),
            ("aHTTPCode", "a_httpcode"),
        ];
        let found = arguments(&entry);
        assert_eq!(found.iter().map(|(name, argument)| (*name, &**argument)).collect::<Vec<_>>(), expected);
    }
}
