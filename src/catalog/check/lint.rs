//! Lints: warnings about catalogs that load, such as messages without guidance.

use std::collections::{BTreeSet, HashMap};

use crate::{
    catalog::{
        Rule,
        join::{Draft, DraftFile},
        rule::Findings,
    },
    diagnostic::{Quoted, Spot},
    model::{Code, KindEntry, Retry, kind_for_message},
};

/// Adds the warnings about the entries of all files.
pub(super) fn all(files: &[DraftFile], findings: &mut [Findings]) {
    let drafts = files.iter().flat_map(|file| &file.kinds).filter_map(|draft| draft.entry.as_ref());
    let languages: BTreeSet<&str> = drafts.flat_map(|entry| entry.localized.iter().map(|(tag, _)| &**tag)).collect();
    keys(files, findings);
    for (file, findings) in files.iter().zip(findings) {
        let mut domains = BTreeSet::new();
        for draft in &file.kinds {
            let Some(entry) = &draft.entry else { continue };
            findings.set_subject(Some(&entry.reason));
            if domains.insert(&*entry.domain) {
                domain(draft, entry, findings);
            }
            messages(draft, entry, findings);
            metadata(draft, entry, findings);
            locales(draft, entry, &languages, findings);
            code(draft, entry, findings);
            documentation(draft, entry, findings);
        }
        findings.set_subject(None);
    }
}

/// One key of the metadata in two spellings.
fn keys(files: &[DraftFile], findings: &mut [Findings]) {
    let mut first: HashMap<String, (&str, &Draft)> = HashMap::new();
    for (file, findings) in files.iter().zip(findings) {
        for draft in &file.kinds {
            let Some(entry) = &draft.entry else { continue };
            for key in entry.message.placeholders() {
                let folded = key.replace(['_', '-'], "").to_ascii_lowercase();
                let (known, other) = *first.entry(folded).or_insert((key, draft));
                if known != key {
                    let spot = Spot(&other.file, other.at("message"));
                    let message = format!("The key {} is {} at {spot}", Quoted(key), Quoted(known));
                    findings.report(Rule::KeySpelling, draft.at("message"), message, "Use the same spelling");
                }
            }
        }
    }
}

fn domain(draft: &Draft, entry: &KindEntry, findings: &mut Findings) {
    let is_label = |label: &str| {
        let plain = label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        !label.is_empty() && label.len() <= 63 && plain && !label.starts_with('-') && !label.ends_with('-')
    };
    // A missing domain is reported already.
    if entry.domain.is_empty() {
        return;
    }
    if !entry.domain.contains('.') || !entry.domain.split('.').all(is_label) {
        let message = format!("The domain {} is not a name of a service", Quoted(&entry.domain));
        findings.report(Rule::DomainName, draft.place, message, "Use a name that is yours, such as tasks.example.com");
    }
}

fn messages(draft: &Draft, entry: &KindEntry, findings: &mut Findings) {
    let default = [("message", None, &entry.message)];
    let localized = entry.localized.iter().map(|(tag, template)| ("localized", Some(tag), template));
    for (field, tag, template) in default.into_iter().chain(localized) {
        let (place, message) = (draft.at(field), template.as_str());
        let which = tag.map_or_else(|| "The message".to_owned(), |tag| format!("The message in {}", Quoted(tag)));
        if !ends_as_sentence(message) {
            findings.report(
                Rule::MessageSentence,
                place,
                format!("{which} does not end as a sentence"),
                "End it with a full stop",
            );
        }
        if tag.is_none() && !guides(message) {
            let what = format!("{which} says what happened, and not what to do");
            findings.report(Rule::MessageGuidance, place, what, "Add what the user should do about it");
        }
        if let Some(word) = internal_word(message).filter(|_| entry.is_public()) {
            let what = format!("{which} has the word {}, which means nothing to users", Quoted(&word));
            findings.report(Rule::InternalWord, place, what, "Say it in words of the API, or make the kind internal");
        }
        let placeholders: Vec<&str> = template.placeholders().collect();
        if let Some(name) = mistaken_placeholder(message, &placeholders) {
            let what = format!("{which} has {}, which is not a placeholder", Quoted(&format!("{{{name}}}")));
            let remedy = "Name it with 2 to 64 of a-z, A-Z, 0-9, _ and -, beginning with a-z";
            findings.report(Rule::MistakenPlaceholder, place, what, remedy);
        }
    }
}

/// Values that the public may see.
fn metadata(draft: &Draft, entry: &KindEntry, findings: &mut Findings) {
    if !entry.is_public() {
        return;
    }
    let declared = |key: &str| entry.metadata.iter().any(|(name, _)| name == key);
    let mut seen = BTreeSet::new();
    for key in entry.message.placeholders().filter(|key| seen.insert(*key)) {
        if entry.is_internal_key(key) {
            let fallback = kind_for_message(entry.status, entry.code);
            let message = format!(
                "The message needs {}, which is internal, so the public reads that of `{fallback}`",
                Quoted(key)
            );
            let remedy = "Leave the key out of the message, or make it public";
            findings.report(Rule::InternalPlaceholder, draft.at("message"), message, remedy);
        } else if let Some(word) = internal_key(key).filter(|_| !declared(key)) {
            let message =
                format!("The key {} looks like one of a {word}, which may say how the service is built", Quoted(key));
            let remedy = format!("Set its visibility: `metadata: {{{key}: {{visibility: internal}}}}`, or public");
            findings.report(Rule::KeyVisibility, draft.at("message"), message, remedy);
        }
    }
}

fn locales(draft: &Draft, entry: &KindEntry, languages: &BTreeSet<&str>, findings: &mut Findings) {
    let has = |tag: &str| entry.language == tag || entry.localized.iter().any(|(known, _)| known == tag);
    let missing: Vec<&str> = languages.iter().copied().filter(|tag| !has(tag)).collect();
    // Internal kinds are not read by callers outside.
    if !missing.is_empty() && entry.is_public() {
        let message = format!("`{}` is not in {}, as other kinds are", entry.kind, missing.join(", "));
        findings.report(Rule::MissingLanguage, draft.place, message, "Add it to `localized`");
    }
}

/// Codes by the comments of <https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto>.
fn code(draft: &Draft, entry: &KindEntry, findings: &mut Findings) {
    let status = entry.status.as_u16();
    let fits = match entry.code {
        Code::Unauthenticated => matches!(status, 401 | 407),
        Code::Unknown | Code::Internal | Code::DataLoss => status >= 500,
        Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::OutOfRange => status < 500 && status != 401,
        _ => status != 401,
    };
    if !fits {
        let message = format!("{} is not an HTTP status for {}", status, entry.code);
        let remedy = format!("Use {}, or another code", entry.code.http_status());
        findings.report(Rule::CodeStatus, draft.at("status"), message, remedy);
    }
    let retries = entry.retry != Retry::Never;
    match entry.code {
        Code::Unavailable if !retries => {
            let message = "UNAVAILABLE says that a retry helps, and the kind does not".to_owned();
            findings.report(
                Rule::RetryCode,
                draft.at("code"),
                message,
                "Set `retry` to after_backoff, or use another code",
            );
        }
        Code::InvalidArgument
        | Code::OutOfRange
        | Code::Unimplemented
        | Code::PermissionDenied
        | Code::Unauthenticated
            if retries =>
        {
            let message = format!("{} says that the same request fails again, and the kind says to retry", entry.code);
            findings.report(Rule::RetryCode, draft.at("retry"), message, "Remove `retry`, or use another code");
        }
        _ => {}
    }
}

fn documentation(draft: &Draft, entry: &KindEntry, findings: &mut Findings) {
    if entry.description.trim().is_empty() {
        let message = format!("`{}` has no description", entry.kind);
        findings.report(Rule::MissingDescription, draft.place, message, "Say what happened in a few words");
    }
    if let Some(url) = entry.help_url.as_ref().filter(|url| !url.starts_with("https://") && !url.starts_with("http://"))
    {
        let message = format!("{} is not an address that a browser opens", Quoted(url));
        findings.report(Rule::HelpUrl, draft.at("help_url"), message, "Begin it with https://");
    }
}

/// Verbs of an instruction.
const GUIDANCE: &str = "add adjust ask authenticate change check choose close confirm consider contact copy correct create \
    delete disable download enable ensure enter fix give include increase install keep let list \
    log look lower make move name open pass pay pick provide raise read reduce \
    refresh remove rename renew repeat report request retry review see select send set sign \
    start stop tell try update upgrade upload use verify visit wait write";

/// Words about the internals of a service, which its users cannot act on.
const INTERNAL: &str = "assertion backend backtrace database deadlock errno exception fixme goroutine kubernetes \
    localhost mutex npe nullptr panic panicked postgres redis segfault sql \
    stacktrace stderr todo traceback";

/// Whether the text ends as a sentence does, in any script.
fn ends_as_sentence(text: &str) -> bool {
    let text = text.trim_end().trim_end_matches(['"', '\'', ')', '”', '’', '»', '」']);
    text.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔', '።'])
}

/// Whether the text has more than one sentence, or an instruction.
fn guides(text: &str) -> bool {
    let ends = text
        .char_indices()
        .filter(|(at, c)| matches!(c, '.' | '!' | '?') && text[at + c.len_utf8()..].starts_with(char::is_whitespace));
    ends.count() > 0 || words(text).any(|word| is_in(GUIDANCE, &word))
}

/// The first word about internals.
fn internal_word(text: &str) -> Option<String> {
    words(text).find(|word| is_in(INTERNAL, word))
}

/// Words in metadata keys whose values may show how a service is built.
const INTERNAL_KEYS: [(&str, &[&str]); 3] = [
    (
        "host",
        &["host", "hostname", "ip", "node", "pod", "port", "address", "addr", "server", "cluster", "shard", "endpoint"],
    ),
    ("path", &["path", "file", "filename", "dir", "directory", "folder", "mount"]),
    ("query", &["query", "sql", "statement", "table", "column", "database", "db"]),
];

/// Whether a key looks like that of a host, a path or a query.
fn internal_key(key: &str) -> Option<&'static str> {
    let mut parts = vec![String::new()];
    for c in key.chars() {
        if matches!(c, '_' | '-') || c.is_ascii_uppercase() {
            parts.push(String::new());
        }
        if let Some(last) = parts.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            last.push(c.to_ascii_lowercase());
        }
    }
    let has = |words: &&[&str]| parts.iter().any(|part| words.contains(&&**part));
    INTERNAL_KEYS.iter().find(|(_, words)| has(words)).map(|(of, _)| *of)
}

/// Text that looks like a placeholder and is not one: `{TaskId}`.
fn mistaken_placeholder<'t>(text: &'t str, placeholders: &[&str]) -> Option<&'t str> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let end = after.find(['{', '}']);
        rest = after;
        let Some(name) = end.and_then(|end| after[end..].starts_with('}').then(|| &after[..end])) else { continue };
        if !name.is_empty() && !placeholders.contains(&name) {
            return Some(name);
        }
    }
    None
}

fn is_in(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests;
