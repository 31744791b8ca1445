//! `errwire kinds`: a list of all kinds.

use std::io::{self, Write};

use super::{
    args::Format,
    outcome::{Failure, HEADING, Outcome},
};
use crate::{
    docs::json::pretty,
    model::{Kind, KindEntry},
    service::{Json, kind_message, pb},
    translate::Translator,
};

pub(super) fn run(translator: &Translator, format: Format, out: &mut impl Write) -> Result<Outcome, Failure> {
    match format {
        Format::Table => table(translator, out).map_err(Failure::Output)?,
        Format::Json => {
            let kinds = translator.catalog().iter().map(|kind| kind_message(translator, kind)).collect();
            let list = pb::ListKindsResponse { kinds, ..Default::default() };
            let mut json = Vec::new();
            Json::default().write("ListKindsResponse", &list, &mut json).map_err(Failure::Errwire)?;
            writeln!(out, "{}", pretty(&json)).map_err(Failure::Output)?;
        }
    }
    Ok(Outcome::Fine)
}

fn table(translator: &Translator, out: &mut impl Write) -> io::Result<()> {
    let catalog = translator.catalog();
    let kinds = || catalog.iter().filter_map(|kind| Some((kind, kind.entry()?)));
    let width = |heading: &str, text: &dyn Fn(&Kind, &KindEntry) -> usize| {
        kinds().map(|(kind, entry)| text(kind, entry)).chain([heading.len()]).max().unwrap_or_default()
    };
    let kind = width("KIND", &|kind, _| kind.as_str().len());
    let code = width("CODE", &|_, entry| entry.code.name().len());
    let domain = width("DOMAIN", &|kind, _| translator.domain_of(kind).chars().count());

    let heading = format!("{:kind$}  STATUS  {:code$}  {:domain$}  DESCRIPTION", "KIND", "CODE", "DOMAIN");
    writeln!(out, "{}{heading}{}", HEADING.render(), HEADING.render_reset())?;
    for (kind_of, entry) in kinds() {
        let KindEntry { status, code: number, description, .. } = entry;
        let definer = translator.domain_of(kind_of);
        let line = format!(
            "{:kind$}  {status:<6}  {:code$}  {definer:domain$}  {description}",
            kind_of.as_str(),
            number.name()
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
