//! One entry, with the audience of single metadata keys.

use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map},
    time::Duration,
};

use super::{
    fields::{self, Field, Fields, name, one_of, visibility},
    localized,
};
use crate::{
    catalog::{
        Rule,
        draft::{Draft, Override},
        rule::Findings,
    },
    diagnostic::{Notation, Quoted, nearest},
    model::{
        Code, Deprecation, HttpStatus, KindEntry, MessageTemplate, Retry, Visibility, is_metadata_key,
        is_web_or_relative,
    },
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
pub(in crate::catalog) fn read(kind: Field<'_, '_>, domain: &str, findings: &mut Findings) -> Draft {
    let mut draft = Draft {
        name: kind.name.to_owned(),
        file: findings.file().clone(),
        place: kind.key.place,
        overrides: Override::No,
        replaced_by: None,
        fields: Box::default(),
        entry: None,
    };
    let Some(pairs) = kind.mapping(findings) else {
        draft.overrides = Override::Unclear;
        return draft;
    };
    let fields = Fields::new(pairs, &KEYS, findings);
    draft.fields = KEYS.iter().filter_map(|key| Some((*key, fields.get(key)?.place()))).collect();
    if let Some(field) = fields.get("override") {
        draft.overrides = match field.boolean(findings) {
            Some(true) => Override::Yes(field.place()),
            Some(false) => Override::No,
            None => Override::Unclear,
        };
    }

    let owner = Quoted(kind.name).to_string();
    let mut required = |name| fields.required(name, &owner, kind.key.place, findings);
    let (status, code, message) = (required("status"), required("code"), required("message"));
    let status = status.and_then(|field| self::status(field, findings));
    let code = code.and_then(|field| self::code(field, findings));
    let message = message.and_then(|field| field.text(findings)).map(|text| MessageTemplate::from(text.to_owned()));
    // The others are read even if the entry cannot be built, so that all problems are found at once.
    let description = fields.get("description").and_then(|field| field.text_or_empty(findings)).unwrap_or_default();
    let help_url = fields.get("help_url").and_then(|field| help_url(field, findings));
    let retry = retry(&fields, findings);
    let visibility = fields.get("visibility").and_then(|field| visibility(field, findings));
    let localized = fields.get("localized").map(|field| localized::read(field, message.as_ref(), findings));
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

fn status(field: Field<'_, '_>, findings: &mut Findings) -> Option<HttpStatus> {
    let text = field.number(findings)?;
    // Three digits, and no `0404` or `0x194`, which other YAML readers take for other numbers.
    let digits = Some(text).filter(|text| text.len() == 3);
    let status = digits.and_then(|digits| digits.parse().ok()).and_then(|number| HttpStatus::new(number).ok());
    if status.is_none() {
        let message = format!("{} is not the HTTP status of an error", Quoted(text));
        findings.report(Rule::StatusOutOfRange, field.place(), message, "Use a number from 400 to 599");
    }
    status
}

fn code(field: Field<'_, '_>, findings: &mut Findings) -> Option<Code> {
    let text = field.text(findings)?;
    if let Some(code) = Code::ALL.into_iter().find(|code| code.name() == text) {
        return Some(code);
    }
    if text.eq_ignore_ascii_case("OK") {
        let message = "No error has the code OK".to_owned();
        findings.report(Rule::CodeOk, field.place(), message, "Use the code of the failure, such as NOT_FOUND");
        return None;
    }
    let upper = text.to_ascii_uppercase().replace(['-', ' '], "_");
    let near = Code::from_name(&upper).map(Code::name);
    let near = near.or_else(|| nearest(&upper, Code::ALL.into_iter().map(Code::name)));
    let remedy = match near {
        Some(near) => format!("Write {near}"),
        None => "Use a name of google.rpc.Code, such as NOT_FOUND".to_owned(),
    };
    findings.report(Rule::UnknownCode, field.place(), format!("{} is not a gRPC code", Quoted(text)), remedy);
    None
}

fn retry(fields: &Fields<'_, '_>, findings: &mut Findings) -> Retry {
    let retry = fields.get("retry");
    let word = retry.and_then(|field| one_of(field, &["never", "after_backoff", "after_delay"], findings));
    let delay_field = fields.get("retry_delay");
    let delay = delay_field.and_then(|field| delay_of(field, findings));
    let words = Words::of(findings.notation());
    match (retry, word, delay_field) {
        (Some(retry), Some("after_delay"), None) => {
            let message = format!("`{}` has no `retry_delay`", words.after_delay);
            findings.report(
                Rule::MissingKey,
                retry.place(),
                message,
                format!("Add `{}`, or another delay", words.delay),
            );
        }
        (None, _, Some(field)) => {
            let remedy = format!("Add `{}`, or remove the delay", words.after_delay);
            findings.report(Rule::MissingKey, field.key.place, unused(words), remedy);
        }
        (Some(_), Some("never" | "after_backoff"), Some(field)) => {
            let remedy = format!("Write `{}`, or remove the delay", words.after_delay);
            findings.report(Rule::UnusedDelay, field.key.place, unused(words), remedy);
        }
        _ => {}
    }
    match (word, delay) {
        (Some("after_backoff"), _) => Retry::AfterBackoff,
        (Some("after_delay"), Some(delay)) => Retry::AfterDelay(delay),
        _ => Retry::Never,
    }
}

fn unused(words: &Words) -> String {
    format!("`retry_delay` is used only with `{}`", words.after_delay)
}

/// What a remedy writes differently in the two forms.
struct Words {
    after_delay: &'static str,
    delay: &'static str,
    delays: &'static str,
}

impl Words {
    const fn of(notation: Notation) -> &'static Self {
        match notation {
            Notation::Yaml => &Self {
                after_delay: "retry: after_delay",
                delay: "retry_delay: 30s",
                delays: "Write it as 30s, 1.5s, 500ms, 2m or 1h",
            },
            Notation::Proto => &Self {
                after_delay: "retry: RETRY_AFTER_DELAY",
                delay: "retry_delay: {seconds: 30}",
                delays: "Write it as `{seconds: 30}`, from 0 to 315,576,000,000 seconds",
            },
        }
    }
}

fn delay_of(field: Field<'_, '_>, findings: &mut Findings) -> Option<Duration> {
    let text = field.text_or_number(findings)?;
    let delay = fields::parse(text);
    if delay.is_none() {
        let message = format!("{} is not a delay", Quoted(text));
        let remedy = Words::of(findings.notation()).delays;
        findings.report(Rule::InvalidDelay, field.place(), message, remedy);
    }
    delay
}

/// An address whose scheme is not the web's could run code in the browser of whoever follows it.
fn help_url<'n>(field: Field<'n, '_>, findings: &mut Findings) -> Option<&'n str> {
    let url = field.text(findings)?;
    if is_web_or_relative(url) {
        return Some(url);
    }
    let message = format!("{} is not a web address", Quoted(url));
    findings.report(Rule::UnsafeHelpUrl, field.place(), message, "Begin it with https://");
    None
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
        let found = fields.get("visibility").and_then(|field| visibility(field, findings));
        match keys.entry(Cow::Owned(name.to_owned())) {
            btree_map::Entry::Vacant(entry) => drop(entry.insert(found)),
            btree_map::Entry::Occupied(entry) => {
                let message = format!("The key {} is repeated", Quoted(entry.key()));
                findings.report(Rule::DuplicateKey, key.place, message, "Keep one of the two");
            }
        }
    }
    keys.into_iter().filter_map(|(key, visibility)| Some((key, visibility?))).collect()
}
