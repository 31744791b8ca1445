//! Methods, and what they fail with.

use std::io::{self, Write};

use super::group::columns;
use crate::{
    catalog::{Method, implied},
    cli::style::{NAME, heading},
    model::{Kind, KindEntry},
    translate::Translator,
};

pub(super) fn write(translator: &Translator, methods: &[Method], out: &mut impl Write) -> io::Result<()> {
    for (at, method) in methods.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        one(translator, method, out)?;
    }
    heading(out, "Kinds that the server and the connection add to every method")?;
    let catalog = translator.catalog();
    let added: Vec<Kind> = implied().filter_map(|kind| catalog.get(kind)).collect();
    columns(&added.iter().filter_map(Kind::entry).collect::<Vec<_>>(), out)
}

fn one(translator: &Translator, method: &Method, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}{}{}", NAME.render(), method.name(), NAME.render_reset())?;
    for route in method.routes() {
        writeln!(out, "  {} {}", route.verb(), route.template())?;
    }
    if !method.is_declared() {
        return writeln!(out, "  does not declare its errors");
    }
    let catalog = translator.catalog();
    let kinds: Vec<Kind> = method.kinds().filter_map(|kind| catalog.get(kind)).collect();
    let entries: Vec<&KindEntry> = kinds.iter().filter_map(Kind::entry).collect();
    if entries.is_empty() {
        return writeln!(out, "  has no errors of its own");
    }
    heading(out, "Kinds that it declares")?;
    columns(&entries, out)
}
