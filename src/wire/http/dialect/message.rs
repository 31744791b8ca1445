//! Which member holds the text for people.

// docs/rules.md: R-GENERAL-3

use bytestring::ByteString;

use crate::wire::http::{context::Page, json::Json, object::Object};

/// The first of these members that is a text, or a list of texts as NestJS writes it.
pub(super) fn take(object: &mut Object<'_>, page: &Page<'_>, names: &[&str]) -> Option<ByteString> {
    let name = names.iter().copied().find(|name| object.get(name).is_some_and(is_message))?;
    match object.take(name)? {
        Json::Text(text) => Some(page.share(text)),
        Json::List(texts) => {
            let texts: Vec<_> = texts.iter().filter_map(Json::as_text).collect();
            Some(texts.join("; ").into())
        }
        _ => None,
    }
}

pub(super) fn is_message(json: &Json<'_>) -> bool {
    match json {
        Json::Text(text) => !text.is_empty(),
        Json::List(list) => is_texts(list),
        _ => false,
    }
}

/// Whether a list holds texts, and nothing but texts.
pub(super) fn is_texts(list: &[Json<'_>]) -> bool {
    !list.is_empty() && list.iter().all(|item| item.as_text().is_some())
}
