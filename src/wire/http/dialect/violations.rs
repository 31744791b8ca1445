//! Field violations, in the forms of several frameworks, as one `google.rpc.BadRequest`.

// docs/rules.md: R-GENERAL-5

use std::borrow::Cow;

use bytestring::ByteString;

use super::{
    finder::{Finder, Origin, Path},
    message::{first_text as text, is_texts},
    roles::{self, Name},
};
use crate::{
    model::{
        Detail, fold,
        rpc::{BadRequest, bad_request::FieldViolation},
    },
    wire::http::json::{Json, Object},
};

/// How many violations are read, and how long the name of a field may be. A name is written once in a body and again in
/// each violation, so that a small body could ask for a lot of memory.
const MAX_VIOLATIONS: usize = 256;
const MAX_FIELD: usize = 256;

/// How many members are looked at whose names only end like those of violations. Each is looked up in the object.
const MAX_OTHERS: usize = 16;

impl Finder<'_, '_> {
    pub(super) fn violations(&mut self, object: &mut Object<'_>, path: &Path<'_>) {
        if self.has::<BadRequest>() {
            return;
        }
        let is_request_wrong = self.is_request_wrong();
        let found =
            self.take_near(object, path, roles::VIOLATION_HOLDERS, |object| take_first(object, is_request_wrong));
        if let Some((detail, at, name)) = found {
            self.held = name.map(Cow::into_owned);
            return self.add(detail, at);
        }
        // Django: nothing in it says that it is an error, so the status must.
        if path.is_root()
            && is_request_wrong
            && let Some(detail) = of_fields(object)
        {
            self.add(detail, Some(Cow::Borrowed("body")));
            self.reading.take_message(object, self.page, &["non_field_errors", "__all__"]);
        }
    }

    fn add(&mut self, violations: Detail, at: Origin) {
        self.reading.details.push(violations);
        self.reading.origins.violations = at;
        self.found = true;
    }

    /// An error that is itself about one field: `{"field": "login", "message": "must not be blank"}`.
    pub(super) fn own_field(&mut self, object: &Object<'_>, path: &Path<'_>) {
        let Some(text) = self.reading.message.as_ref().filter(|_| !self.has::<BadRequest>()) else { return };
        let roles: &[&str] = if self.is_request_wrong() { &["field", "param", "parameter"] } else { &["field"] };
        let is_name = |json: &Json<'_>| {
            json.as_text().is_some_and(|field| !field.is_empty() && !field.contains(char::is_whitespace))
        };
        if let Some((_, name)) = object.first(roles, |_, json| is_name(json))
            && let Some(violation) = object.text(&name).and_then(|field| violation(dotted(field), text, None))
        {
            self.reading.details.push(bad_request(vec![violation]));
            self.reading.origins.violations = self.origin(path, &name);
        }
    }

    fn is_request_wrong(&self) -> bool {
        matches!(self.page.head.status, 400 | 422)
    }
}

/// Takes the first member that holds violations.
fn take_first<'a>(object: &mut Object<'a>, is_request_wrong: bool) -> Option<(Cow<'a, str>, Detail)> {
    let holders = holders(object);
    holders.into_iter().find_map(|name| take(object, &name, is_request_wrong).map(|detail| (name, detail)))
}

/// The members that may hold violations.
fn holders<'a>(object: &Object<'a>) -> Vec<Cow<'a, str>> {
    let by_role = object.ranked(roles::VIOLATIONS, |_, json| !json.is_nothing()).into_iter().map(|(_, name)| name);
    let is_list = |name: &str| {
        let name = Name::of(name);
        (name.ends_with("errors") || name.ends_with("violations")) && name.rank(roles::VIOLATIONS).is_none()
    };
    let others = object.entries().filter(|(name, json)| is_list(name) && !json.is_nothing());
    let mut others: Vec<_> = others.map(|(name, _)| name.clone()).collect();
    others.sort();
    by_role.chain(others.into_iter().take(MAX_OTHERS)).collect()
}

/// Takes the member of this name if it is a list or a map of violations. What does not fit in the detail stays.
fn take(object: &mut Object<'_>, name: &str, is_request_wrong: bool) -> Option<Detail> {
    let violations = match object.get(name)? {
        Json::List(list) => of_list(list),
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
    const NO_FIELDS: [&str; 8] =
        ["errors", "errormessages", "messages", "message", "detail", "error", "msg", "warningmessages"];
    if object.members().any(|(name, json)| roles::is(name, &NO_FIELDS) || !is_about_field(json)) {
        return None;
    }
    let violations = of_map(object);
    if violations.is_empty() { None } else { Some(bad_request(violations)) }
}

/// The first text among violations, for an error without one of its own.
pub(super) fn first_text(details: &[Detail]) -> Option<ByteString> {
    let all = details.iter().find_map(|detail| detail.decode::<BadRequest>())?;
    all.field_violations
        .into_iter()
        .map(|violation| violation.description)
        .find(|text| !text.is_empty())
        .map(Into::into)
}

/// Whether the members of a map are names of fields, each with what is wrong with it. A name that says that it has errors needs
/// less of a proof.
fn is_fields(map: &Object<'_>, name: &str, is_request_wrong: bool) -> bool {
    const NO_FIELDS: [&str; 9] =
        ["message", "detail", "msg", "code", "type", "error", "reason", "errormessage", "kind"];
    let name = Name::of(name);
    let is_errors = name.ends_with("errors") || name.ends_with("violations");
    let may_describe = is_request_wrong && name.rank(&["data", "params", "details", "fields"]).is_some();
    let may_be_text = name.rank(&["message"]).is_none();
    let is_data = name.rank(&["data"]).is_some();
    let mut has_lists = false;
    for (name, json) in map.members() {
        match json {
            Json::List(_) if !is_errors && roles::is(name, roles::VIOLATIONS) => return false,
            Json::List(list) if !is_errors && !is_texts(list) && roles::is(name, roles::WRAPPERS) => return false,
            Json::List(list) if !is_texts(list) && roles::is(name, &["error"]) => return false,
            // A list of errors, or one, not a field of this name.
            Json::List(_) | Json::Object(_) if roles::is(name, &["error"]) && !is_about_field(json) => return false,
            // A sentence about a field; under a name that says that it is one, any text will do.
            Json::Text(text) if may_be_text && (is_errors || text.trim().contains(' ')) => {
                if roles::is(name, &NO_FIELDS) || roles::is(name, roles::EXPLICIT) {
                    return false;
                }
            }
            json if is_about_field(json) => has_lists = true,
            // An error inside `data`, not a field of this name.
            Json::Object(_)
                if may_describe && roles::is(name, if is_data { roles::WRAPPERS } else { roles::ERRORS }) =>
            {
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
        Json::Object(map) => !map.is_spent() && map.members().all(|(_, json)| is_about_field(json)),
        _ => false,
    }
}

/// What is wrong with a field.
fn description<'o>(map: &'o Object<'_>) -> Option<&'o str> {
    let (_, name) = map.first(roles::DESCRIPTIONS, |_, json| text(json).is_some())?;
    map.get(&name).and_then(text)
}

/// The class of a violation, unless its description is that.
fn class<'o>(map: &'o Object<'_>, described: &str) -> Option<&'o str> {
    let (_, name) = map.first(roles::REASONS, |_, json| json.as_text().is_some_and(|text| text != described))?;
    map.text(&name)
}

/// Whether an error in a list speaks of a field.
pub(super) fn is_violation(error: &Object<'_>) -> bool {
    // `path` is a list in GraphQL, where it leads to a field of the answer.
    ["field", "pointer", "loc", "attr", "param"].iter().any(|name| error.has(name)) || error.text("path").is_some()
}

/// FastAPI: `[{"loc": ["body", "name"], "msg": "Field required", "type": "missing"}]`, and its many relatives.
fn of_list(list: &[Json<'_>]) -> Vec<FieldViolation> {
    let read = |item: &Object<'_>| {
        // RFC 7807 has `name` with `reason`; elsewhere a name may be anything's.
        let has_name = item.text("reason").is_some() || item.list("messages").is_some();
        let name = item.get("name").filter(|_| has_name);
        let named = item.first(roles::FIELDS, |_, json| field(json).is_some());
        let field = named.and_then(|(_, name)| item.get(&name)).or(name).and_then(field)?;
        let description = description(item).or(item.text("title")).unwrap_or_default();
        violation(field, description, class(item, description))
    };
    list.iter().filter_map(|item| read(item.as_object()?)).take(MAX_VIOLATIONS).collect()
}

/// Laravel, Rails, ASP.NET: `{"email": ["The email field is required."]}`; Zendesk has objects in the list, and Django maps.
fn of_map(map: &Object<'_>) -> Vec<FieldViolation> {
    let mut violations = Vec::new();
    for (field, json) in map.members() {
        add(&mut violations, field.to_owned(), json);
    }
    violations
}

fn add(violations: &mut Vec<FieldViolation>, field: String, json: &Json<'_>) {
    if violations.len() >= MAX_VIOLATIONS || field.len() > MAX_FIELD {
        return;
    }
    match json {
        Json::Text(text) => violations.extend(violation(field, text, None)),
        Json::List(list) => {
            for (at, item) in list.iter().enumerate() {
                match item {
                    Json::Object(map) if description(map).is_none() => add(violations, format!("{field}.{at}"), item),
                    _ => add(violations, field.clone(), item),
                }
            }
        }
        Json::Object(map) => match description(map) {
            Some(text) => {
                let reason = class(map, text).or(map.text("error").filter(|error| *error != text));
                violations.extend(violation(field, text, reason));
            }
            None => {
                for (name, json) in map.members() {
                    // Discord, and Zod: the errors of the object itself.
                    let is_own = matches!(name, "_errors" | "non_field_errors");
                    add(violations, if is_own { field.clone() } else { format!("{field}.{name}") }, json);
                }
            }
        },
        _ => {}
    }
}

/// How many texts a map of violations holds, if it holds nothing else, so that the detail can say it all.
fn count_texts(json: &Json<'_>) -> Option<usize> {
    let texts = json.as_object()?.members().map(|(_, json)| match json {
        Json::Text(_) => Some(1),
        Json::List(list) if is_texts(list) => Some(list.len()),
        _ => None,
    });
    texts.sum()
}

/// A path is a text, a JSON pointer, a list of names and numbers, or the source of JSON:API
/// (<https://jsonapi.org/format/#error-objects>), of which a pointer to the whole document names no field.
fn field(json: &Json<'_>) -> Option<String> {
    match json {
        Json::Object(source) => match source.text("pointer") {
            Some("" | "/" | "/data") => None,
            Some(pointer) => Some(dotted(pointer)),
            None => source.text("parameter").or(source.text("header")).map(str::to_owned),
        },
        Json::Text(text) if text.trim().is_empty() => None,
        Json::Text(text) => Some(dotted(text)),
        Json::List(list) if !list.is_empty() => {
            let names: Option<Vec<_>> = list
                .iter()
                .map(|item| match item {
                    Json::Text(name) => Some(Cow::Borrowed(name.as_ref())),
                    Json::Number(number) => Some(Cow::Owned(number.to_string())),
                    _ => None,
                })
                .collect();
            Some(names?.join("."))
        }
        _ => None,
    }
}

/// A JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) as the path that `BadRequest` wants:
/// `data.attributes.name` of `/data/attributes/name`. Other texts stay.
fn dotted(path: &str) -> String {
    let pointer = path.strip_prefix('#').unwrap_or(path);
    match pointer.strip_prefix('/') {
        Some(names) => names.replace('/', ".").replace("~1", "/").replace("~0", "~"),
        None => path.to_owned(),
    }
}

/// The class of a violation becomes its `reason` if it can be spelled as one, for example `missing` as `MISSING`.
fn violation(field: String, description: &str, reason: Option<&str>) -> Option<FieldViolation> {
    if field.len() > MAX_FIELD {
        return None;
    }
    let reason = reason.and_then(fold).map(|reason| reason.to_ascii_uppercase()).unwrap_or_default();
    Some(FieldViolation { field, description: description.to_owned(), reason, ..FieldViolation::default() })
}

fn bad_request(field_violations: Vec<FieldViolation>) -> Detail {
    Detail::from(BadRequest { field_violations })
}
