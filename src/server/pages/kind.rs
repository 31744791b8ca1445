//! The page of one kind.

use maud::{Markup, html};

use crate::{
    catalog::Method,
    docs::{fragments::Links, kind_content, reference::declared_by},
    model::{Kind, KindEntry},
    translate::Translator,
};

pub(super) fn kind(translator: &Translator, kind: &Kind, entry: &KindEntry) -> Markup {
    let catalog = translator.catalog();
    let methods: Vec<Method> = declared_by(&catalog, &entry.kind).cloned().collect();
    html! {
        p.crumbs { a href="/errors" { "Error reference" } }
        h1 { code { (entry.kind) } }
        (kind_content(translator, kind, entry, &methods, Links::Pages, 2))
    }
}
