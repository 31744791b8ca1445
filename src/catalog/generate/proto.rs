//! A catalog as an annotated enum.

use std::{
    fmt::{self, Write},
    time::Duration,
};

use super::{Value, fields};
use crate::{catalog::Method, model::KindEntry};

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
    for (name, value) in fields(entry, delay) {
        match value {
            Value::Map(entries) => {
                for (key, value) in entries {
                    field(out, name, &Value::Fields(vec![("key", Value::Text(key)), ("value", value)]))?;
                }
            }
            value => field(out, name, &value)?,
        }
    }
    writeln!(out, "  }}];")
}

fn delay(delay: Duration) -> Value<'static> {
    let nanos = Some(delay.subsec_nanos()).filter(|nanos| *nanos > 0);
    let seconds = [("seconds", Value::Plain(delay.as_secs().to_string()))].into_iter();
    Value::Fields(seconds.chain(nanos.map(|nanos| ("nanos", Value::Plain(nanos.to_string())))).collect())
}

/// A field, as buf formats it: several fields in it have a line each.
fn field(out: &mut String, name: &str, value: &Value<'_>) -> fmt::Result {
    match value {
        Value::Fields(fields) if fields.len() > 1 => {
            writeln!(out, "    {name}: {{\n      {}\n    }}", Inline::joined(fields, "\n      "))
        }
        value => writeln!(out, "    {name}: {}", Inline(value)),
    }
}

/// A value on one line.
struct Inline<'v>(&'v Value<'v>);

impl Inline<'_> {
    fn joined(fields: &[(&str, Value<'_>)], between: &str) -> String {
        let fields = fields.iter().map(|(name, value)| format!("{name}: {}", Inline(value)));
        fields.collect::<Vec<_>>().join(between)
    }
}

impl fmt::Display for Inline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Plain(text) => f.write_str(text),
            Value::Text(text) | Value::Quoted(text) => Quoted(text).fmt(f),
            Value::Word(prefix, word) => write!(f, "{prefix}{word}"),
            Value::Fields(fields) | Value::Map(fields) => write!(f, "{{{}}}", Self::joined(fields, " ")),
        }
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
