//! Field violations, in the forms of several frameworks, as one `google.rpc.BadRequest`.

// docs/rules.md: R-GENERAL-5

use std::borrow::Cow;

use bytestring::ByteString;

use super::{
    message::is_texts,
    roles::{self, Name},
};
use crate::{
    model::{
        Detail, fold,
        rpc::{BadRequest, bad_request::FieldViolation},
    },
    wire::http::{json::Json, object::Object},
};

/// How many violations are read, and how long the name of a field may be. A name is written once in a body and again in
/// each violation, so that a small body could ask for a lot of memory.
const MAX_VIOLATIONS: usize = 256;
const MAX_FIELD: usize = 256;

/// How many members are looked at whose names only end like those of violations. Each is looked up in the object.
const MAX_OTHERS: usize = 16;

/// The members that may hold violations.
pub(super) fn holders(object: &Object<'_>) -> Vec<String> {
    let by_role = object.ranked(&roles::VIOLATIONS, |_, json| !json.is_nothing()).into_iter().map(|(_, name)| name);
    let mut names: Vec<_> = by_role.collect();
    let is_list = |name: &str, json: &Json<'_>| {
        let name = Name::of(name);
        let ends = name.ends_with("errors") || name.ends_with("violations");
        ends && name.rank(&roles::VIOLATIONS).is_none() && !json.is_nothing()
    };
    let mut others: Vec<_> =
        object.members().filter(|(name, json)| is_list(name, json)).map(|(name, _)| name.into()).collect();
    others.sort();
    others.truncate(MAX_OTHERS);
    names.append(&mut others);
    names
}

/// Takes the member of this name if it is a list or a map of violations. What does not fit in the detail stays.
pub(super) fn take(object: &mut Object<'_>, name: &str, is_request_wrong: bool) -> Option<Detail> {
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
pub(super) fn of_fields(object: &Object<'_>) -> Option<Detail> {
    const NO_FIELDS: [&str; 8] =
        ["errors", "errormessages", "messages", "message", "detail", "error", "msg", "warningmessages"];
    if object.members().any(|(name, json)| roles::is(name, &NO_FIELDS) || !is_about_field(json)) {
        return None;
    }
    let violations = of_map(object);
    if violations.is_empty() { None } else { Some(bad_request(violations)) }
}

/// An error that is about one field: `{"field": "login", "message": "must not be blank"}`. Gives the member that names it too.
pub(super) fn of_one(object: &Object<'_>, text: &str, is_request_wrong: bool) -> Option<(String, Detail)> {
    let roles: &[&str] = if is_request_wrong { &["field", "param", "parameter"] } else { &["field"] };
    let is_name =
        |json: &Json<'_>| json.as_text().is_some_and(|field| !field.is_empty() && !field.contains(char::is_whitespace));
    let (_, name) = object.ranked(roles, |_, json| is_name(json)).into_iter().next()?;
    let violation = violation(dotted(object.text(&name)?), text, None)?;
    Some((name, bad_request(vec![violation])))
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
            Json::List(_) if !is_errors && roles::is(name, &roles::VIOLATIONS) => return false,
            Json::List(list) if !is_errors && !is_texts(list) && roles::is(name, &roles::WRAPPERS) => return false,
            Json::List(list) if !is_texts(list) && roles::is(name, &["error"]) => return false,
            // A list of errors, or one, not a field of this name.
            Json::List(_) | Json::Object(_) if roles::is(name, &["error"]) && !is_about_field(json) => return false,
            // A sentence about a field; under a name that says that it is one, any text will do.
            Json::Text(text) if may_be_text && (is_errors || text.trim().contains(' ')) => {
                if roles::is(name, &NO_FIELDS) || roles::is(name, &roles::EXPLICIT) {
                    return false;
                }
            }
            json if is_about_field(json) => has_lists = true,
            // An error inside `data`, not a field of this name.
            Json::Object(_)
                if may_describe && roles::is(name, if is_data { &roles::WRAPPERS } else { &roles::ERRORS }) =>
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

fn description<'o>(map: &'o Object<'_>) -> Option<&'o str> {
    described(map).map(|(_, text)| text)
}

/// What is wrong with a field, and the member that says so: a text, or the first of a list.
fn described<'o>(map: &'o Object<'_>) -> Option<(String, &'o str)> {
    let first = |json: &'o Json<'_>| match json {
        Json::Text(text) => Some(&**text),
        Json::List(list) if is_texts(list) => list.first()?.as_text(),
        _ => None,
    };
    let (_, name) = map.ranked(&roles::DESCRIPTIONS, |_, json| is_text_or_texts(json)).into_iter().next()?;
    let text = map.get(&name).and_then(first)?;
    Some((name, text))
}

fn is_text_or_texts(json: &Json<'_>) -> bool {
    json.as_text().is_some() || json.as_list().is_some_and(is_texts)
}

/// The class of a violation, unless its description is that.
fn class<'o>(map: &'o Object<'_>, described: &str) -> Option<&'o str> {
    let (_, name) = map
        .ranked(&roles::REASONS, |_, json| json.as_text().is_some_and(|text| text != described))
        .into_iter()
        .next()?;
    map.text(&name)
}

/// The `source` of each error of JSON:API.
pub(super) fn of_sources(errors: &[Json<'_>]) -> Option<Detail> {
    let violations: Vec<_> = errors
        .iter()
        .filter_map(|error| {
            let error = error.as_object()?;
            let source = error.object("source")?;
            let field = match source.text("pointer") {
                // A pointer to the whole document names no field.
                Some("" | "/" | "/data") => return None,
                Some(pointer) => dotted(pointer),
                None => source.text("parameter").or(source.text("header"))?.to_owned(),
            };
            let description = error.text("detail").or(error.text("title")).unwrap_or_default();
            violation(field, description, error.text("code"))
        })
        .take(MAX_VIOLATIONS)
        .collect();
    if violations.is_empty() { None } else { Some(bad_request(violations)) }
}

/// Whether an error in a list speaks of a field.
pub(super) fn is_violation(error: &Object<'_>) -> bool {
    // `path` is a list in GraphQL, where it leads to a field of the answer.
    ["field", "pointer", "loc", "attr", "param"].iter().any(|name| error.has(name)) || error.text("path").is_some()
}

/// FastAPI: `[{"loc": ["body", "name"], "msg": "Field required", "type": "missing"}]`, and its many relatives.
fn of_list(list: &[Json<'_>]) -> Vec<FieldViolation> {
    list.iter()
        .filter_map(|item| {
            let item = item.as_object()?;
            // RFC 7807 has `name` with `reason`; elsewhere a name may be anything's.
            let has_name = item.text("reason").is_some() || item.list("messages").is_some();
            let name = item.get("name").filter(|_| has_name);
            let named = item.ranked(&roles::FIELDS, |_, json| field(json).is_some()).into_iter().next();
            let field = named.and_then(|(_, name)| item.get(&name)).or(name).and_then(field)?;
            let description = description(item).unwrap_or_default();
            let reason = class(item, description);
            violation(field, description, reason)
        })
        .take(MAX_VIOLATIONS)
        .collect()
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

/// A path is a text, a JSON pointer, or a list of names and numbers.
fn field(json: &Json<'_>) -> Option<String> {
    match json {
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
