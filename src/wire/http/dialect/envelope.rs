//! The general reader: any tree, by the names that its members have ([`roles`]).

// docs/rules.md: R-GENERAL-1, R-GENERAL-4

use bytestring::ByteString;

use super::{
    Dialect,
    finder::{Finder, Path},
    identifier, message, roles, violations,
};
use crate::{
    model::{Code, Detail, rpc},
    wire::http::{Evidence, Reading, context::Page, json::Json, object::Object},
};

/// How many wrappers may be around an error.
const MAX_LEVELS: u8 = 4;

/// How many members of a list are looked at.
const MAX_ITEMS: usize = 16;

/// Reads any object, and takes what it carries over. What is not understood costs the identifier and the text, never the code.
pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading { dialect: Dialect::Envelope, evidence: Evidence::Weak, ..Reading::default() };
    let mut finder = Finder { page, reading: &mut reading, phrase: None, found: false, held: None };
    finder.search(object, &mut Path::default(), MAX_LEVELS);
    if finder.reading.message.is_none() && finder.phrase.is_none() && finder.reading.kind.is_none() {
        finder.only_sentence(object);
    }
    if let Some((text, at)) = finder.phrase.take().filter(|_| finder.reading.message.is_none()) {
        finder.reading.message = Some(text);
        finder.reading.origins.message = Some(at);
    }
    if reading.message.is_none() {
        reading.message = violations::first_text(&reading.details);
    }
    let is_named = reading.kind.is_some() || reading.code.is_some();
    if is_named || !reading.json_details.is_empty() || reading.details.iter().any(Detail::is::<rpc::BadRequest>) {
        reading.evidence = Evidence::Strong;
    }
    reading
}

impl Finder<'_, '_> {
    fn search<'a>(&mut self, object: &mut Object<'a>, path: &mut Path, levels: u8) {
        self.delay(object, path);
        self.violations(object, path);
        let text_name = object.named(|name, json| is_text(name, json)).is_some();
        self.identify(object, path, text_name);
        let had_text = self.reading.message.is_some();
        self.text(object, path);
        if !had_text {
            self.own_field(object, path);
        }
        self.reading.take_details(object);
        if self.reading.kind.is_none() {
            self.reading.identify_by_error_info();
        }
        self.take_status(object);
        let has_kind = self.reading.kind.is_some() || self.reading.code.is_some();
        if levels > 0 && (self.reading.message.is_none() || !has_kind) {
            self.descend(object, path, levels - 1);
        }
    }

    /// Looks into the members that wrap an error, else into the only object.
    fn descend<'a>(&mut self, object: &mut Object<'a>, path: &mut Path, levels: u8) {
        let had_text = self.reading.message.is_some() || self.phrase.is_some();
        let had_kind = self.reading.kind.is_some();
        for role in roles::WRAPPERS {
            // Beside a text, or a kind, only what is an error itself says more.
            if (had_text || had_kind) && self.reading.message.is_some() && !roles::ERRORS.contains(&role) {
                continue;
            }
            let is_wrapper = |name: &str, json: &Json<'_>| roles::is(name, role) && holds_object(json);
            let Some(name) = object.named(is_wrapper).map(str::to_owned) else { continue };
            if self.held.as_ref() == Some(&name) {
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
        let mut inner = object.members().filter(|(_, json)| holds_object(json)).map(|(name, _)| name.to_owned());
        let (Some(name), None) = (inner.next(), inner.next()) else { return };
        drop(inner);
        self.enter(object, &name, path, levels);
        let is_generic = roles::WRAPPERS.iter().any(|wrapper| roles::is(&name, wrapper));
        if self.found && self.reading.kind.is_none() && !is_generic && identifier::is_token(&name) {
            self.reading.kind = Some(name.clone().into());
            self.reading.origins.kind = Some(path.with(&name));
        }
    }

    /// Of a list the first that reads as an error.
    fn enter<'a>(&mut self, object: &mut Object<'a>, name: &str, path: &mut Path, levels: u8) {
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

    fn identify(&mut self, object: &mut Object<'_>, path: &Path, has_text: bool) {
        if self.reading.kind.is_some() {
            return;
        }
        let sys = object.object("sys").and_then(|sys| sys.text("id")).filter(|id| has_text && identifier::is_token(id));
        if let Some(id) = sys.map(str::to_owned) {
            self.name(id.into(), path.with("sys.id"));
        }
        // What AWS writes is a shape, and what stands beside its name an address inside of AWS.
        if let Some(shape) = object.text("__type").map(identifier::shape).filter(|shape| identifier::is_token(shape)) {
            let shape = shape.to_owned();
            object.take("__type");
            self.name(shape.into(), path.with("__type"));
        }
        for role in roles::IDENTIFIERS {
            if self.reading.kind.is_some() {
                return;
            }
            let states_code = self.reading.code.is_some();
            // Where a code is stated, what follows it explains.
            if states_code && roles::TOKENS.contains(&role) || roles::COMMON.contains(&role) && !has_text {
                continue;
            }
            let Some(name) = object.named(|name, json| roles::is(name, role) && is_identifier(role, json)) else {
                continue;
            };
            let name = name.to_owned();
            // `error` alone is the text.
            if role == "error" && !has_other_text(object, &name) {
                continue;
            }
            let Some(text) = object.text(&name) else { continue };
            if role != "kind"
                && role != "reason"
                && let Some(code) = Code::from_name(text)
            {
                if *self.reading.code.get_or_insert(code) == code {
                    object.take(&name);
                    self.found = true;
                    self.reading.origins.kind.get_or_insert_with(|| path.with(&name));
                }
                continue;
            }
            if let Some(text) = object.take_text(&name) {
                let text = self.page.share(text);
                self.name(text, path.with(&name));
            }
        }
    }

    fn name(&mut self, kind: ByteString, at: String) {
        if self.reading.kind.is_none() {
            self.reading.kind = Some(kind);
            self.reading.origins.kind = Some(at);
            self.found = true;
        }
    }

    fn text(&mut self, object: &mut Object<'_>, path: &Path) {
        if self.reading.message.is_some() {
            return;
        }
        for role in roles::TEXTS {
            let Some(name) = object.named(|name, json| roles::is(name, role) && message::is_message(json)) else {
                continue;
            };
            let name = name.to_owned();
            let Some(text) = message::take(object, self.page, &[&name]) else { continue };
            self.found = true;
            let at = path.with(&name);
            if let Some((inner, inner_at)) = self.nested(&text) {
                self.reading.message = Some(inner);
                self.reading.origins.message = Some(format!("{at}.{inner_at}"));
                // Whoever looks for more finds it in the body.
                object.put_back_as(&name, Json::Text(text.to_string().into()));
                return;
            }
            if self.is_phrase(&text) {
                if self.phrase.is_none() {
                    self.phrase = Some((text, at));
                }
                continue;
            }
            self.reading.message = Some(text);
            self.reading.origins.message = Some(at);
            return;
        }
    }

    /// A text that is an object itself is read once more.
    fn nested(&mut self, text: &str) -> Option<(ByteString, String)> {
        let parsed = Some(text.trim()).filter(|text| text.starts_with('{')).and_then(Json::parse)?;
        let Json::Object(mut object) = parsed.json else { return None };
        let inner_text = ByteString::from(text);
        let page = Page { head: self.page.head, text: &inner_text };
        let inner = read_flat(&mut object, &page);
        if let (None, Some(kind)) = (&self.reading.kind, inner.kind) {
            self.reading.kind = Some(kind.to_string().into());
            self.reading.origins.kind = inner.origins.kind;
        }
        Some((inner.message?.to_string().into(), inner.origins.message.unwrap_or_default()))
    }

    /// `Bad Request` under a 400 says nothing that the status line does not.
    fn is_phrase(&self, text: &str) -> bool {
        self.page.is_reason_phrase(text)
    }

    /// The members that repeat the status line.
    fn take_status(&self, object: &mut Object<'_>) {
        for name in ["status", "statusCode", "status_code", "code"] {
            if object.get(name).is_some_and(|json| self.page.is_status(json)) {
                object.take(name);
            }
        }
    }

    /// If no name is known and exactly one member holds a text with a blank in it, that is the text.
    fn only_sentence(&mut self, object: &mut Object<'_>) {
        let is_sentence = |json: &Json<'_>| json.as_text().is_some_and(|text| text.trim().contains(' '));
        let mut names = object.members().filter(|(_, json)| is_sentence(json)).map(|(name, _)| name.to_owned());
        let (Some(name), None) = (names.next(), names.next()) else { return };
        drop(names);
        self.reading.message = message::take(object, self.page, &[&name]);
        self.reading.origins.message = Some(name);
    }
}

/// The reading of an object that stands in a text.
fn read_flat(object: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading::default();
    let mut finder = Finder { page, reading: &mut reading, phrase: None, found: false, held: None };
    // What stands in a text there is a text.
    finder.search(object, &mut Path::default(), 1);
    reading
}

/// Whether a member can be the text of an error.
fn is_text(name: &str, json: &Json<'_>) -> bool {
    message::is_message(json) && roles::TEXTS.iter().any(|role| roles::is(name, role))
}

fn has_other_text(object: &Object<'_>, name: &str) -> bool {
    object.named(|other, json| other != name && is_text(other, json)).is_some()
}

fn is_identifier(role: &str, json: &Json<'_>) -> bool {
    let Some(text) = json.as_text() else { return false };
    let is_class = roles::CLASSES.contains(&role) && identifier::is_exception_class(text);
    let states_code = !matches!(role, "kind" | "reason" | "title") && Code::from_name(text).is_some();
    !is_class && (states_code || identifier::is_token(text)) && (role != "title" || text.contains(['_', '.']))
}

fn holds_object(json: &Json<'_>) -> bool {
    match json {
        Json::Object(_) => true,
        Json::List(list) => list.iter().any(|item| item.as_object().is_some()),
        _ => false,
    }
}
