//! A reference in Markdown.

use std::fmt::{self, Write};

use super::{
    reference::{Reference, Wires},
    words::{self, FIELDS},
};
use crate::{
    catalog::{Method, fence, link, prose},
    model::{HttpStatus, Kind, KindEntry},
};

/// The whole reference.
pub(crate) fn write(reference: &Reference) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = document(&mut out, reference);
    out
}

fn document(out: &mut String, reference: &Reference) -> fmt::Result {
    writeln!(out, "# Error reference\n")?;
    format(out, reference)?;
    kinds_table(out, reference)?;
    writeln!(out, "## Statuses\n")?;
    for (of, kinds) in reference.statuses() {
        status(out, of, &kinds)?;
    }
    if reference.methods().next().is_some() {
        methods(out, reference)?;
    }
    writeln!(out, "## Kinds in detail")?;
    for kind in &reference.kinds {
        if let Some(entry) = kind.entry() {
            self::kind(out, reference, kind, entry)?;
        }
    }
    Ok(())
}

fn format(out: &mut String, reference: &Reference) -> fmt::Result {
    writeln!(out, "## Format\n\nOver HTTP, the body of an error is JSON:\n\n| field | description |\n|---|---|")?;
    for (field, description) in FIELDS {
        writeln!(out, "| `{field}` | {description} |")?;
    }
    if let Some(body) = reference.example_body() {
        writeln!(out, "\n{}", Block("json", &body))?;
    }
    writeln!(
        out,
        "\nOver gRPC, the kind in upper case is the `reason` of a \
         [`google.rpc.ErrorInfo`](https://google.aip.dev/193#errorinfo) in the details of the status.\n"
    )
}

fn kinds_table(out: &mut String, reference: &Reference) -> fmt::Result {
    writeln!(out, "## Kinds\n\n| kind | status | code | description |\n|---|---|---|---|")?;
    for entry in reference.entries() {
        let (link, description) = (Link(&entry.kind), prose(&entry.description));
        writeln!(out, "| {link} | {} | {} | {description} |", entry.status, entry.code)?;
    }
    writeln!(out)
}

fn status(out: &mut String, status: HttpStatus, kinds: &[&Kind]) -> fmt::Result {
    writeln!(out, "### {}\n", words::status(status))?;
    let guidance = words::of_status(status);
    if !guidance.is_empty() {
        writeln!(out, "{guidance}\n")?;
    }
    for entry in kinds.iter().filter_map(|kind| kind.entry()) {
        item(out, entry)?;
    }
    writeln!(out)
}

fn item(out: &mut String, entry: &KindEntry) -> fmt::Result {
    match &*entry.description {
        "" => writeln!(out, "- {}", Link(&entry.kind)),
        description => writeln!(out, "- {}: {}", Link(&entry.kind), prose(description)),
    }
}

fn methods(out: &mut String, reference: &Reference) -> fmt::Result {
    writeln!(out, "## Methods\n\nEvery method may also fail with the errors of the server and the connection:\n")?;
    let added: Vec<String> = reference.added().map(|entry| Link(&entry.kind).to_string()).collect();
    writeln!(out, "{}.\n", added.join(", "))?;
    for method in reference.methods() {
        self::method(out, reference, method)?;
    }
    Ok(())
}

fn method(out: &mut String, reference: &Reference, method: &Method) -> fmt::Result {
    writeln!(out, "### `{}`\n", method.name())?;
    for route in method.routes() {
        writeln!(out, "`{} {}`\n", route.verb(), route.template())?;
    }
    if !method.is_declared() {
        return writeln!(out, "Its errors are not declared.\n");
    }
    if method.kinds().len() == 0 {
        return writeln!(out, "It has no errors of its own.\n");
    }
    writeln!(out, "| kind | status | description |\n|---|---|---|")?;
    for kind in method.kinds().filter_map(|kind| reference.catalog.get(kind)) {
        if let Some(entry) = kind.entry() {
            let description = prose(&entry.description);
            writeln!(out, "| {} | {} | {description} |", Link(&entry.kind), words::status(entry.status))?;
        }
    }
    writeln!(out)
}

fn kind(out: &mut String, reference: &Reference, kind: &Kind, entry: &KindEntry) -> fmt::Result {
    writeln!(out, "\n### `{}`\n", entry.kind)?;
    if !entry.description.is_empty() {
        writeln!(out, "{}.\n", prose(entry.description.trim_end_matches('.')))?;
    }
    if let Some(notice) = words::deprecation(entry) {
        let instead = entry.deprecated.as_ref().and_then(|deprecated| deprecated.replaced_by.as_deref());
        let instead = instead.map(|kind| format!(" Use {}.", Link(kind))).unwrap_or_default();
        writeln!(out, "**{}**{instead}\n", prose(&notice))?;
    }
    facts(out, reference, kind, entry)?;
    let language = entry.other_language().map(|tag| format!(", in `{tag}`")).unwrap_or_default();
    writeln!(out, "\nThe default message{language}:\n\n> {}", prose(entry.message.as_str()))?;
    if !entry.localized.is_empty() {
        writeln!(out, "\nIn other languages:\n\n| language | message |\n|---|---|")?;
        for (tag, text) in entry.localized.iter() {
            writeln!(out, "| {tag} | {} |", prose(text.as_str()))?;
        }
    }
    writeln!(out, "\n**What to do.** {}", words::of_kind(entry))?;
    let wires = Wires::of(&reference.translator, kind);
    writeln!(out, "\nOver HTTP, to the public:\n\n{}", Block("http", &wires.http))?;
    writeln!(out, "\nOver gRPC:\n\n{}", Block("text", &wires.grpc))?;
    writeln!(out, "\nDecoded:\n\n{}", Block("json", &wires.decoded))?;
    let methods: Vec<String> =
        reference.declared_by(&entry.kind).iter().map(|method| format!("`{}`", method.name())).collect();
    if !methods.is_empty() {
        writeln!(out, "\nDeclared by {}.", methods.join(", "))?;
    }
    Ok(())
}

fn facts(out: &mut String, reference: &Reference, kind: &Kind, entry: &KindEntry) -> fmt::Result {
    writeln!(out, "| | |\n|---|---|")?;
    for (term, value) in words::facts(entry, reference.translator.domain_of(kind)) {
        let term = words::capitalized(term);
        match &*term {
            "Reason" => writeln!(out, "| {term} | `{value}` |")?,
            "Help" => writeln!(out, "| {term} | {} |", link(&value).unwrap_or_else(|| prose(&value)))?,
            _ => writeln!(out, "| {term} | {} |", prose(&value))?,
        }
    }
    Ok(())
}

/// A kind, with a link to its section: the anchor that GitHub and GitLab give it.
struct Link<'a>(&'a str);

impl fmt::Display for Link<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[`{0}`](#{0})", self.0)
    }
}

/// A block of code that nothing inside of it ends.
struct Block<'a>(&'a str, &'a str);

impl fmt::Display for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fence = format!("{:`>3}", fence(self.1));
        write!(f, "{fence}{}\n{}\n{fence}", self.0, self.1.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_block() {
        assert_eq!(Block("text", "a\n````\nb\n").to_string(), "`````text\na\n````\nb\n`````");
    }
}
