//! Which member names the kind.

// docs/rules.md: R-GENERAL-2

use std::borrow::Cow;

use bytestring::ByteString;

use super::{
    finder::{Finder, Path, Ranked},
    message,
    roles::{self, Role},
    token::{bare, has_scheme, is_compound, is_constant, is_exception_class, is_random, is_token, shape},
    words::{Word, ends_with},
};
use crate::{
    model::Code,
    wire::http::json::{Json, Name, Object},
};

impl Finder<'_, '_> {
    /// Takes the kind, or the code, from the first member that names one.
    pub(super) fn identify(&mut self, object: &mut Object<'_>, path: &Path<'_>, has_text: bool) {
        if self.reading.kind.is_some() {
            return;
        }
        let sys = object.object("sys").and_then(|sys| sys.text("id")).filter(|id| has_text && is_token(id));
        if let Some(id) = sys {
            self.name(id.into(), path, "sys.id");
        }
        // What AWS writes is a shape, and what stands next to its name an address inside of AWS.
        if let Some(shape) = object.text("__type").map(shape).filter(|shape| is_token(shape)) {
            self.name(shape.into(), path, "__type");
            object.take("__type");
        }
        let named = object.ranked(roles::IDENTIFIERS, |_, json| matches!(json, Json::Text(_) | Json::Object(_)));
        self.identify_among(named, object, path, has_text);
        if self.reading.kind.is_none() {
            let is_meant = |word: Word, json: &Json<'_>| identifier(word, json).is_some_and(is_compound);
            let qualified = object.qualified(roles::IDENTIFIERS, is_meant);
            self.identify_among(qualified, object, path, has_text);
        }
    }

    fn identify_among(&mut self, members: Ranked<'_>, object: &mut Object<'_>, path: &Path<'_>, has_text: bool) {
        for (word, name) in members {
            let role = word.text();
            if self.reading.kind.is_some() {
                return;
            }
            // Beside an error of its own, a type may say what was asked for, and in a list a key may be a field.
            if role == "type" && !has_text && self.holds_error(object) || role == "key" && path.is_item() {
                continue;
            }
            // Where a code is stated, what follows it explains.
            let explains = self.reading.code.is_some() && word.is(roles::TOKENS);
            let Some(text) = object.get(&name).and_then(|json| identifier(word, json)) else { continue };
            if names_field(object, text) {
                continue;
            }
            // `OVER_QUERY_LIMIT` alone is not the state of anything.
            let is_sure = role == "status" && is_constant(text);
            if explains || word.is(roles::COMMON) && !has_text && !is_sure {
                continue;
            }
            // `error` alone is the text, unless nobody would write it for people.
            let has_other_text = || object.members().any(|(other, json)| *other != name && is_text(other, json));
            if matches!(role, "error" | "err") && !is_compound(text) && !has_other_text() {
                continue;
            }
            if let Some(code) = code_of(role, text) {
                if *self.reading.code.get_or_insert(code) == code {
                    object.take(&name);
                    self.found = true;
                    if self.reading.origins.code.is_none() {
                        self.reading.origins.code = self.origin(path, &name);
                    }
                }
                continue;
            }
            self.name(self.page.share(Cow::Borrowed(text)), path, &name);
            object.take_text(&name);
        }
    }

    /// Takes the kind from a member that no detail of an error has for anything else.
    pub(super) fn identify_explicitly(&mut self, object: &Object<'_>, path: &Path<'_>) {
        self.identify_by(roles::EXPLICIT, object, path, |_, text| is_token(text));
    }

    /// SOAP has the error of the application in the only element of `detail`.
    pub(super) fn identify_by_fault(&mut self, object: &Object<'_>, path: &Path<'_>) {
        let Some(name) = object.only_member(|json| json.as_object().is_some()) else { return };
        let is_fault = ["fault", "exception", "error"].iter().any(|end| ends_with(&name, end));
        if let Some(fault) = object.object(&name).filter(|_| is_fault) {
            let is_meant = |word: Word, text: &str| !word.is(roles::COMMON) && Code::from_name(text).is_none();
            self.identify_by(roles::IDENTIFIERS, fault, &path.inside(&name), is_meant);
        }
    }

    /// Where nothing else is an error, the first of the violations is, and its code names it.
    pub(super) fn identify_by_violation(&mut self, object: &Object<'_>, path: &Path<'_>) {
        let is_named = self.reading.code.is_some() || self.reading.message.is_some();
        let is_error = |name: &String| Word::of(name).is(roles::WRAPPERS);
        let Some(name) = self.held.clone().filter(|name| !is_named && is_error(name)) else {
            return;
        };
        if let Some(first) = object.list(&name).and_then(|list| list.first()?.as_object()) {
            let path = path.item(&name, 0);
            self.identify_by(roles::OF_VIOLATION, first, &path, |_, text| Code::from_name(text).is_none());
            // An id may be the name of the field, but not in capitals.
            self.identify_by(roles::NUMBERS, first, &path, |word, text| word.text() == "id" && is_constant(text));
            // A text that nobody would write for people says what went wrong as well.
            self.identify_by(roles::TEXTS, first, &path, |word, text| {
                (is_constant(text) || word.text() == "error" && is_compound(text)) && Code::from_name(text).is_none()
            });
        }
    }

    /// The first error of a list that only adds to this one, where nothing names it.
    pub(super) fn identify_by_details(&mut self, object: &Object<'_>, path: &Path<'_>) {
        for (_, name) in object.ranked(roles::ERRORS, |_, json| json.as_list().is_some()) {
            if let Some(first) = object.list(&name).and_then(|list| list.first()?.as_object()) {
                self.identify_explicitly(first, &path.item(&name, 0));
            }
        }
    }

    /// Where the first of a list says the same as this error, or is its only item, its code names it.
    pub(super) fn identify_by_same(&mut self, object: &Object<'_>, path: &Path<'_>) {
        if self.reading.code.is_some() || self.held.is_some() {
            return;
        }
        let is_list = |word: Word, json: &Json<'_>| word.text() == "errors" && json.as_list().is_some();
        let Some((_, name, json)) = object.first(roles::WRAPPERS, is_list) else { return };
        let list = json.as_list().unwrap_or_default();
        let Some(first) = list.first().and_then(Json::as_object) else { return };
        let is_same = |(_, json): (&Name<'_>, &Json<'_>)| json.as_text() == self.reading.message.as_deref();
        if list.len() == 1 || first.members().any(is_same) {
            let path = path.item(name, 0);
            self.identify_by(roles::OF_VIOLATION, first, &path, |_, text| Code::from_name(text).is_none());
            self.identify_by(roles::IDENTIFIERS, first, &path, |word, text| word.text() == "type" && is_compound(text));
        }
    }

    /// Where the error inside has no name, the type beside it does.
    pub(super) fn identify_by_type(&mut self, object: &mut Object<'_>, path: &Path<'_>) {
        if self.reading.code.is_none()
            && self.found
            && let Some(name) = self.identify_by(roles::IDENTIFIERS, object, path, |word, _| word.text() == "type")
        {
            object.take(&name);
        }
    }

    /// Names the kind by the first member of these roles, if that is meant, and gives its name.
    fn identify_by<'a>(
        &mut self,
        role: Role,
        object: &Object<'a>,
        path: &Path<'_>,
        is_meant: impl Fn(Word, &str) -> bool,
    ) -> Option<Name<'a>> {
        if self.reading.kind.is_some() {
            return None;
        }
        let is_meant = |word, json: &Json<'_>| identifier(word, json).is_some_and(|text| is_meant(word, text));
        let (word, name, json) = object.first(role, is_meant)?;
        let text = identifier(word, json).filter(|text| !names_field(object, text))?;
        self.name(text.into(), path, name);
        Some(name.clone())
    }

    /// Takes `ERR_INVALID_ARG` or `zone_not_found` where a text for people should be for the identifier that it is. The name of a code
    /// is not one.
    pub(super) fn identify_by_text(&mut self, text: &ByteString, path: &Path<'_>, name: &str) -> bool {
        let is_word = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_snake = || text.contains('_') && text.split('_').all(is_word) && is_compound(text);
        let is_word = !text.bytes().any(|byte| byte == b' ');
        let is_identifier = is_word && (is_constant(text) || is_snake()) && Code::from_name(text).is_none();
        if is_identifier {
            self.name(text.clone(), path, name);
        }
        is_identifier
    }

    /// Whether the error is in a wrapper that holds nothing else.
    fn holds_error(&self, object: &Object<'_>) -> bool {
        let mut members = object.members().filter(|(name, _)| self.held.as_deref() != Some(&***name));
        members
            .any(|(name, json)| matches!(name.word().text(), "error" | "errors" | "attributes") && json.holds_object())
    }

    fn name(&mut self, kind: ByteString, path: &Path<'_>, name: &str) {
        if self.reading.kind.is_none() {
            (self.reading.kind, self.reading.origins.kind) = (Some(kind), self.origin(path, name));
            self.found = true;
        }
    }
}

/// What names the field that an error is about names no kind.
fn names_field(object: &Object<'_>, text: &str) -> bool {
    object.any(roles::FIELDS, |_, json| json.as_text() == Some(text))
}

fn is_text(name: &Name<'_>, json: &Json<'_>) -> bool {
    message::is_message(json) && name.is(roles::TEXTS)
}

/// The code that an identifier states.
fn code_of(role: &str, text: &str) -> Option<Code> {
    if matches!(role, "kind" | "reason") { None } else { Code::from_name(text) }
}

/// The identifier that a member of this role holds.
fn identifier<'j>(word: Word, json: &'j Json<'_>) -> Option<&'j str> {
    let role = word.text();
    let text = match json {
        Json::Text(text) => text,
        // SOAP 1.2 puts the code of the application into one of its own.
        Json::Object(object) if role == "code" => {
            let is_meant = |_, json: &Json<'_>| identifier(word, json).is_some();
            return object.first(roles::VALUES, is_meant).and_then(|(_, _, json)| identifier(word, json));
        }
        _ => return None,
    };
    // `REQUEST` and `BUSINESS` sort errors, and name none.
    let is_class = word.is(roles::CLASSES) && is_exception_class(text)
        || matches!(role, "category" | "label") && !is_compound(text) && code_of(role, text).is_none();
    let is_number = word.is(roles::NUMBERS) && (is_random(text) || has_scheme(text));
    let is_sentence = role == "title" && !text.contains(['_', '.']);
    let is_code = role != "title" && code_of(role, text).is_some();
    (!is_class && !is_number && !is_sentence && (is_code || is_token(bare(text)))).then(|| bare(text))
}
