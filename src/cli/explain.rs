//! `errwire explain`: one kind, for a person.

mod example;

use std::io::{self, Write};

use super::{
    failure::Failure,
    run::Outcome,
    style::{HEADING, NAME},
};
use crate::{
    KindEntry, Retry, Translator, Visibility,
    service::{CatalogReader, guidance, pb},
};

pub(super) fn run(translator: &Translator, name: &str, out: &mut impl Write) -> Result<Outcome, Failure> {
    let request = pb::GetKindRequest { kind: name.to_owned() };
    let kind = CatalogReader::new(translator.clone()).get_kind(&request).map_err(Failure::Errwire)?;
    let Some(entry) = kind.entry() else { return Ok(Outcome::Fine) };
    explain(entry, translator.domain_of(&kind), out).map_err(Failure::Output)?;
    example::write(translator, &kind, out)?;
    Ok(Outcome::Fine)
}

fn explain(entry: &KindEntry, domain: &str, out: &mut impl Write) -> io::Result<()> {
    let KindEntry { kind, reason, status, code, message, description, .. } = entry;
    writeln!(out, "{}{kind}{}: {description}", NAME.render(), NAME.render_reset())?;
    writeln!(out)?;
    fact(out, "HTTP status", format_args!("{status} {}", status.reason_phrase()))?;
    fact(out, "gRPC code", format_args!("{code} ({})", code.number()))?;
    fact(out, "reason", reason)?;
    fact(out, "domain", domain)?;
    fact(out, "retry", retry(entry.retry))?;
    fact(out, "visibility", visibility(entry.visibility))?;
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
    writeln!(out, "  {message}")?;
    for (tag, text) in entry.localized.iter() {
        writeln!(out, "  {tag}: {text}")?;
    }

    heading(out, "What a client should do")?;
    writeln!(out, "  {}", guidance::of_kind(entry))?;
    match guidance::of_status(entry.status) {
        "" => Ok(()),
        meaning => writeln!(out, "  {status}: {meaning}"),
    }
}

pub(super) fn heading(out: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}{text}{}", HEADING.render(), HEADING.render_reset())
}

fn fact(out: &mut impl Write, name: &str, value: impl std::fmt::Display) -> io::Result<()> {
    writeln!(out, "  {name:<12} {value}")
}

fn retry(retry: Retry) -> String {
    match retry {
        Retry::Never => "never".to_owned(),
        Retry::AfterBackoff => "after backoff".to_owned(),
        Retry::AfterDelay(delay) => format!("after {} s", delay.as_secs_f64()),
    }
}

fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public: anybody may read the message",
        Visibility::Internal => "internal: the public reads the default message",
    }
}
