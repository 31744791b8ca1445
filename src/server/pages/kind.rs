//! The page of one kind.

use maud::{Markup, html};

use crate::{
    docs::{fragments::Links, kind_content},
    model::{Kind, KindEntry},
    translate::Translator,
};

pub(super) fn kind(translator: &Translator, kind: &Kind, entry: &KindEntry) -> Markup {
    html! {
        p.crumbs { a href="/errors" { "Error reference" } }
        h1 { code { (entry.kind) } }
        (kind_content(translator, kind, entry, Links::Pages, 2))
    }
}
