//! One entry, with its messages in other languages and the audience of its metadata keys, and the kinds that a method declares.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
};

use super::{
    Fields, describe, name,
    values::{self, language},
};
#[cfg(feature = "yaml")]
use crate::catalog::{join::DraftMethod, method::is_method_name};
use crate::{
    catalog::{Rule, join::Draft, rule::Findings},
    diagnostic::{Place, Quoted},
    model::{Deprecation, KindEntry, MessageTemplate, Visibility, is_metadata_key},
    yaml::{Field, Node, Scalar, Value},
};

// docs/rules.md: R-CATALOG-2

const KEYS: [&str; 13] = [
    "override",
    "status",
    "code",
    "message",
    "description",
    "help_url",
    "retry",
    "retry_delay",
    "visibility",
    "localized",
    "deprecated",
    "owner",
    "metadata",
];

/// Reads what can be read of an entry, and reports the rest. The name is that of the field.
pub(in crate::catalog) fn read_kind(kind: Field<'_, '_>, domain: &str, findings: &mut Findings) -> Draft {
    let mut draft = Draft::new(kind.name.to_owned(), kind.key.place, findings);
    let Some(pairs) = kind.mapping(findings) else { return draft };
    let fields = Fields::new(pairs, &KEYS, findings);
    draft.fields = KEYS.iter().filter_map(|key| Some((*key, fields.get(key)?.place()))).collect();
    draft.overrides = fields.get("override").map_or(Some(false), |field| field.boolean(findings));

    let owner = Quoted(kind.name).to_string();
    let mut required = |name| fields.required(name, &owner, kind.key.place, findings);
    let (status, code, message) = (required("status"), required("code"), required("message"));
    let status = status.and_then(|field| values::status(field, findings));
    let code = code.and_then(|field| values::code(field, findings));
    let message = message.and_then(|field| field.text(findings)).map(|text| MessageTemplate::from(text.to_owned()));
    // The others are read even if the entry cannot be built, so that all problems are found at once.
    let description = fields.get("description").and_then(|field| field.text_or_empty(findings)).unwrap_or_default();
    let help_url = fields.get("help_url").and_then(|field| values::help_url(field, findings));
    let retry = values::retry(&fields, findings);
    let visibility = fields.get("visibility").and_then(|field| values::visibility(field, findings));
    let localized = fields.get("localized").map(|field| read_localized(field, message.as_ref(), findings));
    let deprecated = fields.get("deprecated").and_then(|field| deprecated(field, &mut draft, findings));
    let metadata = fields.get("metadata").map(|field| read_metadata(field, findings));
    let team = fields.get("owner").and_then(|field| field.text(findings));

    let (Some(status), Some(code), Some(message)) = (status, code, message) else { return draft };
    draft.entry = Some(Box::new(KindEntry {
        description: description.to_owned().into(),
        help_url: help_url.map(|url| url.to_owned().into()),
        retry,
        visibility: visibility.unwrap_or(Visibility::of(status)),
        localized: localized.unwrap_or_default().into(),
        deprecated,
        owner: team.map(|team| team.to_owned().into()),
        metadata: metadata.unwrap_or_default().into(),
        ..KindEntry::new(draft.name.clone(), domain.to_owned(), status, code, message)
    }));
    draft
}

fn deprecated(field: Field<'_, '_>, draft: &mut Draft, findings: &mut Findings) -> Option<Deprecation> {
    let fields = Fields::new(field.mapping(findings)?, &["since", "replaced_by"], findings);
    let since = fields.get("since").and_then(|field| field.text(findings)).unwrap_or_default();
    let replaced_by =
        fields.get("replaced_by").and_then(|field| Some((field.text(findings)?.to_owned(), field.place())));
    let kind = replaced_by.as_ref().map(|(kind, _)| kind.clone().into());
    draft.replaced_by = replaced_by;
    Some(Deprecation { since: since.to_owned().into(), replaced_by: kind })
}

/// The keys in their order. A key without a visibility is as visible as its kind, and is left out.
fn read_metadata(field: Field<'_, '_>, findings: &mut Findings) -> Vec<(Cow<'static, str>, Visibility)> {
    let mut keys = BTreeMap::new();
    for (key, value) in field.mapping(findings).unwrap_or_default() {
        let Some(name) = name(key, findings) else { continue };
        let field = Field { name, key, value };
        if !is_metadata_key(name) {
            let message = format!("{} is not a key of metadata", Quoted(name));
            let remedy = "Name it with 2 to 64 of a-z, A-Z, 0-9, _ and -, beginning with a-z";
            findings.report(Rule::InvalidMetadataKey, key.place, message, remedy);
            continue;
        }
        let Some(pairs) = field.mapping(findings) else { continue };
        let fields = Fields::new(pairs, &["visibility"], findings);
        let found = fields.get("visibility").and_then(|field| values::visibility(field, findings));
        if keys.insert(Cow::Owned(name.to_owned()), found).is_some() {
            let message = format!("The key {} is repeated", Quoted(name));
            findings.report(Rule::DuplicateKey, key.place, message, "Keep one of the two");
        }
    }
    keys.into_iter().filter_map(|(key, visibility)| Some((key, visibility?))).collect()
}

/// How many placeholders one problem names; this also bounds the work for a file of many placeholders and languages.
const NAMED: usize = 5;

/// The messages by language tag, in the order of the tags, which get their
/// [usual case](https://www.rfc-editor.org/rfc/rfc5646#section-2.1.1).
fn read_localized(
    field: Field<'_, '_>,
    message: Option<&MessageTemplate>,
    findings: &mut Findings,
) -> Vec<(Cow<'static, str>, MessageTemplate)> {
    let expected: Option<HashSet<&str>> = message.map(|message| message.placeholders().collect());
    let mut localized = BTreeMap::new();
    for (key, value) in field.mapping(findings).unwrap_or_default() {
        let Some(tag) = name(key, findings) else { continue };
        let field = Field { name: tag, key, value };
        let text = field.text(findings);
        let Some(language) = language(tag, key.place, findings) else { continue };
        let Some(text) = text else { continue };
        let template = MessageTemplate::from(text.to_owned());
        if let Some(expected) = &expected {
            compare(field, expected, &template, findings);
        }
        if localized.insert(Cow::Owned(language.clone()), template).is_some() {
            let message = format!("The language `{language}` is repeated");
            findings.report(Rule::DuplicateKey, key.place, message, "Keep one of the two");
        }
    }
    localized.into_iter().collect()
}

fn compare(field: Field<'_, '_>, expected: &HashSet<&str>, template: &MessageTemplate, findings: &mut Findings) {
    let found: HashSet<&str> = template.placeholders().collect();
    let lacks = list(expected.difference(&found).copied());
    if !lacks.is_empty() {
        let message = format!("The message in {} lacks {lacks}", Quoted(field.name));
        let remedy = "Use the placeholders of `message` in every language";
        findings.report(Rule::PlaceholderMismatch, field.place(), message, remedy);
    }
    let extra = list(found.difference(expected).copied());
    if !extra.is_empty() {
        let message = format!("The message in {} has {extra}, which `message` does not have", Quoted(field.name));
        findings.report(
            Rule::PlaceholderMismatch,
            field.place(),
            message,
            "Use it in `message` too, or remove it here",
        );
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.take(NAMED).collect();
    names.sort_unstable();
    let names: Vec<String> = names.into_iter().map(|name| format!("{{{name}}}")).collect();
    names.join(", ")
}

#[cfg(feature = "yaml")]
const LIST: &str = "Write a list of kinds: [task_not_found]";

/// Reads a mapping from methods to lists of kinds.
#[cfg(feature = "yaml")]
pub(in crate::catalog) fn read_methods(field: Field<'_, '_>, findings: &mut Findings) -> Vec<DraftMethod> {
    let mut methods = Vec::new();
    for (key, value) in field.mapping(findings).unwrap_or_default() {
        let Some(name) = name(key, findings) else { continue };
        if !is_method_name(name) {
            report_bad_method(name, key.place, findings);
            continue;
        }
        let kinds = match &value.value {
            Value::List(nodes) => read_kinds(nodes, findings),
            Value::Refused => continue,
            _ => {
                let message = format!("The errors of {} are {}, not a list", Quoted(name), value.describe());
                let place = if value.is_null() { key.place } else { value.place };
                findings.report(Rule::WrongType, place, message, LIST);
                continue;
            }
        };
        methods.push(DraftMethod { name: name.to_owned(), place: key.place, kinds: Some(kinds), routes: Vec::new() });
    }
    methods
}

/// The kinds of a list, each once, with their places.
pub(in crate::catalog) fn read_kinds<'n>(
    nodes: impl IntoIterator<Item = &'n Node<'n>>,
    findings: &mut Findings,
) -> Vec<(String, Place)> {
    let mut known = HashSet::new();
    let mut kinds = Vec::new();
    for node in nodes {
        match &node.value {
            Value::Scalar(Scalar::Text, text) if !known.insert(text.clone()) => {
                let message = format!("The kind {} is listed twice", Quoted(text));
                findings.report(Rule::DuplicateKey, node.place, message, "Keep one of the two");
            }
            Value::Scalar(Scalar::Text, text) => kinds.push((text.to_string(), node.place)),
            Value::Refused => {}
            _ => {
                let is_word = matches!(node.value, Value::Scalar(Scalar::Word, _));
                let remedy = if is_word { "Put it into quotes" } else { "Write the name of a kind" };
                let message = format!("A kind is {}, not text", describe(node, findings.notation()));
                findings.report(Rule::WrongType, node.place, message, remedy);
            }
        }
    }
    kinds
}

/// Reports what cannot be the name of a method or of a service.
pub(in crate::catalog) fn report_bad_method(name: &str, place: Place, findings: &mut Findings) {
    let message = format!("{} is not the name of a method", Quoted(name));
    let remedy = "Write it as tasks.v1.TaskService/GetTask, or tasks.v1.TaskService for all methods of the service";
    findings.report(Rule::BadMethod, place, message, remedy);
}
