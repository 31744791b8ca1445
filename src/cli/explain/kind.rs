//! One kind: what it means, and how it looks on both wires.

use std::io::{self, Write};

use crate::{
    cli::style::{NAME, fact, heading, indented},
    docs::{
        guidance,
        reference::{Wires, declared_by},
        words,
    },
    model::{Kind, KindEntry, kind_for_message},
    translate::Translator,
};

pub(super) fn write(translator: &Translator, kind: &Kind, out: &mut impl Write) -> io::Result<()> {
    let Some(entry) = kind.entry() else { return Ok(()) };
    facts(entry, translator.domain_of(kind), out)?;
    let catalog = translator.catalog();
    let mut methods = declared_by(&catalog, &entry.kind).peekable();
    if methods.peek().is_some() {
        heading(out, "Methods that declare it")?;
        methods.try_for_each(|method| writeln!(out, "  {}", method.name()))?;
    }
    let wires = Wires::of(translator, kind);
    for (title, text) in
        [("Over HTTP, to the public", &wires.http), ("Over gRPC", &wires.grpc), ("Over gRPC, decoded", &wires.decoded)]
    {
        heading(out, title)?;
        indented(out, text)?;
    }
    Ok(())
}

fn facts(entry: &KindEntry, domain: &str, out: &mut impl Write) -> io::Result<()> {
    let KindEntry { kind, reason, status, code, message, description, .. } = entry;
    writeln!(out, "{}{kind}{}: {description}", NAME.render(), NAME.render_reset())?;
    writeln!(out)?;
    fact(out, "HTTP status", words::status(*status))?;
    fact(out, "gRPC code", format_args!("{code} ({})", code.number()))?;
    fact(out, "reason", reason)?;
    fact(out, "domain", domain)?;
    fact(out, "retry", words::retry(entry.retry))?;
    fact(out, "visibility", words::visibility(entry.visibility))?;
    if let Some(owner) = &entry.owner {
        fact(out, "owner", owner)?;
    }
    if let Some(url) = &entry.help_url {
        fact(out, "help", url)?;
    }
    if let Some(deprecated) = &entry.deprecated {
        let instead = deprecated.replaced_by.iter().map(|kind| format!(", use {kind}")).collect::<String>();
        fact(out, "deprecated", format_args!("since {}{instead}", deprecated.since))?;
    }

    heading(out, "Default message")?;
    match entry.other_language() {
        Some(language) => writeln!(out, "  {language}: {message}")?,
        None => writeln!(out, "  {message}")?,
    }
    for (tag, text) in entry.localized.iter() {
        writeln!(out, "  {tag}: {text}")?;
    }
    let names: Vec<String> = message.placeholders().map(|name| format!("{{{name}}}")).collect();
    if !names.is_empty() {
        let fallback = kind_for_message(*status, *code);
        writeln!(out, "  Without a value for {} it is that of {fallback}", names.join(" or "))?;
    }
    let internal: Vec<&str> =
        entry.metadata.iter().map(|(key, _)| &**key).filter(|key| entry.is_internal_key(key)).collect();
    if !internal.is_empty() {
        writeln!(out, "  Internal metadata: {}", internal.join(", "))?;
    }

    heading(out, "What a client should do")?;
    writeln!(out, "  {}", guidance::of_kind(entry))?;
    match guidance::of_status(entry.status) {
        "" => Ok(()),
        meaning => writeln!(out, "  {status}: {meaning}"),
    }
}
