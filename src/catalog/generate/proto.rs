//! A catalog as an annotated enum.

use std::fmt::{self, Write};

use crate::{
    catalog::{Method, join::is_builtin},
    model::{KindEntry, Retry, Visibility},
};

/// The package of a domain: its parts from right to left. `number` tells those apart that would have the same.
pub(super) fn package(domain: &str, number: usize) -> String {
    let parts = domain.rsplit('.').filter(|part| !part.is_empty());
    let mut parts: Vec<String> = parts.map(identifier).collect();
    // Packages that have other things in them.
    if parts.is_empty() || parts.first().is_some_and(|first| first == "errwire" || first == "google") {
        parts.insert(0, "catalog".to_owned());
    }
    if number > 1 {
        parts.push(format!("n{number}"));
    }
    parts.join(".")
}

fn identifier(part: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name: String = part.chars().map(|c| if is_plain(c) { c.to_ascii_lowercase() } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

/// The kinds of one domain.
pub(super) fn write(package: &str, domain: &str, entries: &[&KindEntry], methods: &[&Method]) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = file(&mut out, package, domain, entries, methods);
    out
}

fn file(out: &mut String, package: &str, domain: &str, entries: &[&KindEntry], methods: &[&Method]) -> fmt::Result {
    // Two values that differ in underscores or in the name of the enum alone are the same to JSON, which protoc refuses
    // unless proto2 says that it does not mind:
    // https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.cc (CheckEnumValueUniqueness).
    let is_ambiguous = |kind: &str| kind.contains("__") || kind.starts_with("errors") || kind == "unspecified";
    let (syntax, option) = if entries.iter().any(|entry| is_ambiguous(&entry.kind)) {
        ("proto2", "  option deprecated_legacy_json_field_conflicts = true;\n")
    } else {
        ("proto3", "")
    };
    // A package `acme.errwire` hides ours from those inside of it.
    let ours = if package.split('.').any(|part| part == "errwire") { ".errwire.v1" } else { "errwire.v1" };
    // No kind ends with an underscore.
    let zero = if entries.iter().any(|entry| entry.kind == "unspecified") { "UNSPECIFIED_" } else { "UNSPECIFIED" };
    write!(
        out,
        "syntax = \"{syntax}\";\n\npackage {package};\n\nimport \"errwire/v1/annotations.proto\";\n\n\
         // The errors of {}. The name of a value is the reason of its kind.\n\
         enum Errors {{\n{option}  option ({ours}.catalog) = {};\n\n  // No kind.\n  {zero} = 0;\n",
        domain.escape_debug(),
        Options { domain, language: entries.first().and_then(|entry| entry.other_language()), methods }
    )?;
    for (number, entry) in (1..).zip(entries) {
        kind(out, number, ours, entry)?;
    }
    writeln!(out, "}}")
}

/// The options of the enum: the domain, the language, and what methods of services declare that are in none of our files.
struct Options<'a> {
    domain: &'a str,
    language: Option<&'a str>,
    methods: &'a [&'a Method],
}

impl fmt::Display for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { domain, language, methods } = self;
        if let (None, []) = (language, methods) {
            return write!(f, "{{domain: {}}}", Quoted(domain));
        }
        write!(f, "{{\n    domain: {}", Quoted(domain))?;
        if let Some(language) = language {
            write!(f, "\n    language: {}", Quoted(language))?;
        }
        for method in *methods {
            let kinds: Vec<String> = method.kinds().map(|kind| Quoted(kind).to_string()).collect();
            if kinds.is_empty() {
                write!(f, "\n    methods: {{method: {}}}", Quoted(method.name()))?;
                continue;
            }
            write!(f, "\n    methods: {{\n      method: {}", Quoted(method.name()))?;
            match &*kinds {
                [kind] => write!(f, "\n      kinds: {kind}")?,
                kinds => write!(f, "\n      kinds: [\n        {}\n      ]", kinds.join(",\n        "))?,
            }
            write!(f, "\n    }}")?;
        }
        write!(f, "\n  }}")
    }
}

fn kind(out: &mut String, number: i32, ours: &str, entry: &KindEntry) -> fmt::Result {
    if !entry.description.is_empty() {
        writeln!(out, "  // {}.", entry.description.escape_debug().to_string().trim_end_matches('.'))?;
    }
    writeln!(out, "  {} = {number} [({ours}.kind) = {{", entry.reason)?;
    if is_builtin(&entry.kind) {
        writeln!(out, "    override: true")?;
    }
    writeln!(out, "    status: {}", entry.status)?;
    writeln!(out, "    code: {}", entry.code)?;
    writeln!(out, "    message: {}", Quoted(entry.message.as_str()))?;
    if !entry.description.is_empty() {
        writeln!(out, "    description: {}", Quoted(&entry.description))?;
    }
    if let Some(url) = &entry.help_url {
        writeln!(out, "    help_url: {}", Quoted(url))?;
    }
    match entry.retry {
        Retry::Never => {}
        Retry::AfterBackoff => writeln!(out, "    retry: RETRY_AFTER_BACKOFF")?,
        Retry::AfterDelay(delay) => {
            writeln!(out, "    retry: RETRY_AFTER_DELAY")?;
            let nanos = Some(delay.subsec_nanos()).filter(|nanos| *nanos > 0);
            let parts = [Some(format!("seconds: {}", delay.as_secs())), nanos.map(|nanos| format!("nanos: {nanos}"))];
            message(out, "retry_delay", &parts)?;
        }
    }
    if entry.visibility != Visibility::of(entry.status) {
        writeln!(out, "    visibility: {}", word(entry.visibility))?;
    }
    for (tag, template) in entry.localized.iter() {
        let parts = [format!("key: {}", Quoted(tag)), format!("value: {}", Quoted(template.as_str()))];
        message(out, "localized", &parts.map(Some))?;
    }
    if let Some(deprecated) = &entry.deprecated {
        let since = Some(&deprecated.since).filter(|since| !since.is_empty());
        let since = since.map(|since| format!("since: {}", Quoted(since)));
        let by = deprecated.replaced_by.as_ref().map(|by| format!("replaced_by: {}", Quoted(by)));
        message(out, "deprecated", &[since, by])?;
    }
    if let Some(owner) = &entry.owner {
        writeln!(out, "    owner: {}", Quoted(owner))?;
    }
    for (key, visibility) in entry.metadata.iter() {
        let parts = [format!("key: {}", Quoted(key)), format!("value: {{visibility: {}}}", word(*visibility))];
        message(out, "metadata", &parts.map(Some))?;
    }
    writeln!(out, "  }}];")
}

fn word(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "VISIBILITY_PUBLIC",
        Visibility::Internal => "VISIBILITY_INTERNAL",
    }
}

/// A field with fields, as buf formats it: several have a line each.
fn message(out: &mut String, name: &str, fields: &[Option<String>]) -> fmt::Result {
    let fields: Vec<&str> = fields.iter().flatten().map(String::as_str).collect();
    match &*fields {
        [] | [_] => writeln!(out, "    {name}: {{{}}}", fields.concat()),
        fields => writeln!(out, "    {name}: {{\n      {}\n    }}", fields.join("\n      ")),
    }
}

/// Text in quotes, escaped as
/// [protobuf](https://protobuf.dev/reference/protobuf/textformat-spec/#string) has it.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                c if c.is_ascii_control() => write!(f, "\\{:03o}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}
