//! The page of one kind.

use maud::{Markup, html};

use crate::{
    Kind, KindEntry, Translator,
    docs::{fragments::Links, kind_content},
};

pub(super) fn kind(translator: &Translator, kind: &Kind, entry: &KindEntry) -> Markup {
    html! {
        p.crumbs { a href="/errors" { "Error reference" } }
        h1 { code { (entry.kind) } }
        (kind_content(translator, kind, entry, Links::Pages, 2))
    }
}
