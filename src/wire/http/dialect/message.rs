//! Which member holds the text for people.

// docs/rules.md: R-GENERAL-3

use std::borrow::Cow;

use bytestring::ByteString;

use super::{
    finder::{Finder, Path},
    roles,
};
use crate::wire::http::{
    json::{Json, Object},
    reading::Page,
};

/// Takes a text, or a list of texts as NestJS writes it.
pub(super) fn take(object: &mut Object<'_>, page: &Page<'_>, name: &str) -> Option<ByteString> {
    object.get(name).filter(|json| is_message(json))?;
    match object.take(name)? {
        Json::Text(text) => Some(page.share(text)),
        Json::List(texts) => {
            let texts: Vec<_> = texts.iter().filter_map(Json::as_text).collect();
            Some(texts.join("; ").into())
        }
        Json::Object(translated) => in_some_language(&translated).map(|text| page.share(Cow::Owned(text.to_owned()))),
        _ => None,
    }
}

pub(super) fn is_message(json: &Json<'_>) -> bool {
    match json {
        Json::Text(text) => !text.is_empty(),
        Json::List(list) => is_texts(list),
        Json::Object(object) => in_some_language(object).is_some(),
        _ => false,
    }
}

/// Whether a list holds texts, and nothing but texts.
pub(super) fn is_texts(list: &[Json<'_>]) -> bool {
    !list.is_empty() && list.iter().all(|item| item.as_text().is_some())
}

/// A text, or the first of a list of texts.
pub(super) fn first_text<'j>(json: &'j Json<'_>) -> Option<&'j str> {
    match json {
        Json::Text(text) => Some(text),
        Json::List(list) if is_texts(list) => list.first()?.as_text(),
        _ => None,
    }
}

/// The text of `{"lang": "en", "value": "..."}`, as OData has it, and of `{"en": "...", "de": "..."}`: the English one, else that of
/// the language whose tag sorts first, so that the order of members means nothing.
fn in_some_language<'o>(object: &'o Object<'_>) -> Option<&'o str> {
    let mut best: Option<(u8, &str, &str)> = None;
    for (name, json) in object.members() {
        let text = json.as_text()?;
        let rank = match name {
            "lang" | "locale" | "language" => continue,
            "value" | "text" | "Value" | "Text" => 0,
            "en" => 1,
            _ if is_language(name) => {
                if name.starts_with("en") {
                    2
                } else {
                    3
                }
            }
            _ => return None,
        };
        if !text.is_empty() && best.is_none_or(|(best, of, _)| (rank, name) < (best, of)) {
            best = Some((rank, name, text));
        }
    }
    best.map(|(_, _, text)| text)
}

/// `de`, `pt-BR`
fn is_language(name: &str) -> bool {
    let (language, region) = name.split_once(['-', '_']).unwrap_or((name, "XX"));
    language.len() == 2
        && region.len() == 2
        && (language.bytes().chain(region.bytes())).all(|b| b.is_ascii_alphabetic())
}

impl Finder<'_, '_> {
    pub(super) fn text(&mut self, object: &mut Object<'_>, path: &Path<'_>) {
        if self.reading.message.is_some() {
            return;
        }
        for (_, name) in object.ranked(roles::TEXTS, |_, json| is_message(json)) {
            // Whoever looks for more than an object in a text says finds it in the body.
            let nested = object.get(&name).and_then(first_text).and_then(|text| self.nested(text, &path.inside(&name)));
            if let Some((text, at)) = nested {
                self.found = true;
                (self.reading.message, self.reading.origins.message) = (Some(text), at);
                return;
            }
            let Some(text) = take(object, self.page, &name) else { continue };
            self.found = true;
            let at = self.origin(path, &name);
            if self.identify_by_text(&text, path, &name) || self.page.is_reason_phrase(&text) {
                self.phrase.get_or_insert((text, at));
                continue;
            }
            (self.reading.message, self.reading.origins.message) = (Some(text), at);
            return;
        }
    }

    /// If no name is known and exactly one member holds a text with a blank in it, that is the text; if none does, the only object
    /// is looked at.
    pub(super) fn only_sentence(&mut self, object: &mut Object<'_>, path: &Path<'_>, levels: u8) {
        let page = self.page;
        // `Bad Request` under a 400 says nothing that the status line does not.
        let is_sentence = |json: &Json<'_>| {
            json.as_text().is_some_and(|text| text.trim().contains(' ') && !page.is_reason_phrase(text))
        };
        if object.members().any(|(_, json)| is_sentence(json)) {
            let Some(name) = object.only_member(is_sentence) else { return };
            self.reading.message = object.take_text(&name).map(|text| page.share(text));
            self.reading.origins.message = self.origin(path, &name);
        } else if levels > 0
            && let Some(name) = object.only_member(|json| json.as_object().is_some())
        {
            object.within_object(&name, |inner| self.only_sentence(inner, &path.inside(&name), levels - 1));
        }
    }
}
