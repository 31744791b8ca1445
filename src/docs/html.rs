//! A reference as one HTML file, which needs no script and loads nothing.

use maud::{Markup, PreEscaped, html};

use super::{
    fragments::{Links, document, heading, kind, kind_id, kinds_table, listing, method_id, prose},
    reference::Reference,
    words::{self, FIELDS},
};
use crate::{
    catalog::Method,
    model::{HttpStatus, Kind, KindEntry},
};

/// The style of all pages.
pub(crate) const STYLE: &str = include_str!("style.css");

/// Nothing runs and nothing is loaded, whatever a catalog holds.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const LINKS: Links = Links::Sections;

/// The whole document.
pub(crate) fn write(reference: &Reference) -> String {
    let style = html! {
        meta http-equiv="Content-Security-Policy" content=(POLICY);
        style { (PreEscaped(STYLE)) }
    };
    let mut text = document("Error reference", &style, &contents(reference), &body(reference)).into_string();
    // So that a change of a committed file can be reviewed. Text has `&lt;` there.
    for tag in ["<section", "<tr", "<li", "<div", "<pre"] {
        text = text.replace(tag, &format!("\n{tag}"));
    }
    text.push('\n');
    text
}

fn contents(reference: &Reference) -> Markup {
    let has_methods = reference.methods().next().is_some();
    html! {
        nav aria-label="Contents" {
            ul {
                li { a href="#format" { "Format" } }
                li { a href="#kinds" { "Kinds" } }
                li { a href="#statuses" { "Statuses" } }
                @if has_methods { li { a href="#methods" { "Methods" } } }
                li { a href="#details" { "Kinds in detail" } }
            }
        }
    }
}

fn body(reference: &Reference) -> Markup {
    html! {
        h1 { "Error reference" }
        section aria-labelledby="format" { (format(reference)) }
        section aria-labelledby="kinds" {
            h2 id="kinds" { "Kinds" }
            (kinds_table(reference.entries(), LINKS))
        }
        section aria-labelledby="statuses" {
            h2 id="statuses" { "Statuses" }
            @for (of, kinds) in reference.statuses() { (status(of, &kinds)) }
        }
        @if reference.methods().next().is_some() {
            section aria-labelledby="methods" { (methods(reference)) }
        }
        section aria-labelledby="details" {
            h2 id="details" { "Kinds in detail" }
            @for (kind_of, entry) in reference.kinds.iter().filter_map(|kind| Some((kind, kind.entry()?))) {
                @let id = kind_id(&entry.kind);
                section.kind aria-labelledby=(id) {
                    (heading(3, Some(&id), html! { code { (entry.kind) } }))
                    (kind(&reference.translator, kind_of, entry, reference.declared_by(&entry.kind), LINKS, 4))
                }
            }
        }
    }
}

fn format(reference: &Reference) -> Markup {
    html! {
        h2 id="format" { "Format" }
        p { "Over HTTP, the body of an error is JSON:" }
        table {
            thead { tr { th scope="col" { "Field" } th scope="col" { "Description" } } }
            tbody {
                @for (field, description) in FIELDS {
                    tr { th scope="row" { code { (field) } } td { (description) } }
                }
            }
        }
        @if let Some(body) = reference.example_body() { (listing("Body of an error", &body)) }
        p {
            "Over gRPC, the kind in upper case is the " code { "reason" } " of a "
            a href="https://google.aip.dev/193#errorinfo" rel="noreferrer" { code { "google.rpc.ErrorInfo" } }
            " in the details of the status."
        }
    }
}

fn status(status: HttpStatus, kinds: &[&Kind]) -> Markup {
    let id = format!("status-{status}");
    let guidance = words::of_status(status);
    html! {
        section aria-labelledby=(id) {
            (heading(3, Some(&id), words::status(status)))
            @if !guidance.is_empty() { p { (prose(guidance)) } }
            (list(kinds.iter().filter_map(|kind| kind.entry())))
        }
    }
}

fn list<'a>(entries: impl Iterator<Item = &'a KindEntry>) -> Markup {
    html! {
        ul {
            @for entry in entries {
                li {
                    (LINKS.kind_link(&entry.kind))
                    @if !entry.description.is_empty() { ": " (entry.description) }
                }
            }
        }
    }
}

fn methods(reference: &Reference) -> Markup {
    html! {
        h2 id="methods" { "Methods" }
        p { "Every method may also fail with the errors of the server and the connection:" }
        (list(reference.added()))
        @for declared in reference.methods() { (method(reference, declared)) }
    }
}

fn method(reference: &Reference, method: &Method) -> Markup {
    let id = method_id(method);
    let kinds: Vec<_> = method.kinds().filter_map(|kind| reference.catalog.get(kind)).collect();
    html! {
        section aria-labelledby=(id) {
            (heading(3, Some(&id), html! { code { (method.name()) } }))
            @for route in method.routes() { p.route { code { (route.verb()) " " (route.template()) } } }
            @if !method.is_declared() {
                p { "Its errors are not declared." }
            } @else if kinds.is_empty() {
                p { "It has no errors of its own." }
            } @else {
                (kinds_table(kinds.iter().filter_map(|kind| kind.entry()), LINKS))
            }
        }
    }
}
