//! `errwire explain`: a kind, a reason, a status, a code or a method, for a person; and `errwire kinds`: a list of all kinds.

use std::{
    array,
    io::{self, Write},
};

use super::{
    args::{Explain, Kinds, KindsFormat},
    outcome::{Failure, HEADING, NAME, Outcome, fact, heading, indented},
};
use crate::{
    catalog::{Catalog, IMPLIED, Method},
    diagnostic::nearest,
    docs::{
        json::pretty,
        reference::{Wires, declared_by},
        words,
    },
    model::{Code, Error, HttpStatus, Kind, KindEntry, kind_for_message, kinds, shown},
    service::{CatalogReader, Json, kind_message, pb},
    translate::Translator,
};

/// A kind has lower case, a code and a reason have upper case, a status has digits, and a method has a slash or a dot. Of a
/// name that is a code and a reason, the code: its kind is on its page.
// docs/rules.md: R-CLI-5
pub(super) fn explain(args: &Explain, out: &mut impl Write) -> Result<Outcome, Failure> {
    let translator = &args.catalog.translator()?;
    let (catalog, name) = (translator.catalog(), &*args.name);
    let written = if let Some(status) = status(name).map_err(Failure::Errwire)? {
        write_status(translator, status, out)
    } else if let Some(code) = Code::ALL.into_iter().find(|code| code.name() == name) {
        write_code(translator, code, out)
    } else if let Some(kind) = catalog.get_by_reason(name) {
        write_kind(translator, &kind, out)
    } else if name.contains(['/', '.']) {
        write_methods(translator, &methods(&catalog, name).map_err(Failure::Errwire)?, out)
    } else {
        let request = pb::GetKindRequest { kind: name.to_owned() };
        let kind = CatalogReader::new(translator.clone()).get_kind(&request).map_err(Failure::Errwire)?;
        write_kind(translator, &kind, out)
    };
    written.map_err(Failure::Output)?;
    Ok(Outcome::Fine)
}

fn status(name: &str) -> Result<Option<HttpStatus>, Error> {
    if name.is_empty() || !name.bytes().all(|c| c.is_ascii_digit()) {
        return Ok(None);
    }
    let status = name.parse().ok().and_then(|number| HttpStatus::new(number).ok());
    let refused = || {
        let message = format!("{} is not the HTTP status of an error. Use a number from 400 to 599.", shown(name));
        Error::new(kinds::REQUEST_INVALID).with_message(message)
    };
    status.map(Some).ok_or_else(refused)
}

fn methods(catalog: &Catalog, name: &str) -> Result<Vec<Method>, Error> {
    let name = name.strip_prefix('/').unwrap_or(name);
    let of_service = |method: &&Method| method.name() == name || method.service() == name && method.name() != name;
    let found: Vec<Method> = catalog.methods().filter(of_service).cloned().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    if let Some(service) = catalog.method(name) {
        return Ok(vec![service.clone()]);
    }
    let remedy = match nearest(name, catalog.methods().map(Method::name)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None if catalog.methods().len() == 0 => "Give a file that declares methods with --catalog.".to_owned(),
        None => "Look at the `methods` of the catalog.".to_owned(),
    };
    let message = format!("The catalog has no method `{}`. {remedy}", shown(name));
    Err(Error::new(kinds::NOT_FOUND).with_message(message))
}

fn write_kind(translator: &Translator, kind: &Kind, out: &mut impl Write) -> io::Result<()> {
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
    let KindEntry { kind, status, code, message, description, .. } = entry;
    writeln!(out, "{}{kind}{}: {description}", NAME.render(), NAME.render_reset())?;
    writeln!(out)?;
    for (term, value) in words::facts(entry, domain) {
        fact(out, term, value)?;
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
    writeln!(out, "  {}", words::of_kind(entry))?;
    match words::of_status(entry.status) {
        "" => Ok(()),
        meaning => writeln!(out, "  {status}: {meaning}"),
    }
}

fn write_status(translator: &Translator, status: HttpStatus, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}{}{}", NAME.render(), words::status(status), NAME.render_reset())?;
    match words::of_status(status) {
        "" => {}
        guidance => writeln!(out, "\n  {guidance}")?,
    }
    let listed = list_matching(translator, |entry| entry.status == status, out)?;
    // A status that no listed kind has is a kind by itself.
    let own = translator.catalog().get(&format!("http_{status}")).filter(|_| !listed);
    match own.as_ref().and_then(|kind| kind.entry()) {
        Some(entry) => write_list(&[entry], out),
        None => Ok(()),
    }
}

fn write_code(translator: &Translator, code: Code, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}{code}{}\n", NAME.render(), NAME.render_reset())?;
    fact(out, "number", code.number())?;
    fact(out, "HTTP status", words::status(code.http_status()))?;
    list_matching(translator, |entry| entry.code == code, out).map(drop)
}

/// Lists the kinds that `has` is true for; whether there are any.
fn list_matching(translator: &Translator, has: impl Fn(&KindEntry) -> bool, out: &mut impl Write) -> io::Result<bool> {
    let catalog = translator.catalog();
    let entries: Vec<&KindEntry> = catalog.iter().filter_map(Kind::entry).filter(|entry| has(entry)).collect();
    if !entries.is_empty() {
        write_list(&entries, out)?;
    }
    Ok(!entries.is_empty())
}

/// A line for each kind, in columns.
fn write_list(entries: &[&KindEntry], out: &mut impl Write) -> io::Result<()> {
    heading(out, "Kinds")?;
    columns(entries, out)
}

fn columns(entries: &[&KindEntry], out: &mut impl Write) -> io::Result<()> {
    let row = |entry: &&KindEntry| [entry.kind.to_string(), entry.status.to_string(), entry.code.to_string()];
    let rows: Vec<_> = entries.iter().map(row).collect();
    let widths = widths(&rows);
    rows.iter().zip(entries).try_for_each(|(row, entry)| writeln!(out, "  {}", line(row, widths, &entry.description)))
}

/// How wide each column is.
fn widths<const N: usize>(rows: &[[String; N]]) -> [usize; N] {
    array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
}

/// A row in columns, with a text of any length behind them.
fn line<const N: usize>(row: &[String; N], widths: [usize; N], text: &str) -> String {
    let columns = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}  "));
    (columns.collect::<String>() + text).trim_end().to_owned()
}

fn write_methods(translator: &Translator, methods: &[Method], out: &mut impl Write) -> io::Result<()> {
    for (at, method) in methods.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        write_method(translator, method, out)?;
    }
    heading(out, "Kinds that the server and the connection add to every method")?;
    let catalog = translator.catalog();
    let added: Vec<Kind> = IMPLIED.into_iter().filter_map(|kind| catalog.get(kind)).collect();
    columns(&added.iter().filter_map(Kind::entry).collect::<Vec<_>>(), out)
}

fn write_method(translator: &Translator, method: &Method, out: &mut impl Write) -> io::Result<()> {
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

pub(super) fn kinds(args: &Kinds, out: &mut impl Write) -> Result<Outcome, Failure> {
    let translator = &args.catalog.translator()?;
    match args.format {
        KindsFormat::Table => table(translator, out).map_err(Failure::Output)?,
        KindsFormat::Json => {
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
    let kinds: Vec<(&Kind, &KindEntry)> = catalog.iter().filter_map(|kind| Some((kind, kind.entry()?))).collect();
    let mut rows = vec![["KIND", "STATUS", "CODE", "DOMAIN"].map(str::to_owned)];
    rows.extend(kinds.iter().map(|(kind, entry)| {
        let KindEntry { status, code, .. } = entry;
        [kind.to_string(), status.to_string(), code.to_string(), translator.domain_of(kind).to_owned()]
    }));
    let widths = widths(&rows);
    let (heading, rows) = rows.split_at(1);
    for heading in heading {
        let heading = line(heading, widths, "DESCRIPTION");
        writeln!(out, "{}{heading}{}", HEADING.render(), HEADING.render_reset())?;
    }
    rows.iter().zip(kinds).try_for_each(|(row, (_, entry))| writeln!(out, "{}", line(row, widths, &entry.description)))
}
