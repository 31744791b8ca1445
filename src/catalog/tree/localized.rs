//! The messages in other languages.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet, btree_map},
};

use fluent_langneg::LanguageIdentifier;

use super::fields::{Field, Fields, name};
use crate::{
    catalog::{Rule, rule::Findings},
    diagnostic::{Place, Quoted},
    model::MessageTemplate,
};

/// How many placeholders one problem names; this also bounds the work for a file of many placeholders and languages.
const NAMED: usize = 5;

/// The messages by language tag, in the order of the tags, which get their
/// [usual case](https://www.rfc-editor.org/rfc/rfc5646#section-2.1.1).
pub(in crate::catalog) fn read(
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
        match localized.entry(Cow::Owned(language)) {
            btree_map::Entry::Vacant(entry) => {
                entry.insert(template);
            }
            btree_map::Entry::Occupied(entry) => {
                let message = format!("The language `{}` is repeated", entry.key());
                findings.report(Rule::DuplicateKey, key.place, message, "Keep one of the two");
            }
        }
    }
    localized.into_iter().collect()
}

/// The language of all messages of a file that are not in `localized`; `None` if it does not state one that can be read.
pub(in crate::catalog) fn of_file(fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<String> {
    let field = fields.get("language")?;
    language(field.text(findings)?, field.place(), findings)
}

/// A language tag in its usual case, or a report of what is wrong with it.
fn language(tag: &str, place: Place, findings: &mut Findings) -> Option<String> {
    let parsed = LanguageIdentifier::try_from_bytes(tag.as_bytes()).ok();
    // The parser also takes `de_AT`, which is not a tag.
    if let Some(parsed) = parsed.as_ref().filter(|_| !tag.contains('_')) {
        return Some(parsed.to_string());
    }
    let remedy = match parsed {
        Some(parsed) => format!("Write `{parsed}`"),
        None => "Use a BCP 47 tag such as de, pt-BR or zh-Hant".to_owned(),
    };
    findings.report(Rule::InvalidLanguage, place, format!("{} is not a language tag", Quoted(tag)), remedy);
    None
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
