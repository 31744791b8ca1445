//! What every page has.

use maud::{DOCTYPE, Markup, html};

/// Where a page stands in the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Reference,
    Translate,
}

pub(super) fn page(title: &str, place: Option<Place>, main: &Markup) -> Markup {
    let link = |href, text, own| {
        let current = (place == Some(own)).then_some("page");
        html! { li { a href=(href) aria-current=[current] { (text) } } }
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · errwire" }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="data:,";
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header {
                    p.brand { a href="/errors" { "errwire" } }
                    nav aria-label="Pages" {
                        ul {
                            (link("/errors", "Error reference", Place::Reference))
                            (link("/translate", "Translate", Place::Translate))
                        }
                    }
                }
                main id="main" { (main) }
            }
        }
    }
}
