//! Catalogs in YAML.

use std::collections::{HashMap, hash_map};

use super::{
    Rule,
    join::{Draft, DraftFile},
    rule::Findings,
    tree::{Fields, domain, language_of_file, name, read_kind, read_methods},
};
use crate::{
    diagnostic::{Place, Quoted},
    model::{fold, is_kind},
    yaml::{Field, Node, Scalar, Value, parse_with},
};

impl Rule {
    /// Whether YAML itself is wrong.
    fn is_of_yaml(self) -> bool {
        matches!(self, Self::InvalidYaml | Self::SeveralDocuments | Self::Alias | Self::Tag)
    }
}

const BEGINNING: &str = "Begin with `domain: api.example.com` and `kinds:`";

const START: Place = Place { line: 1, column: 1 };

/// Reads what can be read of a file, and reports the rest. A kind becomes an entry as soon as it is read, so that no more than one
/// is ever there as a tree.
pub(super) fn read(text: &str, findings: &mut Findings) -> DraftFile {
    let mut kinds = Kinds::default();
    let root = parse_with(text, findings, Some("kinds"), |key, value, findings| kinds.read(&key, &value, findings));
    let pairs = match root.as_ref().map(|root| (&root.value, root)) {
        Some((Value::Mapping(pairs), _)) => pairs,
        None | Some((Value::Scalar(Scalar::Null, _), _)) => {
            // If it is not YAML further on, that alone is reported.
            findings.retain(|problem| problem.rule().is_of_yaml());
            // If it is empty because it could not be read, that is reported.
            if findings.is_empty() {
                findings.report(Rule::MissingKey, START, "The file is empty".to_owned(), BEGINNING);
            }
            return DraftFile::default();
        }
        Some((Value::Refused, _)) => return DraftFile::default(),
        Some((_, root)) => {
            let message = format!("The file is {}, not a mapping", root.describe());
            findings.report(Rule::WrongType, root.place, message, BEGINNING);
            return DraftFile::default();
        }
    };
    let fields = Fields::new(pairs, &["domain", "language", "kinds", "methods"], findings);
    let domain = fields.required("domain", "The file", START, findings).and_then(|field| domain(field, findings));
    let language = language_of_file(&fields, findings);
    if let Some(field) = fields.get("kinds") {
        field.mapping(findings);
    }
    let methods = fields.get("methods").map(|field| read_methods(field, findings)).unwrap_or_default();
    DraftFile {
        domains: domain.map(str::to_owned).into_iter().collect(),
        kinds: kinds.of_file(domain.unwrap_or_default(), language),
        methods,
    }
}

/// The entries of `kinds`.
#[derive(Default)]
struct Kinds {
    drafts: Vec<Draft>,
    /// Where each name stands.
    seen: HashMap<String, Place>,
}

impl Kinds {
    fn read(&mut self, key: &Node<'_>, value: &Node<'_>, findings: &mut Findings) {
        let Some(name) = name(key, findings) else { return };
        let draft = read_kind(Field { name, key, value }, "", findings);
        if !is_kind(name) {
            return bad_kind(name, key, findings);
        }
        match self.seen.entry(name.to_owned()) {
            hash_map::Entry::Vacant(entry) => {
                entry.insert(key.place);
                self.drafts.push(draft);
            }
            hash_map::Entry::Occupied(first) => {
                let Place { line, column } = first.get();
                let message = format!("The kind `{name}` is repeated, after line {line}, column {column}");
                findings.report(Rule::DuplicateKind, key.place, message, "Keep one of the two, or rename one");
            }
        }
    }

    /// With the domain and the language of the file, which may stand behind them.
    fn of_file(mut self, domain: &str, language: Option<String>) -> Vec<Draft> {
        for entry in self.drafts.iter_mut().filter_map(|draft| draft.entry.as_mut()) {
            entry.domain = domain.to_owned().into();
            if let Some(language) = &language {
                entry.language = language.clone().into();
            }
        }
        self.drafts
    }
}

fn bad_kind(name: &str, key: &Node<'_>, findings: &mut Findings) {
    // Folding drops letters that are not ASCII, which makes no good name.
    let remedy = match fold(name).filter(|_| name.is_ascii()) {
        Some(folded) => format!("Write `{folded}`"),
        None => {
            "A kind is 3 to 63 characters of a-z, 0-9 and _, begins with a letter, and does not end with _".to_owned()
        }
    };
    findings.report(Rule::BadKind, key.place, format!("{} is not a kind", Quoted(name)), remedy);
}
