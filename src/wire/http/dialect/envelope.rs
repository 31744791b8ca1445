//! The general reader: any tree, by the names that its members have ([`roles`]). This file finds where the error is.

// docs/rules.md: R-GENERAL-1

use bytestring::ByteString;

use super::{
    Dialect,
    finder::{Finder, Path},
    identifier, message, roles, violations,
};
use crate::{
    model::{Detail, rpc},
    wire::http::{Evidence, Reading, context::Page, json::Json, object::Object},
};

/// How many wrappers may be around an error.
const MAX_LEVELS: u8 = 4;

/// How many members of a list are looked at.
const MAX_ITEMS: usize = 16;

/// Reads any object, and takes what it carries over. What is not understood costs the identifier and the text, never the code.
pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading { dialect: Dialect::Envelope, evidence: Evidence::Weak, ..Reading::default() };
    let mut finder = Finder::new(page, &mut reading);
    finder.search(object, &mut Path::default(), MAX_LEVELS);
    let has_violations = finder.has::<rpc::BadRequest>();
    if finder.reading.message.is_none() && finder.phrase.is_none() && !has_violations {
        finder.only_sentence(object, &mut Path::default(), MAX_LEVELS);
    }
    if let Some((text, at)) = finder.phrase.take().filter(|_| finder.reading.message.is_none()) {
        finder.reading.message = Some(text);
        finder.reading.origins.message = Some(at.into());
    }
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
pub(super) fn add(reading: &mut Reading, object: &mut Object<'_>, page: &Page<'_>, mut path: Path) {
    let mut finder = Finder::new(page, reading);
    finder.search(object, &mut path, 1);
    if let Some((text, at)) = finder.phrase.take().filter(|_| reading.message.is_none()) {
        reading.message = Some(text);
        reading.origins.message = Some(at.into());
    }
}

impl Finder<'_, '_> {
    fn search(&mut self, object: &mut Object<'_>, path: &mut Path, levels: u8) {
        self.delay(object, path);
        self.violations(object, path);
        let has_text = !object.ranked(&roles::TEXTS, |_, json| message::is_message(json)).is_empty();
        self.identify(object, path, has_text);
        let had_text = self.reading.message.is_some();
        self.text(object, path);
        if !had_text {
            self.own_field(object, path);
        }
        self.identify_by_violation(object, path);
        self.reading.take_details(object, || path.with("details").into());
        if self.reading.kind.is_none() {
            self.reading.identify_by_error_info();
        }
        self.take_status(object);
        let has_kind = self.reading.kind.is_some() || self.reading.code.is_some();
        if levels > 0 && (self.reading.message.is_none() || !has_kind) {
            self.descend(object, path, levels - 1);
            self.identify_by_type(object, path);
        }
    }

    /// Looks into the members that wrap an error, else into the only object.
    fn descend(&mut self, object: &mut Object<'_>, path: &mut Path, levels: u8) {
        let had_text = self.reading.message.is_some() || self.phrase.is_some();
        let had_kind = self.reading.kind.is_some();
        // JSON-RPC numbers its errors, and names them in `data`.
        let is_rpc = object.integer("code").is_some_and(|code| (-32768..=-32000).contains(&code));
        for (role, name) in object.ranked(&roles::WRAPPERS, |_, json| holds_object(json)) {
            if self.held.as_ref() == Some(&name) {
                continue;
            }
            // Next to a text, or a kind, only what is an error itself says more.
            let is_error = roles::ERRORS.contains(&role) || is_rpc && role == "data";
            if (had_text || had_kind) && self.reading.message.is_some() && !is_error {
                if roles::ADDITIONS.contains(&role) {
                    self.identify_in_addition(object, &name, path);
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
        let is_inner = |json: &Json<'_>| holds_object(json) || may_be_empty && json.is_nothing();
        let mut inner = object.members().filter(|(_, json)| is_inner(json)).map(|(name, _)| name.to_owned());
        let (Some(name), None) = (inner.next(), inner.next()) else { return };
        drop(inner);
        let has_text =
            |inner: &Object<'_>| !inner.ranked(&roles::TEXTS, |_, json| message::is_message(json)).is_empty();
        let is_around_text = object.object(&name).is_some_and(has_text);
        self.enter(object, &name, path, levels);
        // WebDAV names the condition that failed by the only element of an error.
        let is_condition = !self.found && path.is_error();
        if (is_around_text && self.found || is_condition)
            && self.reading.kind.is_none()
            && identifier::is_named_wrapper(&name)
        {
            self.reading.kind = Some(name.clone().into());
            self.reading.origins.kind = Some(path.with(&name).into());
        }
    }

    /// Of a list the first that reads as an error.
    fn enter(&mut self, object: &mut Object<'_>, name: &str, path: &mut Path, levels: u8) {
        let Some(mut value) = object.take(name) else { return };
        let before = self.found;
        self.found = false;
        match &mut value {
            Json::Object(inner) => path.inside(name, |path| self.search(inner, path, levels)),
            Json::List(list) => {
                for (at, item) in list.iter_mut().take(MAX_ITEMS).enumerate() {
                    if let Json::Object(inner) = item {
                        path.inside(&format!("{name}[{at}]"), |path| self.search(inner, path, levels));
                    }
                    if self.found {
                        break;
                    }
                }
            }
            _ => {}
        }
        self.found |= before;
        object.put_back_as(name, value);
    }

    /// A text that is an object itself is read once more.
    pub(super) fn nested(&mut self, text: &str, at: &str) -> Option<(ByteString, String)> {
        let parsed = Some(text.trim()).filter(|text| text.starts_with('{')).and_then(Json::parse)?;
        let Json::Object(mut object) = parsed.json else { return None };
        let inner_text = ByteString::from(text);
        let page = Page { head: self.page.head, text: &inner_text };
        let mut inner = Reading::default();
        add(&mut inner, &mut object, &page, Path::default());
        if let (None, Some(kind)) = (&self.reading.kind, inner.kind) {
            self.reading.kind = Some(kind.to_string().into());
            self.reading.origins.kind = inner.origins.kind.map(|inner| format!("{at}.{inner}").into());
        }
        Some((inner.message?.to_string().into(), inner.origins.message.unwrap_or_default().into_owned()))
    }

    /// The members that repeat the status line.
    fn take_status(&self, object: &mut Object<'_>) {
        for name in ["status", "statusCode", "status_code", "code"] {
            if object.get(name).is_some_and(|json| self.page.is_status(json)) {
                object.take(name);
            }
        }
    }

    pub(super) fn has<T: prost::Name>(&self) -> bool {
        self.reading.details.iter().any(Detail::is::<T>)
    }
}

fn holds_object(json: &Json<'_>) -> bool {
    match json {
        Json::Object(_) => true,
        Json::List(list) => list.iter().any(|item| item.as_object().is_some()),
        _ => false,
    }
}
