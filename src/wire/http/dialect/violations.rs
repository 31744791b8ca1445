//! Which members hold violations of fields, in the forms of several frameworks. They become one `google.rpc.BadRequest`.

// docs/rules.md: R-GENERAL-5

use std::borrow::Cow;

use bytestring::ByteString;

use super::{
    field_violations::{
        OF_ALL, bad_request, count_texts, description, dotted, is_internal, is_violation, of_item, of_list, of_map,
        violation,
    },
    finder::{Finder, Origin, Path},
    message::is_texts,
    roles,
    words::{Word, ends_with},
};
use crate::{
    model::{Detail, Field, Fields, rpc::BadRequest},
    wire::http::json::{Json, Name, Object},
};

/// How many members are looked at whose names only end like those of violations. Each is looked up in the object.
const MAX_OTHERS: usize = 16;

impl Finder<'_, '_> {
    /// Those that a member holds; where none does, the object itself may be a map of fields.
    pub(super) fn violations(&mut self, object: &mut Object<'_>, path: &Path<'_>) {
        self.listed_violations(object, path);
        // Django: nothing in it says that it is an error, so the status must.
        if path.is_root()
            && self.is_request_wrong()
            && !self.has_violations()
            && let Some(detail) = of_fields(object)
        {
            self.add(detail, Some(Cow::Borrowed("body")));
        }
        let of_all = OF_ALL.iter().find(|name| object.has(name)).filter(|_| self.reading.message.is_none());
        if let Some(name) = of_all.filter(|_| path.is_root() && self.is_request_wrong()) {
            self.reading.take_message(object, self.page, &[name]);
        }
    }

    pub(super) fn listed_violations(&mut self, object: &mut Object<'_>, path: &Path<'_>) {
        // Where the server failed, no field is wrong.
        if self.has_violations() || self.page.head.status >= 500 {
            return;
        }
        let is_request_wrong = self.is_request_wrong();
        let found =
            self.take_near(object, path, roles::VIOLATION_HOLDERS, |object| take_first(object, is_request_wrong));
        if let Some((detail, at, name)) = found {
            self.held = name.map(|name| name.text.into_owned());
            return self.add(detail, at);
        }
        if let Some(detail) = of_keys(object) {
            self.add(detail, self.origin(path, "validation"));
        }
    }

    fn add(&mut self, violations: Detail, at: Origin) {
        self.reading.details.push(violations);
        self.reading.origins.violations = at;
        self.found = true;
    }

    /// An error that is itself about one field: `{"field": "login", "message": "must not be blank"}`.
    pub(super) fn own_field(&mut self, object: &Object<'_>, path: &Path<'_>) {
        let Some(text) = self.reading.message.as_ref().filter(|_| !self.has_violations()) else { return };
        let may_name = |word: Word| self.is_request_wrong() || word.text() == "field";
        let is_name = |word, json: &Json<'_>| {
            may_name(word)
                && json.as_text().is_some_and(|field| !field.is_empty() && !field.contains(char::is_whitespace))
        };
        let named = |object: &Object<'_>, path: &Path<'_>| {
            let (_, name, json) = object.first(roles::OWN_FIELDS, is_name)?;
            Some((violation(dotted(json.as_text()?), text, None)?, self.origin(path, name)))
        };
        let found = named(object, path).or_else(|| {
            let (_, holder, json) = object.first(roles::ADDITIONS, |_, json| json.as_object().is_some())?;
            named(json.as_object()?, &path.inside(holder))
        });
        if let Some((violation, at)) = found {
            self.reading.details.push(bad_request(vec![violation]));
            self.reading.origins.violations = at;
        }
    }

    fn is_request_wrong(&self) -> bool {
        matches!(self.page.head.status, 400 | 422)
    }
}

/// Takes the first member that holds violations.
fn take_first<'a>(object: &mut Object<'a>, is_request_wrong: bool) -> Option<(Name<'a>, Detail)> {
    if !object.members().any(|(_, json)| may_hold(json)) {
        return None;
    }
    holders(object).find_map(|name| take(object, &name, is_request_wrong).map(|detail| (name, detail)))
}

fn may_hold(json: &Json<'_>) -> bool {
    matches!(json, Json::List(_) | Json::Object(_)) && !json.is_nothing()
}

/// The members that may hold violations.
fn holders<'a>(object: &Object<'a>) -> impl Iterator<Item = Name<'a>> + use<'a> {
    let by_role = object.ranked(roles::VIOLATIONS, |_, json| may_hold(json)).into_iter().map(|(_, name)| name);
    let others = object.members().filter(|(name, json)| {
        may_hold(json) && !name.is(roles::VIOLATIONS) && (is_named_for_errors(name) || begins_with_violation(json))
    });
    let mut others: Vec<_> = others.map(|(name, _)| name.clone()).collect();
    others.sort_unstable_by(|a, b| a.cmp(b));
    by_role.chain(others.into_iter().take(MAX_OTHERS))
}

/// Whether a list is one of violations, whatever its name is.
fn begins_with_violation(json: &Json<'_>) -> bool {
    let first = json.as_list().and_then(|list| list.first()?.as_object());
    first.is_some_and(|first| is_violation(first) && description(first).is_some())
}

/// hapi and celebrate: `{"validation": {"source": "body", "keys": ["name"]}}`, also by source.
fn of_keys(object: &Object<'_>) -> Option<Detail> {
    let validation = object.object("validation")?;
    let sources = validation.members().filter_map(|(_, json)| json.as_object());
    let violations = std::iter::once(validation).chain(sources).flat_map(|source| {
        let text = source.text("message").or(object.text("message")).unwrap_or_default();
        let keys = source.list("keys").unwrap_or_default().iter().filter_map(Json::as_text);
        keys.filter_map(move |key| violation(key.to_owned(), text, None))
    });
    let violations: Vec<_> = violations.take(MAX_OTHERS).collect();
    (!violations.is_empty()).then(|| bad_request(violations))
}

/// Takes the member of this name if it is a list or a map of violations. What does not fit in the detail stays.
fn take(object: &mut Object<'_>, name: &Name<'_>, is_request_wrong: bool) -> Option<Detail> {
    let violations = match object.get(name)? {
        Json::List(list) => of_list(list, is_named_for_fields(name)),
        // WeChat Pay has one in `detail`.
        Json::Object(map) if name.is(roles::ADDITIONS) && is_violation(map) && description(map).is_some() => {
            of_item(map, false).into_iter().collect()
        }
        Json::Object(map) if is_fields(map, name, is_request_wrong) => of_map(map),
        _ => Vec::new(),
    };
    if violations.is_empty() {
        return None;
    }
    if object.get(name).and_then(count_texts) == Some(violations.len()) {
        object.take(name);
    }
    Some(bad_request(violations))
}

/// `{"email": ["This field is required."]}`, with nested serializers inside: every member is about a field.
fn of_fields(object: &Object<'_>) -> Option<Detail> {
    let is_other = |name: &Name<'_>, json: &Json<'_>| {
        name.is(roles::NOT_FIELDS)
            || json.as_object().is_some() && name.is(roles::WRAPPERS)
            || holds_errors(name, json)
            || json.as_list().is_some() && name.is(roles::ADDITIONS)
            || !is_about_field(json)
    };
    if object.members().any(|(name, json)| is_other(name, json)) {
        return None;
    }
    let violations = of_map(object);
    if violations.is_empty() { None } else { Some(bad_request(violations)) }
}

/// The first text among violations, for an error without one of its own. A `BadRequest` has them in its field 1, and each its text
/// in field 2.
pub(super) fn first_text(details: &[Detail]) -> Option<ByteString> {
    let all = details.iter().find(|detail| detail.is::<BadRequest>())?;
    let text =
        |violation| contents(violation, 2).find_map(|text| str::from_utf8(text).ok().filter(|text| !text.is_empty()));
    contents(all.value(), 1).find_map(text).map(Into::into)
}

/// What a message has in the field of this number.
fn contents(message: &[u8], number: u32) -> impl Iterator<Item = &[u8]> {
    Fields(message).filter_map(move |field| match field {
        Ok((at, Field::Bytes(content))) if at == number => Some(content),
        _ => None,
    })
}

/// Whether the members of a map are names of fields, each with what is wrong with it. A name that says that it has errors needs
/// less of a proof.
fn is_fields(map: &Object<'_>, name: &Name<'_>, is_request_wrong: bool) -> bool {
    let (word, is_errors) = (name.word().text(), is_named_for_errors(name));
    let may_describe = is_request_wrong && matches!(word, "data" | "params" | "details" | "fields");
    let may_be_text = word != "message";
    let is_data = word == "data";
    let mut has_lists = false;
    for (name, json) in map.members().filter(|(name, _)| !is_internal(name)) {
        let (is, own) = (|role| name.is(role), name.word().text());
        match json {
            // Lists of errors, or one, and not a field of this name, as in `{"ProcessingErrors": {"ProcessingError": {}}}`.
            Json::List(_) if matches!(own, "messages" | "errormessages" | "error") => return false,
            Json::List(list)
                if !is_errors
                    && (is(roles::VIOLATIONS)
                        || holds_errors(name, json)
                        || !is_texts(list) && is(roles::WRAPPERS)) =>
            {
                return false;
            }
            Json::Object(_) if is_errors && ends_with(name, "error") => return false,
            Json::Object(_) if !is_errors && matches!(own, "error" | "errors" | "fields") => return false,
            // A sentence about a field; under a name that says that it is one, any text will do.
            Json::Text(text) if may_be_text && (is_errors || text.trim().contains(' ')) => {
                let is_own_text = !is_errors && is(roles::TEXTS);
                if is_own_text || is(roles::OWN_SENTENCES) || is(roles::EXPLICIT) {
                    return false;
                }
            }
            json if is_about_field(json) => has_lists = true,
            // An error inside `data`, not a field of this name.
            Json::Object(_) if may_describe && is(if is_data { roles::WRAPPERS } else { roles::ERRORS }) => {
                return false;
            }
            Json::Object(inner) if may_describe && description(inner).is_some() => has_lists = true,
            Json::Null => {}
            // What is about something else costs the others nothing where the name says that they are violations.
            _ if is_errors => {}
            _ => return false,
        }
    }
    has_lists || !map.is_spent()
}

fn is_named_for_errors(name: &str) -> bool {
    ["errors", "violations"].iter().any(|end| ends_with(name, end))
}

/// Whether a member is a list of errors, and not of what is wrong with a field of this name: `tppMessages`.
fn holds_errors(name: &str, json: &Json<'_>) -> bool {
    const ENDS: [&str; 9] =
        ["error", "errors", "violations", "messages", "problems", "faults", "issues", "failures", "exceptions"];
    let is_of_objects = json.as_list().is_some_and(|list| !is_texts(list));
    is_of_objects && !OF_ALL.contains(&name) && ENDS.iter().any(|end| ends_with(name, end))
}

/// `invalidFields`, `parameterErrors`: what has a name in such a list is a field.
fn is_named_for_fields(name: &str) -> bool {
    ["fields", "params", "parameters", "fielderrors", "parametererrors"].iter().any(|end| ends_with(name, end))
}

/// A list of texts, a list of objects that say what is wrong, or a map of the same.
fn is_about_field(json: &Json<'_>) -> bool {
    match json {
        Json::List(list) => {
            is_texts(list)
                || !list.is_empty()
                    && list.iter().all(|item| match item {
                        Json::Object(map) => {
                            description(map).is_some() || map.members().all(|(_, json)| is_about_field(json))
                        }
                        _ => false,
                    })
        }
        Json::Object(map) => {
            let is_about = |name: &Name<'_>, json: &Json<'_>| {
                !holds_errors(name, json) && is_about_field(json) || is_about_member(name, json)
            };
            !map.is_spent() && map.members().all(|(name, json)| is_about(name, json))
        }
        _ => false,
    }
}

/// `{"address": {"city": "must not be blank"}}`: a sentence under a name that is not one of an error.
fn is_about_member(name: &Name<'_>, json: &Json<'_>) -> bool {
    let has_role = || [roles::TEXTS, roles::IDENTIFIERS, roles::VIOLATIONS].into_iter().any(|role| name.is(role));
    json.as_text().is_some_and(|text| text.trim().contains(' ')) && !has_role()
}
