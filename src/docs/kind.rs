//! What a page says of one kind, below its name.

use maud::{Markup, html};

use super::{
    fragments::{Links, fact, heading, listing, prose},
    guidance,
    reference::Wires,
    words,
};
use crate::{
    catalog::Method,
    model::{Kind, KindEntry},
    translate::Translator,
};

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
            p { (prose(&guidance::of_kind(entry))) }
            @let of_status = guidance::of_status(entry.status);
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
            (fact("HTTP status", words::status(entry.status)))
            (fact("gRPC code", format!("{} ({})", entry.code, entry.code.number())))
            (fact("Reason", html! { code { (entry.reason) } }))
            (fact("Domain", domain))
            (fact("Retry", words::retry(entry.retry)))
            (fact("Visibility", words::visibility(entry.visibility)))
            @if let Some(owner) = &entry.owner { (fact("Owner", owner)) }
            @if let Some(url) = &entry.help_url { (fact("Help", help(url))) }
        }
    }
}

/// A link, if that is safe: the page of a catalog that somebody else wrote runs nothing.
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
