//! Pieces that several pages have.

use maud::{Markup, PreEscaped, Render, html};

use super::words;
use crate::{catalog::Method, model::KindEntry};

/// Where the links of a page lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    /// To the pages of a server.
    Pages,
    /// To the sections of the same document.
    Sections,
}

impl Links {
    /// The address of what is said of a kind.
    pub(crate) fn kind(self, kind: &str) -> String {
        match self {
            Self::Pages => format!("/errors/{kind}"),
            Self::Sections => format!("#{}", kind_id(kind)),
        }
    }

    /// A kind, with a link to what is said of it.
    pub(crate) fn kind_link(self, kind: &str) -> Markup {
        html! { a href=(self.kind(kind)) { code { (kind) } } }
    }

    /// A method, with a link to its section where there is one.
    pub(crate) fn method_link(self, method: &Method) -> Markup {
        match self {
            Self::Pages => html! { code { (method.name()) } },
            Self::Sections => html! { a href={ "#" (method_id(method)) } { code { (method.name()) } } },
        }
    }
}

/// The name of the section of a kind.
pub(crate) fn kind_id(kind: &str) -> String {
    format!("kind-{kind}")
}

/// The name of the section of a method.
pub(crate) fn method_id(method: &Method) -> String {
    format!("method-{}", method.name().replace('/', "-"))
}

/// A heading of this level, 1 to 6, which a section may name as its label.
pub(crate) fn heading(level: u8, id: Option<&str>, text: impl Render) -> Markup {
    let level = level.clamp(1, 6);
    html! {
        (PreEscaped(format!("<h{level}")))
        @if let Some(id) = id { (PreEscaped(" id=\"")) (id) (PreEscaped("\"")) }
        (PreEscaped(">")) (text) (PreEscaped(format!("</h{level}>")))
    }
}

/// A term and what it is, for a `dl`.
pub(crate) fn fact(term: &str, value: impl Render) -> Markup {
    html! { div { dt { (term) } dd { (value) } } }
}

/// A sentence of ours, with code between backticks.
pub(crate) fn prose(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Text as it is, which a keyboard can scroll.
pub(crate) fn listing(label: &str, text: &str) -> Markup {
    html! { pre tabindex="0" role="region" aria-label=(label) { code { (text) } } }
}

/// A table of kinds, one a row.
pub(crate) fn kinds_table<'a>(entries: impl Iterator<Item = &'a KindEntry>, links: Links) -> Markup {
    // The roles are those that the elements have; some browsers forget them where a phone shows no columns.
    html! {
        table.kinds role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for title in ["Kind", "HTTP status", "gRPC code", "Retry"] {
                        th scope="col" role="columnheader" { (title) }
                    }
                }
            }
            tbody role="rowgroup" {
                @for entry in entries {
                    tr role="row" {
                        th scope="row" role="rowheader" {
                            (links.kind_link(&entry.kind))
                            @if entry.deprecated.is_some() { " " span.tag { "deprecated" } }
                            @if !entry.description.is_empty() { span.about { (entry.description) } }
                        }
                        td role="cell" data-label="HTTP status" { (words::status(entry.status)) }
                        td role="cell" data-label="gRPC code" { (entry.code) }
                        td role="cell" data-label="Retry" { (words::retry(entry.retry)) }
                    }
                }
            }
        }
    }
}
