//! The forms that violations have in a list or a map, each as a `google.rpc.BadRequest` says it.

// docs/rules.md: R-GENERAL-5

use prost::Message;

use super::{
    message::{first_text as text, is_language, is_texts},
    roles,
    words::Word,
};
use crate::{
    model::{
        Detail, DetailType, fold,
        rpc::{BadRequest, bad_request::FieldViolation},
    },
    wire::http::json::{Json, Object},
};

/// How many violations are read, and how long the name of a field may be. A name is written once in a body and again in
/// each violation, so that a small body could ask for a lot of memory.
const MAX_VIOLATIONS: usize = 256;
const MAX_FIELD: usize = 256;

/// `__type` of CKAN.
pub(super) fn is_internal(name: &str) -> bool {
    name.starts_with("__")
}

/// Where a map of fields has what is about no single one of them: Django, Rails, marshmallow, Discord and Zod, FastEndpoints.
pub(super) const OF_ALL: [&str; 7] =
    ["non_field_errors", "nonFieldErrors", "__all__", "base", "_schema", "_errors", "generalErrors"];

/// `{"location": "body", "name": "id"}` of Cornice, and its relatives: the field that is in a part of the request.
fn in_part<'o, 'b>(item: &'o Object<'b>) -> Option<&'o Json<'b>> {
    const PARTS: [&str; 9] = ["body", "query", "querystring", "header", "headers", "path", "url", "cookie", "form"];
    let part = ["location", "in", "source"].into_iter().find_map(|name| item.text(name))?;
    if PARTS.contains(&part) { item.get("name").or(item.get("key")) } else { None }
}

/// What is wrong with a field, in a text or, as class-validator has it, under the name of each constraint.
pub(super) fn description<'o>(map: &'o Object<'_>) -> Option<&'o str> {
    let described = map.first(roles::DESCRIPTIONS, |_, json| text(json).is_some()).and_then(|(_, _, json)| text(json));
    described.or_else(|| {
        let constraints = map.object("constraints")?.members();
        constraints.min_by(|a, b| a.0.cmp(b.0)).and_then(|(_, json)| json.as_text())
    })
}

/// The class of a violation, unless its description is that.
fn class<'o>(map: &'o Object<'_>, described: &str) -> Option<&'o str> {
    map.first(roles::REASONS, |_, json| json.as_text().is_some_and(|text| text != described))?.2.as_text()
}

/// Whether an error in a list speaks of a field.
pub(super) fn is_violation(error: &Object<'_>) -> bool {
    // `path` is a list in GraphQL, where it leads to a field of the answer.
    let is_named = |word: Word, json: &Json<'_>| match word.text() {
        "field" | "pointer" | "loc" | "param" | "attr" => true,
        word => word == "path" && json.as_text().is_some(),
    };
    error.any(roles::FIELDS, is_named)
        || error.any(roles::SURE_FIELDS, |_, json| json.as_text().is_some())
        || listed_field(error).is_some()
        || in_part(error).is_some()
}

/// FastAPI: `[{"loc": ["body", "name"], "msg": "Field required", "type": "missing"}]`, and its many relatives.
pub(super) fn of_list(list: &[Json<'_>], is_of_fields: bool) -> Vec<FieldViolation> {
    let objects = || list.iter().filter_map(Json::as_object);
    let own: Vec<_> = objects().filter_map(|item| of_item(item, is_of_fields)).take(MAX_VIOLATIONS).collect();
    if !own.is_empty() {
        return own;
    }
    // amoCRM has a list of errors for each request of a batch.
    let inner =
        objects().filter_map(|item| item.list("errors")?.iter().map(Json::as_object).collect::<Option<Vec<_>>>());
    inner.flatten().filter_map(|item| of_item(item, is_of_fields)).take(MAX_VIOLATIONS).collect()
}

pub(super) fn of_item(item: &Object<'_>, is_of_fields: bool) -> Option<FieldViolation> {
    // RFC 7807 has `name` with `reason`; elsewhere a name may be anything's.
    let has_name = is_of_fields || item.text("reason").is_some() || item.list("messages").is_some();
    let of_part = in_part(item);
    let name = of_part.or(item.get("name").filter(|_| has_name));
    // As a text, a source is a system, and a location of several words a place.
    let may_name = |word: Word, json: &Json<'_>| match word.text() {
        "source" => json.as_object().is_some(),
        "location" => of_part.is_none() && json.as_text().is_some_and(|text| !text.contains(' ')),
        _ => true,
    };
    let named = item.first(roles::FIELDS, |word, json| may_name(word, json) && is_field(json));
    let field = match named.map(|(_, _, json)| json).or(name).and_then(field) {
        Some(field) => field,
        None => match inner_field(item) {
            Some(field) => field,
            None => return only_field(item),
        },
    };
    let description = description(item).or(item.text("title")).unwrap_or_default();
    violation(field, description, class(item, description))
}

/// `{"memberNames": ["name"]}`, `{"fields": [{"name": "checkin"}]}`.
fn listed_field<'o>(item: &'o Object<'_>) -> Option<&'o str> {
    let (_, _, list) = item.first(roles::FIELD_LISTS, |_, json| json.as_list().is_some())?;
    let first = list.as_list()?.first()?;
    first.as_text().or_else(|| first.as_object()?.text("name"))
}

/// `{"context": {"attribute": "name"}}`: what is about a field without doubt, in the only object of a violation.
fn inner_field(item: &Object<'_>) -> Option<String> {
    if let Some(field) = listed_field(item) {
        return Some(dotted(field));
    }
    let inner = item.object(&item.only_member(|json| json.as_object().is_some())?)?;
    inner.first(roles::SURE_FIELDS, |_, json| is_field(json)).and_then(|(_, _, json)| field(json))
}

/// `{"projectId": "Field must be set."}`: a map of one.
fn only_field(item: &Object<'_>) -> Option<FieldViolation> {
    let name = item.only_member(|_| true)?;
    let text = item.text(&name).filter(|text| text.trim().contains(' '))?;
    let is_role = [roles::TEXTS, roles::IDENTIFIERS, roles::WRAPPERS].iter().any(|role| name.is(*role));
    if is_role || is_language(&name) { None } else { violation(name.text.into_owned(), text, None) }
}

/// A list at the root in which each error is about a field.
pub(super) fn of_errors(list: &[Json<'_>]) -> Option<Detail> {
    let violations = of_list(list, false);
    let is_about_fields = violations.len() == list.len() && violations.iter().all(|all| !all.description.is_empty());
    is_about_fields.then(|| bad_request(violations))
}

/// Laravel, Rails, ASP.NET: `{"email": ["The email field is required."]}`; Zendesk has objects in the list, and Django maps.
pub(super) fn of_map(map: &Object<'_>) -> Vec<FieldViolation> {
    let mut violations = Vec::new();
    // A number is not the name of a field, but that of an error.
    let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    let is_field = |name: &str| !is_internal(name) && !OF_ALL.contains(&name) && !is_number(name);
    for (field, json) in map.members().filter(|(name, _)| is_field(name)) {
        add(&mut violations, field.text.clone().into_owned(), json);
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
                    let is_own = OF_ALL.contains(&&**name);
                    add(violations, if is_own { field.clone() } else { format!("{field}.{}", &**name) }, json);
                }
            }
        },
        _ => {}
    }
}

/// How many texts a map of violations holds, if it holds nothing else, so that the detail can say it all.
pub(super) fn count_texts(json: &Json<'_>) -> Option<usize> {
    let texts = json.as_object()?.members().map(|(_, json)| match json {
        Json::Text(_) => Some(1),
        Json::List(list) if is_texts(list) => Some(list.len()),
        _ => None,
    });
    texts.sum()
}

/// A path is a text, a JSON pointer, a list of names and numbers, or the source of JSON:API
/// (<https://jsonapi.org/format/#error-objects>), of which a pointer to the whole document names no field.
fn is_field(json: &Json<'_>) -> bool {
    match json {
        Json::Object(source) => field_of(source).is_some(),
        Json::Text(text) => !text.trim().is_empty(),
        Json::List(list) => !list.is_empty() && list.iter().all(|item| matches!(item, Json::Text(_) | Json::Number(_))),
        _ => false,
    }
}

/// The same, as one text.
fn field(json: &Json<'_>) -> Option<String> {
    let name = |item: &Json<'_>| match item {
        Json::Number(number) => number.to_string(),
        item => item.as_text().unwrap_or_default().to_owned(),
    };
    match json {
        _ if !is_field(json) => None,
        Json::Object(source) => field_of(source).map(dotted),
        Json::List(list) => Some(list.iter().map(name).collect::<Vec<_>>().join(".")),
        json => json.as_text().map(dotted),
    }
}

fn field_of<'o>(source: &'o Object<'_>) -> Option<&'o str> {
    match source.text("pointer").map(|pointer| pointer.trim_end_matches('/')) {
        Some("" | "/data") => None,
        Some(pointer) => Some(pointer),
        None => source.text("parameter").or(source.text("header")),
    }
}

/// A JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) as the path that `BadRequest` wants:
/// `data.attributes.name` of `/data/attributes/name`. Other texts stay.
pub(super) fn dotted(path: &str) -> String {
    let pointer = path.strip_prefix('#').unwrap_or(path);
    match pointer.strip_prefix('/') {
        Some(names) => names.replace('/', ".").replace("~1", "/").replace("~0", "~"),
        None => path.to_owned(),
    }
}

/// The class of a violation becomes its `reason` if it can be spelled as one, for example `missing` as `MISSING`.
pub(super) fn violation(field: String, description: &str, reason: Option<&str>) -> Option<FieldViolation> {
    if field.len() > MAX_FIELD {
        return None;
    }
    let reason = reason.and_then(fold).map(|reason| reason.to_ascii_uppercase()).unwrap_or_default();
    Some(FieldViolation { field, description: description.to_owned(), reason, ..FieldViolation::default() })
}

pub(super) fn bad_request(field_violations: Vec<FieldViolation>) -> Detail {
    Detail::of_type(DetailType::BadRequest, BadRequest { field_violations }.encode_to_vec().into())
}
