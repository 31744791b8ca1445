//! A catalog in YAML.

use std::{
    borrow::Cow,
    fmt::{self, Write},
    time::Duration,
};

use crate::{
    catalog::{Method, join::is_builtin},
    model::{KindEntry, Retry, Visibility},
};

/// The name of the file of a domain; `number` tells those apart that would have the same.
pub(super) fn name(domain: &str, number: usize) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = domain.chars().map(|c| if is_plain(c) { c.to_ascii_lowercase() } else { '_' }).collect();
    let name = if name.starts_with('.') { format!("_{name}") } else { name };
    if number == 1 { format!("{name}.yaml") } else { format!("{name}-{number}.yaml") }
}

/// The kinds of one domain, and methods.
pub(super) fn write(domain: &str, entries: &[&KindEntry], methods: &[&Method]) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = file(&mut out, domain, entries).and_then(|()| self::methods(&mut out, methods));
    out
}

fn file(out: &mut String, domain: &str, entries: &[&KindEntry]) -> fmt::Result {
    writeln!(out, "domain: {}", Scalar(domain))?;
    if let Some(language) = entries.first().and_then(|entry| entry.other_language()) {
        writeln!(out, "language: {}", Scalar(language))?;
    }
    writeln!(out)?;
    if entries.is_empty() {
        return writeln!(out, "kinds: {{}}");
    }
    writeln!(out, "kinds:")?;
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        kind(out, entry)?;
    }
    Ok(())
}

fn methods(out: &mut String, methods: &[&Method]) -> fmt::Result {
    if !methods.is_empty() {
        writeln!(out, "\nmethods:")?;
    }
    for method in methods {
        let kinds: Vec<String> = method.kinds().map(|kind| Scalar(kind).to_string()).collect();
        writeln!(out, "  {}: [{}]", Scalar(method.name()), kinds.join(", "))?;
    }
    Ok(())
}

fn kind(out: &mut String, entry: &KindEntry) -> fmt::Result {
    writeln!(out, "  {}:", Scalar(&entry.kind))?;
    if is_builtin(&entry.kind) {
        writeln!(out, "    override: true")?;
    }
    writeln!(out, "    status: {}", entry.status)?;
    writeln!(out, "    code: {}", entry.code)?;
    writeln!(out, "    message: {}", Quoted(entry.message.as_str()))?;
    if !entry.description.is_empty() {
        writeln!(out, "    description: {}", Scalar(&entry.description))?;
    }
    if let Some(url) = &entry.help_url {
        writeln!(out, "    help_url: {}", Scalar(url))?;
    }
    match entry.retry {
        Retry::Never => {}
        Retry::AfterBackoff => writeln!(out, "    retry: after_backoff")?,
        Retry::AfterDelay(delay) => {
            writeln!(out, "    retry: after_delay\n    retry_delay: {}", Seconds(delay))?;
        }
    }
    if entry.visibility != Visibility::of(entry.status) {
        writeln!(out, "    visibility: {}", word(entry.visibility))?;
    }
    if !entry.localized.is_empty() {
        writeln!(out, "    localized:")?;
        for (tag, template) in entry.localized.iter() {
            writeln!(out, "      {}: {}", Scalar(tag), Quoted(template.as_str()))?;
        }
    }
    if let Some(deprecated) = &entry.deprecated {
        let since = Some(&deprecated.since).filter(|since| !since.is_empty());
        let since = since.map(|since| format!("since: {}", Quoted(since)));
        let by = deprecated.replaced_by.as_ref().map(|by| format!("replaced_by: {}", Scalar(by)));
        let parts: Vec<String> = since.into_iter().chain(by).collect();
        match &*parts {
            [] => writeln!(out, "    deprecated: {{}}")?,
            parts => writeln!(out, "    deprecated: {{ {} }}", parts.join(", "))?,
        }
    }
    if let Some(owner) = &entry.owner {
        writeln!(out, "    owner: {}", Scalar(owner))?;
    }
    if !entry.metadata.is_empty() {
        writeln!(out, "    metadata:")?;
        for (key, visibility) in entry.metadata.iter() {
            writeln!(out, "      {}: {{ visibility: {} }}", Scalar(key), word(*visibility))?;
        }
    }
    Ok(())
}

fn word(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Internal => "internal",
    }
}

/// A delay as [`google.protobuf.Duration`](https://protobuf.dev/programming-guides/json/) has it in JSON: `1.5s`.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.as_secs())?;
        if self.0.subsec_nanos() > 0 {
            write!(f, ".{}", format!("{:09}", self.0.subsec_nanos()).trim_end_matches('0'))?;
        }
        f.write_str("s")
    }
}

/// Text, without quotes if no reader of YAML takes it for anything else.
pub(crate) struct Scalar<'a>(pub(crate) &'a str);

impl fmt::Display for Scalar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What YAML 1.1 takes for true, false and nothing: https://yaml.org/type/bool.html
        const WORDS: [&str; 11] = ["y", "yes", "n", "no", "true", "false", "on", "off", "null", "nan", "inf"];
        let text = self.0;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ' ');
        let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
        // `https://` is the only colon that plain text of ours has: no blank follows it.
        let body = text.strip_prefix("https://").unwrap_or(text);
        let plain = begins && body.chars().all(is_plain) && !text.ends_with(' ');
        if plain && !WORDS.contains(&&*text.to_ascii_lowercase()) { f.write_str(text) } else { Quoted(text).fmt(f) }
    }
}

/// Text in [double quotes](https://yaml.org/spec/1.2.2/#731-double-quoted-style).
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            let escape = match c {
                '"' => Cow::Borrowed("\\\""),
                '\\' => Cow::Borrowed("\\\\"),
                '\n' => Cow::Borrowed("\\n"),
                '\r' => Cow::Borrowed("\\r"),
                '\t' => Cow::Borrowed("\\t"),
                // Not printable, or taken for the end of a line, or for a mark: https://yaml.org/spec/1.2.2/#51-character-set
                c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                    Cow::Owned(format!("\\u{:04x}", u32::from(c)))
                }
                c => {
                    f.write_char(c)?;
                    continue;
                }
            };
            f.write_str(&escape)?;
        }
        f.write_char('"')
    }
}
