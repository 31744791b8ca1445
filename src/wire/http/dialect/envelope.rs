//! The general reader: any tree, by the names that its members have ([`roles`]). This file finds where the error is.

// docs/rules.md: R-GENERAL-1

use std::borrow::Cow;

use bytestring::ByteString;

use super::{
    finder::{Finder, Origin, Path},
    message, roles, token, violations,
};
use crate::{
    model::{Detail, rpc},
    wire::http::{
        Dialect, Evidence, Reading,
        json::{Json, Object},
        reading::Page,
    },
};

/// How many wrappers may be around an error.
const MAX_LEVELS: u8 = 4;

/// How many members of a list are looked at.
const MAX_ITEMS: usize = 16;

/// Reads any object, and takes what it carries over. What is not understood costs the identifier and the text, never the code.
pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading { dialect: Dialect::Envelope, evidence: Evidence::Weak, ..Reading::default() };
    let mut finder = Finder::new(page, &mut reading);
    finder.search(object, &Path::default(), MAX_LEVELS);
    let has_violations = finder.has_violations();
    if finder.reading.message.is_none() && !has_violations {
        finder.only_sentence(object, &Path::default(), MAX_LEVELS);
    }
    finder.settle_for_phrase();
    if reading.message.is_none() {
        reading.message = violations::first_text(&reading.details);
        reading.origins.message = reading.origins.violations.clone().filter(|_| reading.message.is_some());
    }
    let is_named = reading.kind.is_some() || reading.code.is_some();
    if is_named || !reading.json_details.is_empty() || has_violations {
        reading.evidence = Evidence::Strong;
    }
    reading
}

/// Adds what the object at this path says to a reading that has a part of it.
pub(super) fn add(reading: &mut Reading, object: &mut Object<'_>, page: &Page<'_>, path: &Path<'_>) {
    let mut finder = Finder::new(page, reading);
    finder.search(object, path, 1);
    finder.settle_for_phrase();
}

impl Finder<'_, '_> {
    /// The text of a dialect that has none in a member of its own.
    pub(super) fn settle(&mut self, object: &mut Object<'_>) {
        self.text(object, &Path::default());
        self.settle_for_phrase();
    }

    fn settle_for_phrase(&mut self) {
        if let Some((text, at)) = self.phrase.take().filter(|_| self.reading.message.is_none()) {
            (self.reading.message, self.reading.origins.message) = (Some(text), at);
        }
    }

    fn search(&mut self, object: &mut Object<'_>, path: &Path<'_>, levels: u8) {
        self.delay(object, path);
        self.violations(object, path);
        self.identify(object, path, has_text(object));
        let had_text = self.reading.message.is_some();
        self.text(object, path);
        if !had_text {
            self.own_field(object, path);
        }
        self.identify_by_violation(object, path);
        let at = self.origin(path, "details");
        self.reading.take_details(object, "details", at);
        if self.reading.kind.is_none() {
            self.reading.identify_by_error_info();
        }
        // The members that repeat the status line.
        for name in ["status", "statusCode", "status_code", "code"] {
            self.page.take_status(object, name);
        }
        let has_kind = self.reading.kind.is_some() || self.reading.code.is_some();
        if levels > 0 && (self.reading.message.is_none() || !has_kind) {
            self.descend(object, path, levels - 1);
            self.identify_by_type(object, path);
            if self.reading.message.is_some() {
                self.identify_by_same(object, path);
            }
        }
    }

    /// Looks into the members that wrap an error, else into the only object.
    fn descend(&mut self, object: &mut Object<'_>, path: &Path<'_>, levels: u8) {
        let had_text = self.reading.message.is_some() || self.phrase.is_some();
        let had_kind = self.reading.kind.is_some();
        // JSON-RPC numbers its errors, and names them in `data`.
        let is_rpc = object.integer("code").is_some_and(|code| (-32768..=-32000).contains(&code));
        for (word, name) in object.ranked(roles::WRAPPERS, |_, json| json.holds_object()) {
            if self.held.as_deref() == Some(&*name) {
                continue;
            }
            // Next to a text, or a kind, only what is an error itself says more.
            let is_error = word.is(roles::ERRORS) || is_rpc && word.text() == "data";
            if (had_text || had_kind) && self.reading.message.is_some() && !is_error {
                if word.is(roles::ADDITIONS)
                    && let Some(inner) = object.object(&name)
                {
                    self.identify_explicitly(inner, &path.inside(&name));
                    self.identify_by_fault(inner, &path.inside(&name));
                }
                continue;
            }
            self.enter(object, &name, path, levels);
            if self.reading.message.is_some() && self.reading.kind.is_some() {
                return;
            }
        }
        if self.found {
            return;
        }
        let may_be_empty = path.is_error();
        let is_inner = |json: &Json<'_>| json.holds_object() || may_be_empty && json.is_nothing();
        let is_around_text = |json: &Json<'_>| json.as_object().is_some_and(has_text);
        let only = object.only_member(is_inner).or_else(|| object.only_member(is_around_text));
        let Some(name) = only else { return };
        let is_around_text = object.object(&name).is_some_and(has_text);
        self.enter(object, &name, path, levels);
        // WebDAV names the condition that failed by the only element of an error.
        let is_condition = !self.found && path.is_error();
        if (is_around_text && self.found || is_condition)
            && self.reading.kind.is_none()
            && (is_condition && token::is_compound(&name) || token::is_named_wrapper(&name))
        {
            self.reading.origins.kind = self.origin(path, &name);
            self.reading.kind = Some(self.page.share(name.text));
        }
    }

    /// Of a list the first that reads as an error.
    fn enter(&mut self, object: &mut Object<'_>, name: &str, path: &Path<'_>, levels: u8) {
        let before = std::mem::take(&mut self.found);
        object.within(name, |value| {
            match value {
                Json::Object(inner) => self.search(inner, &path.inside(name), levels),
                Json::List(list) => {
                    for (at, item) in list.iter_mut().take(MAX_ITEMS).enumerate() {
                        if let Json::Object(inner) = item {
                            self.search(inner, &path.item(name, at), levels);
                        }
                        if self.found {
                            break;
                        }
                    }
                }
                _ => {}
            }
            Some(())
        });
        self.found |= before;
    }

    /// A text that is an object itself, or a list of errors, is read once more. Its member is at `path`.
    pub(super) fn nested(&mut self, text: &str, path: &Path<'_>) -> Option<(ByteString, Origin)> {
        let text = text.trim_start();
        let parsed = if text.starts_with(['{', '[']) { Json::parse(text)? } else { return None };
        let mut object = match parsed.json {
            Json::Object(object) => object,
            list @ Json::List(_) => Object::new(vec![(Cow::Borrowed("errors").into(), list)], &mut Vec::new()),
            _ => return None,
        };
        let mut inner = Reading::default();
        add(&mut inner, &mut object, self.page, &Path::default());
        let under = |origin: Origin| origin.map(|origin| path.with(&origin).into());
        if self.reading.kind.is_none() {
            (self.reading.kind, self.reading.origins.kind) = (inner.kind, under(inner.origins.kind));
        }
        if !self.has_violations() {
            self.reading.details.extend(inner.details.into_iter().filter(Detail::is::<rpc::BadRequest>));
            self.reading.origins.violations = under(inner.origins.violations);
        }
        self.reading.json_details.extend(inner.json_details);
        let message = inner.message.or_else(|| violations::first_text(&self.reading.details));
        Some((message?, under(inner.origins.message)))
    }
}

fn has_text(object: &Object<'_>) -> bool {
    object.any(roles::TEXTS, |_, json| message::is_message(json))
}
