//! The page of one kind.

use maud::{Markup, html};

use super::fragments::{fact, kind_link, listing, prose, response, retry, status, trailers};
use crate::{
    Error, Kind, KindEntry, Translator, Visibility,
    service::{ErrorMapping, Json, example, guidance, pb},
};

pub(super) fn kind(translator: &Translator, kind: &Kind, entry: &KindEntry) -> Markup {
    html! {
        p.crumbs { a href="/errors" { "Error reference" } }
        h1 { code { (entry.kind) } }
        @if !entry.description.is_empty() { p.lead { (entry.description) } }
        @if let Some(deprecated) = &entry.deprecated {
            p.notice {
                "Deprecated since " (deprecated.since) "."
                @if let Some(instead) = &deprecated.replaced_by { " Use " (kind_link(instead)) "." }
            }
        }
        (facts(entry, translator.domain_of(kind)))
        section aria-labelledby="message" {
            h2 id="message" { "Default message" }
            p.message dir="auto" { (entry.message) }
            (localized(entry))
        }
        section aria-labelledby="todo" {
            h2 id="todo" { "What to do" }
            p { (prose(&guidance::of_kind(entry))) }
            @let of_status = guidance::of_status(entry.status);
            @if !of_status.is_empty() { p { (prose(of_status)) } }
        }
        (wires(translator, &example(kind)))
    }
}

fn facts(entry: &KindEntry, domain: &str) -> Markup {
    let visibility = match entry.visibility {
        Visibility::Public => "public: anybody may read the message",
        Visibility::Internal => "internal: the public reads the default message",
    };
    html! {
        dl.facts {
            (fact("HTTP status", status(entry.status)))
            (fact("gRPC code", format!("{} ({})", entry.code, entry.code.number())))
            (fact("Reason", html! { code { (entry.reason) } }))
            (fact("Domain", domain))
            (fact("Retry", retry(entry.retry).1))
            (fact("Visibility", visibility))
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

fn localized(entry: &KindEntry) -> Markup {
    html! {
        @if !entry.localized.is_empty() {
            h3 { "In other languages" }
            dl.languages {
                @for (tag, text) in entry.localized.iter() {
                    (fact(tag, html! { span lang=(tag) dir="auto" { (text) } }))
                }
            }
        }
    }
}

fn wires(translator: &Translator, error: &Error) -> Markup {
    let mapping = ErrorMapping::new(translator.clone());
    let status = mapping.failure(error);
    let json = Json::default().write("google.rpc.Status", &status).unwrap_or_default();
    let request = pb::GrpcToHttpRequest {
        source: Some(pb::grpc_to_http_request::Source::Status(status)),
        options: Some(pb::RenderOptions { audience: pb::Audience::Public.into(), ..Default::default() }),
    };
    let answer = mapping.grpc_to_http(request).unwrap_or_default();
    html! {
        section aria-labelledby="http" {
            h2 id="http" { "Over HTTP, to the public" }
            (listing("HTTP response", &response(&answer.response.unwrap_or_default())))
        }
        section aria-labelledby="grpc" {
            h2 id="grpc" { "Over gRPC" }
            (listing("gRPC trailers", &trailers(&mapping.trailers(error))))
            h3 { "Decoded" }
            (listing("google.rpc.Status as JSON", &format!("{json:#}")))
        }
    }
}
