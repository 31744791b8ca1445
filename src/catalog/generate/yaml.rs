//! A catalog in YAML.

use std::{
    borrow::Cow,
    fmt::{self, Write},
    time::Duration,
};

use super::{Value, fields};
use crate::{catalog::Method, model::KindEntry};

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
    for (name, value) in fields(entry, |delay| Value::Plain(seconds(delay))) {
        match value {
            Value::Map(entries) => {
                writeln!(out, "    {name}:")?;
                for (key, value) in entries {
                    writeln!(out, "      {}: {}", Scalar(key), Inline(&value))?;
                }
            }
            value => writeln!(out, "    {name}: {}", Inline(&value))?,
        }
    }
    Ok(())
}

/// A value on one line.
struct Inline<'v>(&'v Value<'v>);

impl fmt::Display for Inline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Plain(text) => f.write_str(text),
            Value::Text(text) => Scalar(text).fmt(f),
            Value::Quoted(text) => Quoted(text).fmt(f),
            Value::Word(_, word) => f.write_str(&word.to_ascii_lowercase()),
            Value::Fields(fields) | Value::Map(fields) if fields.is_empty() => f.write_str("{}"),
            Value::Fields(fields) | Value::Map(fields) => {
                let fields = fields.iter().map(|(name, value)| format!("{}: {}", Scalar(name), Inline(value)));
                write!(f, "{{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// A delay as [`google.protobuf.Duration`](https://protobuf.dev/programming-guides/json/) has it in JSON: `1.5s`.
fn seconds(delay: Duration) -> String {
    let mut text = delay.as_secs().to_string();
    if delay.subsec_nanos() > 0 {
        text += format!(".{:09}", delay.subsec_nanos()).trim_end_matches('0');
    }
    text + "s"
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
