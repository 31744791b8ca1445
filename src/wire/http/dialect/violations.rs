//! What is wrong with each field of a request, in the forms of several frameworks, as one `google.rpc.BadRequest`.

// docs/rules.md: R-GENERAL-5

use std::borrow::Cow;

use bytestring::ByteString;

use super::{message::is_texts, roles};
use crate::{
    model::{
        Detail, fold,
        rpc::{BadRequest, bad_request::FieldViolation},
    },
    wire::http::{json::Json, object::Object},
};

/// Members that name the field: Spring, GitHub and many; RFC 9457; FastAPI; Django's standardised errors;
/// express-validator; .NET.
const FIELDS: [&str; 8] = ["field", "pointer", "loc", "attr", "path", "param", "propertyName", "property"];

/// Members that say what is wrong with it.
const DESCRIPTIONS: [&str; 8] =
    ["message", "detail", "msg", "defaultMessage", "description", "errorMessage", "reason", "error"];

/// Members that class the violation. They are not kinds of the error.
const REASONS: [&str; 4] = ["type", "code", "reason", "errorCode"];

/// How many violations are read, and how long the name of a field may be. A name is written once in a body and again in
/// each violation, so that a small body could ask for a lot of memory.
const MAX_VIOLATIONS: usize = 256;
const MAX_FIELD: usize = 256;

/// Takes the member of this name if it is a list or a map of violations. What does not fit in the detail stays.
pub(super) fn take(object: &mut Object<'_>, name: &str) -> Option<Detail> {
    let violations = match object.get(name)? {
        Json::List(list) => of_list(list),
        Json::Object(map) if is_fields(map, name.eq_ignore_ascii_case("errors")) => of_map(map),
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
    let is_error = |name: &str| NO_FIELDS.iter().any(|other| roles::is(name, other));
    if object.members().any(|(name, _)| is_error(name)) || !object.members().all(|(_, json)| is_about_field(json)) {
        return None;
    }
    let violations = of_map(object);
    if violations.is_empty() { None } else { Some(bad_request(violations)) }
}

/// An error that is about one field: `{"field": "login", "message": "must not be blank"}`.
pub(super) fn of_one(object: &Object<'_>, text: &str) -> Option<Detail> {
    let field = object.text("field").filter(|field| !field.is_empty() && !field.contains(char::is_whitespace))?;
    Some(bad_request(vec![violation(dotted(field), text, None)?]))
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

/// Whether the members of a map are names of fields, each with what is wrong with it.
fn is_fields(map: &Object<'_>, is_errors: bool) -> bool {
    const NO_FIELDS: [&str; 9] =
        ["message", "detail", "msg", "code", "type", "error", "reason", "errormessage", "kind"];
    let mut has_lists = false;
    for (name, json) in map.members() {
        match json {
            Json::List(_) if !is_errors && roles::VIOLATIONS.iter().any(|role| roles::is(name, role)) => return false,
            // A sentence about a field; under a name that says that it is one, any text will do.
            Json::Text(text) if is_errors || text.trim().contains(' ') => {
                if NO_FIELDS.iter().any(|other| roles::is(name, other)) {
                    return false;
                }
            }
            json if is_about_field(json) => has_lists = true,
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
    DESCRIPTIONS.iter().find_map(|name| map.text(name))
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
            let name = item.get("name").filter(|_| item.text("reason").is_some());
            let field = FIELDS.iter().filter_map(|name| item.get(name)).chain(name).find_map(field)?;
            let described = DESCRIPTIONS.iter().find(|name| item.text(name).is_some());
            let description = described.and_then(|name| item.text(name)).unwrap_or_default();
            let reason = REASONS.iter().filter(|name| Some(*name) != described).find_map(|name| item.text(name));
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
                let reason =
                    REASONS.iter().chain(&["error"]).filter_map(|name| map.text(name)).find(|other| *other != text);
                violations.extend(violation(field, text, reason));
            }
            None => {
                for (name, json) in map.members() {
                    add(violations, format!("{field}.{name}"), json);
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
