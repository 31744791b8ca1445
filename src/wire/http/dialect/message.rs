//! Which member holds the text for people.

// docs/rules.md: R-GENERAL-3

use std::borrow::Cow;

use bytestring::ByteString;

use super::{
    finder::{Finder, Path, Ranked},
    roles,
    words::Word,
};
use crate::wire::http::{
    json::{Json, Object},
    reading::Page,
};

/// Takes a text, or a list of texts: all of NestJS's `message`, and of a list of errors the first, beside which the others stay.
pub(super) fn take(object: &mut Object<'_>, page: &Page<'_>, name: &str) -> Option<ByteString> {
    let json = object.get(name).filter(|json| is_message(json))?;
    if let Some([first, _, ..]) = json.as_list()
        && Word::of(name).is(roles::TEXT_LISTS)
    {
        return first.as_text().map(Into::into);
    }
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
        Json::Text(text) => text.contains(char::is_alphanumeric),
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
        let (name, text) = (&**name, json.as_text()?);
        let rank = match name {
            "lang" | "locale" | "language" => continue,
            "value" | "text" | "Value" | "Text" => 0,
            "en" => 1,
            _ if !is_language(name) => return None,
            _ if name.starts_with("en") => 2,
            _ => 3,
        };
        if !text.is_empty() && best.is_none_or(|(best, of, _)| (rank, name) < (best, of)) {
            best = Some((rank, name, text));
        }
    }
    best.map(|(_, _, text)| text)
}

/// `de`, `pt-BR`
pub(super) fn is_language(name: &str) -> bool {
    // Most names are longer.
    let (language, region) = match name.len() {
        2 => (name, "XX"),
        5 => name.split_once(['-', '_']).unwrap_or_default(),
        _ => return false,
    };
    language.len() == 2
        && region.len() == 2
        && (language.bytes().chain(region.bytes())).all(|b| b.is_ascii_alphabetic())
}

impl Finder<'_, '_> {
    pub(super) fn text(&mut self, object: &mut Object<'_>, path: &Path<'_>) {
        if self.reading.message.is_some() {
            return;
        }
        let is_meant = |word: Word, json: &Json<'_>| {
            is_message(json)
                && match word.text() {
                    "exception" => is_sentence(json),
                    // A list of details adds to a text.
                    "details" => json.as_list().is_none(),
                    _ => true,
                }
        };
        self.text_among(object.ranked(roles::TEXTS, is_meant), object, path);
        if self.reading.message.is_none() {
            self.text_among(object.qualified(roles::TEXTS, |_, json| is_sentence(json)), object, path);
        }
    }

    fn text_among(&mut self, members: Ranked<'_>, object: &mut Object<'_>, path: &Path<'_>) {
        for (_, name) in members {
            let text = object.get(&name).and_then(first_text);
            // Where a program was is for those who run it.
            if text.is_some_and(is_stack) {
                continue;
            }
            // What else the text says stays in it.
            if let Some((text, at)) = text.and_then(|text| self.nested(text, &path.inside(&name))) {
                self.found = true;
                (self.reading.message, self.reading.origins.message) = (Some(text), at);
                return;
            }
            let Some(text) = take(object, self.page, &name) else { continue };
            self.found = true;
            let at = self.origin(path, &name);
            let is_identifier = self.identify_by_text(&text, path, &name);
            if is_identifier || says_nothing(self.page, &text) {
                // A text that only says that there is an error comes after one that names the status.
                if self.phrase.as_ref().is_none_or(|(phrase, _)| is_generic(phrase) && !is_generic(&text)) {
                    self.phrase = Some((text, at));
                }
                continue;
            }
            (self.reading.message, self.reading.origins.message) = (Some(text), at);
            return;
        }
    }

    /// If no name is known and exactly one member holds a text with a blank in it, that is the text; if none does, the only object
    /// is looked at.
    pub(super) fn only_sentence(&mut self, object: &mut Object<'_>, path: &Path<'_>, levels: u8) {
        let (page, has_phrase) = (self.page, self.phrase.as_ref().is_some_and(|(phrase, _)| !is_generic(phrase)));
        // `Bad Request` under a 400 says nothing that the status line does not.
        let is_meant = |json: &Json<'_>| {
            let is_one = if has_phrase || json.as_list().is_some() { is_prose(json) } else { is_sentence(json) };
            is_one && first_text(json).is_some_and(|text| !says_nothing(page, text) && !is_stack(text))
        };
        if object.members().any(|(_, json)| is_meant(json)) {
            let Some(name) = object.only_member(is_meant) else { return };
            self.reading.message = take(object, page, &name);
            self.reading.origins.message = self.origin(path, &name);
        } else if levels > 0
            && !has_phrase
            && let Some(name) = object.only_member(Json::holds_object)
        {
            object.within(&name, |value| {
                match value {
                    Json::Object(inner) => self.only_sentence(inner, &path.inside(&name), levels - 1),
                    Json::List(list) => {
                        if let Some(Json::Object(inner)) = list.first_mut() {
                            self.only_sentence(inner, &path.item(&name, 0), levels - 1);
                        }
                    }
                    _ => {}
                }
                Some(())
            });
        }
    }
}

/// Several words; `2026-04-14 14:33:31` has none.
fn is_sentence(json: &Json<'_>) -> bool {
    json.as_text().is_some_and(|text| text.trim().contains(' ') && text.contains(char::is_alphabetic))
}

/// Whether a text, or the first of a list of texts, is what somebody wrote for people, and not a date or a line of a log.
fn is_prose(json: &Json<'_>) -> bool {
    let text = first_text(json).unwrap_or_default();
    let is_word = |word: &str| word.starts_with(|c: char| c.is_alphabetic() || matches!(c, '"' | '\'' | '(' | '`'));
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let mut words = text.split_whitespace();
    words.next().is_some_and(is_word) && words.clone().count() > 1 && words.all(|word| is_word(word) || is_number(word))
}

/// `Not Found`, `404 Not Found` or `error`: no more than the status line says.
pub(super) fn says_nothing(page: &Page<'_>, text: &str) -> bool {
    let numbered = text.split_once(' ').filter(|(number, _)| number.len() == 3 && number.parse::<u16>().is_ok());
    page.is_reason_phrase(text) || numbered.is_some_and(|(_, phrase)| page.is_reason_phrase(phrase)) || is_generic(text)
}

/// Whether a text only says that there is an error.
pub(super) fn is_generic(text: &str) -> bool {
    let text = text.trim_end_matches('.');
    roles::GENERIC.texts().iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// A trace of Python, Java, .NET or JavaScript.
fn is_stack(text: &str) -> bool {
    let has_lines = || ["\n\tat ", "\n    at ", "\n   at "].iter().any(|line| text.contains(line));
    text.starts_with("Traceback (most recent call last)") || text.contains('\n') && has_lines()
}
