//! HTML that several pages share, and the section of one kind.

use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

use super::{reference::Wires, words};
use crate::{
    catalog::Method,
    model::{Kind, KindEntry},
    translate::Translator,
};

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

/// A whole document. `style` is its style, and in front of that the policy that is to hold for all that follows.
pub(crate) fn document(title: &str, style: &Markup, header: &Markup, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                (style)
                title { (title) }
                link rel="icon" href="data:,";
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header { (header) }
                main id="main" { (main) }
            }
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

/// The content of a page or a section, whose own heading is one level above `level`. `methods` are those that
/// declare the kind.
pub(crate) fn kind(
    translator: &Translator,
    kind: &Kind,
    entry: &KindEntry,
    methods: &[Method],
    links: Links,
    level: u8,
) -> Markup {
    let id = |part: &str| match links {
        Links::Pages => part.to_owned(),
        Links::Sections => format!("{part}-{}", entry.kind),
    };
    let (message, todo, http, grpc) = (id("message"), id("todo"), id("http"), id("grpc"));
    let wires = Wires::of(translator, kind);
    html! {
        @if !entry.description.is_empty() { p.lead { (entry.description) } }
        @if let Some(notice) = words::deprecation(entry) {
            p.notice {
                (notice)
                @let instead = entry.deprecated.as_ref().and_then(|deprecated| deprecated.replaced_by.as_deref());
                @if let Some(instead) = instead { " Use " (links.kind_link(instead)) "." }
            }
        }
        (facts(entry, translator.domain_of(kind)))
        section aria-labelledby=(message) {
            (heading(level, Some(&message), "Default message"))
            // The page is in English.
            p.message dir="auto" lang=[entry.other_language()] { (entry.message) }
            (localized(entry, level + 1))
        }
        section aria-labelledby=(todo) {
            (heading(level, Some(&todo), "What to do"))
            p { (prose(&words::of_kind(entry))) }
            @let of_status = words::of_status(entry.status);
            @if links == Links::Pages && !of_status.is_empty() { p { (prose(of_status)) } }
        }
        @if !methods.is_empty() {
            (heading(level, None, "Methods that declare it"))
            ul.methods { @for method in methods { li { (links.method_link(method)) } } }
        }
        section aria-labelledby=(http) {
            (heading(level, Some(&http), "Over HTTP, to the public"))
            (listing("HTTP response", &wires.http))
        }
        section aria-labelledby=(grpc) {
            (heading(level, Some(&grpc), "Over gRPC"))
            (listing("gRPC trailers", &wires.grpc))
            (heading(level + 1, None, "Decoded"))
            (listing("google.rpc.Status as JSON", &wires.decoded))
        }
    }
}

fn facts(entry: &KindEntry, domain: &str) -> Markup {
    html! {
        dl.facts {
            @for (term, value) in words::facts(entry, domain) {
                @let value = match term {
                    "reason" => html! { code { (value) } },
                    "help" => help(&value),
                    _ => html! { (value) },
                };
                (fact(&words::capitalized(term), value))
            }
        }
    }
}

/// A link, if that is safe: the page of a foreign catalog must not run scripts.
fn help(url: &str) -> Markup {
    let safe = url.starts_with("https://") || url.starts_with("http://");
    html! { @if safe { a href=(url) rel="noreferrer" { (url) } } @else { (url) } }
}

fn localized(entry: &KindEntry, level: u8) -> Markup {
    html! {
        @if !entry.localized.is_empty() {
            (heading(level, None, "In other languages"))
            dl.languages {
                @for (tag, text) in entry.localized.iter() {
                    (fact(tag, html! { span lang=(tag) dir="auto" { (text) } }))
                }
            }
        }
    }
}
