//! Which member holds the text for people.

// docs/rules.md: R-GENERAL-3

use std::borrow::Cow;

use bytestring::ByteString;

use super::{
    finder::{Finder, Path, last},
    roles,
};
use crate::wire::http::{Reading, context::Page, json::Json, object::Object};

impl Reading {
    /// Takes the message from the first of these members that has one. Each is given as the path from the root, whose last name is
    /// that of the member.
    pub(super) fn take_message(&mut self, object: &mut Object<'_>, page: &Page<'_>, paths: &[&'static str]) {
        if let Some(path) = paths.iter().find(|path| object.get(last(path)).is_some_and(is_message)) {
            self.message = take(object, page, last(path));
            self.origins.message = Some(Cow::Borrowed(path));
        }
    }
}

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
    pub(super) fn text(&mut self, object: &mut Object<'_>, path: &Path) {
        if self.reading.message.is_some() {
            return;
        }
        for (_, name) in object.ranked(&roles::TEXTS, |_, json| is_message(json)) {
            let Some(text) = take(object, self.page, &name) else { continue };
            self.found = true;
            let at = path.with(&name);
            if let Some((inner, inner_at)) = self.nested(&text, &at) {
                self.reading.message = Some(inner);
                self.reading.origins.message = Some(format!("{at}.{inner_at}").into());
                // Whoever looks for more finds it in the body.
                object.put_back_as(&name, Json::Text(text.to_string().into()));
                return;
            }
            if self.identify_by_text(&text, &at) || self.is_phrase(&text) {
                if self.phrase.is_none() {
                    self.phrase = Some((text, at));
                }
                continue;
            }
            self.reading.message = Some(text);
            self.reading.origins.message = Some(at.into());
            return;
        }
    }

    /// `Bad Request` under a 400 says nothing that the status line does not.
    fn is_phrase(&self, text: &str) -> bool {
        self.page.is_reason_phrase(text)
    }

    /// If no name is known and exactly one member holds a text with a blank in it, that is the text; if none does, the only object
    /// is looked at.
    pub(super) fn only_sentence(&mut self, object: &mut Object<'_>, path: &mut Path, levels: u8) {
        let is_sentence =
            |json: &Json<'_>| json.as_text().is_some_and(|text| text.trim().contains(' ') && !self.is_phrase(text));
        let mut names = object.members().filter(|(_, json)| is_sentence(json)).map(|(name, _)| name.to_owned());
        match (names.next(), names.next()) {
            (Some(name), None) => {
                drop(names);
                self.reading.message = object.take_text(&name).map(|text| self.page.share(text));
                self.reading.origins.message = Some(path.with(&name).into());
            }
            (None, _) if levels > 0 => {
                drop(names);
                let objects = object.members().filter(|(_, json)| json.as_object().is_some());
                let names: Vec<_> = objects.map(|(name, _)| name.to_owned()).take(2).collect();
                let [name] = &*names else { return };
                let Some(Json::Object(mut inner)) = object.take(name) else { return };
                path.inside(name, |path| self.only_sentence(&mut inner, path, levels - 1));
                object.put_back_as(name, Json::Object(inner));
            }
            _ => {}
        }
    }
}
