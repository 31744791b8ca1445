//! `errwire kinds`: what there is.

use std::io::{self, Write};

use super::{args::Format, failure::Failure, run::Outcome, style::HEADING};
use crate::{
    Catalog, Entry, Kind,
    service::{Json, kind_message, pb},
};

pub(super) fn run(catalog: &Catalog, format: Format, out: &mut impl Write) -> Result<Outcome, Failure> {
    match format {
        Format::Table => table(catalog, out).map_err(Failure::Output)?,
        Format::Json => {
            let kinds = catalog.iter().map(kind_message).collect();
            let list = pb::ListKindsResponse { kinds, ..Default::default() };
            let json = Json::default().write("ListKindsResponse", &list).map_err(Failure::Errwire)?;
            writeln!(out, "{json:#}").map_err(Failure::Output)?;
        }
    }
    Ok(Outcome::Fine)
}

fn table(catalog: &Catalog, out: &mut impl Write) -> io::Result<()> {
    let entries = || catalog.iter().filter_map(Kind::entry);
    let width = |text: fn(&Entry) -> &str, heading: &str| {
        entries().map(|entry| text(entry).chars().count()).chain([heading.len()]).max().unwrap_or_default()
    };
    let kind = width(|entry| &entry.kind, "KIND");
    let code = width(|entry| entry.code.name(), "CODE");
    let domain = width(|entry| &entry.domain, "DOMAIN");

    let heading = format!("{:kind$}  STATUS  {:code$}  {:domain$}  DESCRIPTION", "KIND", "CODE", "DOMAIN");
    writeln!(out, "{}{heading}{}", HEADING.render(), HEADING.render_reset())?;
    for entry in entries() {
        let Entry { kind: name, status, code: number, domain: definer, description, .. } = entry;
        let line = format!("{name:kind$}  {status:<6}  {:code$}  {definer:domain$}  {description}", number.name());
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
