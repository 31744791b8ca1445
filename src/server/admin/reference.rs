//! The error reference: every kind of the catalog, to be searched and filtered, and the page of one kind; and the query of a link, or of a
//! submitted form.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use maud::{Markup, html};

use crate::{
    catalog::{Catalog, Method},
    docs::{
        fragments::{Links, kinds_table},
        kind_content,
        reference::declared_by,
        words::status,
    },
    model::{Kind, KindEntry, Retry},
    translate::Translator,
};

/// How many kinds one page shows.
const PAGE: usize = 100;

const RETRIES: [(&str, &str); 3] =
    [("never", "never"), ("after_backoff", "after backoff"), ("after_delay", "after a delay")];

pub(super) fn list(catalog: &Catalog, query: &Query<'_>) -> Markup {
    let all: Vec<&KindEntry> = catalog.iter().filter_map(Kind::entry).collect();
    let found: Vec<&KindEntry> = all.iter().copied().filter(|entry| matches(entry, query)).collect();
    let last = found.len().div_ceil(PAGE).max(1);
    let page = query.get("page").parse().unwrap_or(1).clamp(1, last);
    let shown: Vec<&KindEntry> = found.iter().copied().skip((page - 1) * PAGE).take(PAGE).collect();
    html! {
        h1 { "Error reference" }
        (filters(&all, query))
        p.count role="status" {
            @if found.len() == all.len() { (all.len()) " kinds" } @else { (found.len()) " of " (all.len()) " kinds" }
            @if last > 1 { ", page " (page) " of " (last) }
        }
        @if found.is_empty() {
            p { "No kind matches. " a href="/errors" { "Show all kinds" } "." }
        } @else {
            (kinds_table(shown.iter().copied(), Links::Pages))
        }
        @if last > 1 { (pages(query, page, last)) }
    }
}

fn matches(entry: &KindEntry, query: &Query<'_>) -> bool {
    let words = query.get("q").to_lowercase();
    let texts = || [&*entry.kind, &*entry.reason, &*entry.description, entry.message.as_str(), &*entry.domain];
    let is = |name, value: &str| query.get(name).is_empty() || query.get(name) == value;
    words.split_whitespace().all(|word| texts().iter().any(|text| text.to_lowercase().contains(word)))
        && is("status", &entry.status.to_string())
        && is("code", entry.code.name())
        && is("retry", retry(entry.retry))
}

/// The name of a retry rule in a query.
fn retry(retry: Retry) -> &'static str {
    match retry {
        Retry::Never => "never",
        Retry::AfterBackoff => "after_backoff",
        Retry::AfterDelay(_) => "after_delay",
    }
}

fn filters(all: &[&KindEntry], query: &Query<'_>) -> Markup {
    let statuses: BTreeMap<String, String> =
        all.iter().map(|entry| (entry.status.to_string(), status(entry.status))).collect();
    let codes: BTreeSet<&str> = all.iter().map(|entry| entry.code.name()).collect();
    let codes: Vec<(&str, &str)> = codes.into_iter().map(|name| (name, name)).collect();
    let statuses: Vec<(&str, &str)> = statuses.iter().map(|(value, text)| (value.as_str(), text.as_str())).collect();
    html! {
        form.filters role="search" action="/errors" {
            div.wide {
                label for="q" { "Search" }
                input id="q" name="q" type="search" value=(query.get("q")) autocomplete="off" spellcheck="false";
            }
            (select("status", "HTTP status", &statuses, query))
            (select("code", "gRPC code", &codes, query))
            (select("retry", "Retry", &RETRIES, query))
            div { button { "Search" } }
        }
    }
}

fn select(name: &str, label: &str, options: &[(&str, &str)], query: &Query<'_>) -> Markup {
    html! {
        div {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                option value="" { "any" }
                @for (value, text) in options {
                    option value=(value) selected[*value == query.get(name)] { (text) }
                }
            }
        }
    }
}

fn pages(query: &Query<'_>, page: usize, last: usize) -> Markup {
    let link = |to: usize| format!("/errors?{}", query.with("page", &to.to_string()));
    html! {
        nav.pages aria-label="Pages of kinds" {
            @if page > 1 { a href=(link(page - 1)) rel="prev" { "← Previous" } }
            @if page < last { a href=(link(page + 1)) rel="next" { "Next →" } }
        }
    }
}

pub(super) fn kind(translator: &Translator, kind: &Kind, entry: &KindEntry) -> Markup {
    let catalog = translator.catalog();
    let methods: Vec<Method> = declared_by(&catalog, &entry.kind).cloned().collect();
    html! {
        p.crumbs { a href="/errors" { "Error reference" } }
        h1 { code { (entry.kind) } }
        (kind_content(translator, kind, entry, &methods, Links::Pages, 2))
    }
}

/// The members of a query or of a submitted form
/// ([`application/x-www-form-urlencoded`](https://url.spec.whatwg.org/#application/x-www-form-urlencoded)).
pub(super) struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Query<'a> {
    pub(super) fn parse(encoded: &'a [u8]) -> Self {
        Self(form_urlencoded::parse(encoded).collect())
    }

    /// The first member of this name, without the space around it; empty if there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The same query with one member replaced, encoded.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let others = self.0.iter().filter(|(key, value)| key != name && !value.is_empty());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(others).append_pair(name, value).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        let query = Query::parse(b"q=task+not%20found&status=&code=NOT_FOUND&q=second&%FF=x");
        assert_eq!(query.get("q"), "task not found");
        assert_eq!(query.get("status"), "");
        assert_eq!(query.get("nothing"), "");
        assert_eq!(Query::parse(b"q=a%26b&status=&page=2").with("page", "3"), "q=a%26b&page=3");
    }
}
