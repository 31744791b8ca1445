//! A status or a code, and the kinds that have it.

use std::io::{self, Write};

use crate::{
    cli::style::{NAME, fact, heading},
    docs::{guidance, words},
    model::{Code, HttpStatus, Kind, KindEntry},
    translate::Translator,
};

pub(super) fn status(translator: &Translator, status: HttpStatus, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}{}{}", NAME.render(), words::status(status), NAME.render_reset())?;
    match guidance::of_status(status) {
        "" => {}
        guidance => writeln!(out, "\n  {guidance}")?,
    }
    let listed = kinds(translator, |entry| entry.status == status, out)?;
    // A status that no listed kind has is a kind by itself.
    let own = translator.catalog().get(&format!("http_{status}")).filter(|_| !listed);
    match own.as_ref().and_then(|kind| kind.entry()) {
        Some(entry) => list(&[entry], out),
        None => Ok(()),
    }
}

pub(super) fn code(translator: &Translator, code: Code, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}{code}{}\n", NAME.render(), NAME.render_reset())?;
    fact(out, "number", code.number())?;
    fact(out, "HTTP status", words::status(code.http_status()))?;
    kinds(translator, |entry| entry.code == code, out).map(drop)
}

/// Lists the kinds that `has` is true for; whether there are any.
fn kinds(translator: &Translator, has: impl Fn(&KindEntry) -> bool, out: &mut impl Write) -> io::Result<bool> {
    let catalog = translator.catalog();
    let entries: Vec<&KindEntry> = catalog.iter().filter_map(Kind::entry).filter(|entry| has(entry)).collect();
    if !entries.is_empty() {
        list(&entries, out)?;
    }
    Ok(!entries.is_empty())
}

/// A line for each kind, in columns.
pub(super) fn list(entries: &[&KindEntry], out: &mut impl Write) -> io::Result<()> {
    heading(out, "Kinds")?;
    columns(entries, out)
}

pub(super) fn columns(entries: &[&KindEntry], out: &mut impl Write) -> io::Result<()> {
    let width = |text: fn(&KindEntry) -> usize| entries.iter().map(|entry| text(entry)).max().unwrap_or(0);
    let (kind, code) = (width(|entry| entry.kind.len()), width(|entry| entry.code.name().len()));
    for KindEntry { kind: name, status, code: number, description, .. } in entries {
        let line = format!("  {name:kind$}  {status}  {:code$}  {description}", number.name());
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
