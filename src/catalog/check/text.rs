//! Heuristics on messages to users.

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
pub(super) fn ends_as_sentence(text: &str) -> bool {
    let text = text.trim_end().trim_end_matches(['"', '\'', ')', '”', '’', '»', '」']);
    text.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔', '።'])
}

/// Whether the text has more than one sentence, or an instruction.
pub(super) fn guides(text: &str) -> bool {
    let ends = text
        .char_indices()
        .filter(|(at, c)| matches!(c, '.' | '!' | '?') && text[at + c.len_utf8()..].starts_with(char::is_whitespace));
    ends.count() > 0 || words(text).any(|word| is_in(GUIDANCE, &word))
}

/// The first word about internals.
pub(super) fn internal_word(text: &str) -> Option<String> {
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
pub(super) fn internal_key(key: &str) -> Option<&'static str> {
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
pub(super) fn mistaken_placeholder<'t>(text: &'t str, placeholders: &[&str]) -> Option<&'t str> {
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
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        for (text, expected) in [
            ("Gone.", true),
            ("Gone", false),
            ("Is it gone?", true),
            ("(Gone.)", true),
            ("なくなりました。", true),
            ("Gone:", false),
        ] {
            assert_eq!(ends_as_sentence(text), expected, "{text}");
        }
    }

    #[test]
    fn guidance() {
        for (text, expected) in [
            ("The task is gone.", false),
            ("The task is gone. Another may do.", true),
            ("Wait a day.", true),
            ("Version 1.5 is gone.", false),
        ] {
            assert_eq!(guides(text), expected, "{text}");
        }
    }

    #[test]
    fn internal_keys() {
        let rows = [
            ("host", Some("host")),
            ("upstreamHost", Some("host")),
            ("pod-name", Some("host")),
            ("ip", Some("host")),
            ("file_path", Some("path")),
            ("sqlState", Some("query")),
            ("task_id", None),
            ("ghost", None),
            ("recipe", None),
        ];
        for (key, expected) in rows {
            assert_eq!(internal_key(key), expected, "{key}");
        }
    }

    #[test]
    fn placeholders() {
        for (text, expected) in
            [("{TaskId} is gone", Some("TaskId")), ("{id} {a b}", Some("a b")), ("{id}", None), ("{} { {{id}}", None)]
        {
            assert_eq!(mistaken_placeholder(text, &["id"]), expected, "{text}");
        }
    }
}
