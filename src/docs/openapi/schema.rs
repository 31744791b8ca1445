//! The schema of a kind, and the response of a status.

use serde_json::{Map, Value, json};

use super::version::Version;
use crate::{
    docs::{example, guidance, guidance::FIELDS, reference::http, words},
    model::{Code, HttpStatus, Kind, KindEntry, Retry},
    translate::Translator,
};

/// What marks a part of a document as one of ours, which is replaced when the document is written again.
pub(super) const MARK: &str = "x-errwire-kinds";

/// The name of a kind's schema. Kinds are not capitalised: two of them could then have one name.
pub(super) fn schema_name(kind: &str) -> String {
    format!("error_{kind}")
}

/// The name of the response that operations share.
pub(super) fn response_name(status: HttpStatus) -> String {
    format!("error_{status}")
}

/// The name of the schema of a detail that may be of any type.
pub(super) const ANY_DETAIL: &str = "detail_any";

/// The body of an error of one kind.
pub(super) fn schema(entry: &KindEntry, version: Version) -> Value {
    let [(kind, _), (message, guidance)] = FIELDS;
    let mut schema = Map::new();
    schema.insert("type".into(), "object".into());
    if !entry.description.is_empty() {
        schema.insert("description".into(), (*entry.description).into());
    }
    schema.insert("required".into(), json!([kind, message]));
    let details = json!({
        "type": "array",
        "description": "The details of a `google.rpc.Status`, where the API sends them",
        "items": details(entry, version),
    });
    let text = json!({ "type": "string", "description": guidance, "examples": [entry.message.as_str()] });
    let text = if version == Version::V3_1 { text } else { json!({ "type": "string", "description": guidance }) };
    schema
        .insert("properties".into(), json!({ kind: version.constant(&entry.kind), message: text, "details": details }));
    if entry.deprecated.is_some() && version != Version::V2 {
        schema.insert("deprecated".into(), true.into());
    }
    schema.insert(MARK.into(), json!([&*entry.kind]));
    schema.into()
}

/// What the details of a kind are: those that it is made with, or any other.
fn details(entry: &KindEntry, version: Version) -> Value {
    let any = version.schema_reference(ANY_DETAIL);
    if version == Version::V2 {
        return any;
    }
    let keys: Map<String, Value> =
        entry.message.placeholders().map(|name| (name.to_owned(), json!({ "type": "string" }))).collect();
    let mut list = vec![detail(
        version,
        "ErrorInfo",
        json!({
            "reason": version.constant(&entry.reason),
            "domain": { "type": "string" },
            "metadata": { "type": "object", "properties": keys, "additionalProperties": { "type": "string" } },
        }),
    )];
    if entry.retry != Retry::Never {
        list.push(detail(version, "RetryInfo", json!({ "retryDelay": { "type": "string" } })));
    }
    if entry.code == Code::InvalidArgument {
        let violation = json!({
            "type": "object",
            "properties": { "field": { "type": "string" }, "description": { "type": "string" } },
        });
        list.push(detail(version, "BadRequest", json!({ "fieldViolations": { "type": "array", "items": violation } })));
    }
    if entry.help_url.is_some() {
        let link = json!({
            "type": "object",
            "properties": { "description": { "type": "string" }, "url": { "type": "string" } },
        });
        list.push(detail(version, "Help", json!({ "links": { "type": "array", "items": link } })));
    }
    list.push(any);
    json!({ "anyOf": list })
}

fn detail(version: Version, name: &str, fields: Value) -> Value {
    let url = format!("type.googleapis.com/google.rpc.{name}");
    let mut properties = Map::from_iter([("@type".to_owned(), version.constant(&url))]);
    if let Value::Object(fields) = fields {
        properties.extend(fields);
    }
    json!({ "type": "object", "required": ["@type"], "properties": properties })
}

/// A detail of any type, in ProtoJSON.
pub(super) fn any_detail() -> Value {
    json!({
        "type": "object",
        "description": "A `google.protobuf.Any` in ProtoJSON",
        "required": ["@type"],
        "properties": { "@type": { "type": "string" } },
        MARK: [],
    })
}

/// The response for a status, in which an error of any of these kinds may be.
pub(super) fn response(translator: &Translator, status: HttpStatus, kinds: &[Kind], version: Version) -> Value {
    let entries: Vec<(&Kind, &KindEntry)> = kinds.iter().filter_map(|kind| Some((kind, kind.entry()?))).collect();
    let names: Vec<&str> = entries.iter().map(|(_, entry)| &*entry.kind).collect();
    let mut response = Map::new();
    response.insert("description".into(), description(status, &entries).into());
    let headers = headers(status, &entries, version);
    if !headers.is_empty() {
        response.insert("headers".into(), headers.into());
    }
    let body = |kind: &Kind| -> Value {
        let response = http(translator, &example(kind));
        serde_json::from_slice(response.body()).unwrap_or_default()
    };
    if version == Version::V2 {
        let schema = match &*entries {
            [(_, only)] => version.schema_reference(&schema_name(&only.kind)),
            _ => json!({
                "type": "object",
                "required": ["kind", "message"],
                "properties": { "kind": { "type": "string", "enum": names }, "message": { "type": "string" } },
            }),
        };
        response.insert("schema".into(), schema);
        if let Some((kind, _)) = entries.first() {
            response.insert("examples".into(), json!({ "application/json": body(kind) }));
        }
    } else {
        let references: Vec<Value> =
            entries.iter().map(|(_, entry)| version.schema_reference(&schema_name(&entry.kind))).collect();
        let schema = match &*references {
            [only] => only.clone(),
            _ => json!({ "oneOf": references }),
        };
        let examples: Map<String, Value> =
            entries.iter().map(|(kind, entry)| (entry.kind.to_string(), json!({ "value": body(kind) }))).collect();
        response.insert("content".into(), json!({ "application/json": { "schema": schema, "examples": examples } }));
    }
    response.insert(MARK.into(), json!(names));
    response.into()
}

/// What the reference says of the status; else of its kinds.
fn description(status: HttpStatus, entries: &[(&Kind, &KindEntry)]) -> String {
    let guidance = guidance::of_status(status);
    if !guidance.is_empty() {
        return guidance.to_owned();
    }
    let mut about = entries.iter().map(|(_, entry)| entry.description.trim_end_matches('.'));
    let about: Vec<&str> = about.by_ref().filter(|text| !text.is_empty()).collect();
    if about.is_empty() { words::status(status) } else { format!("{}.", about.join(". ")) }
}

fn headers(status: HttpStatus, entries: &[(&Kind, &KindEntry)], version: Version) -> Map<String, Value> {
    let header = |kind: &str, description: &str| match version {
        Version::V2 => json!({ "type": kind, "description": description }),
        _ => json!({ "schema": { "type": kind }, "description": description }),
    };
    let mut headers = Map::new();
    if entries.iter().any(|(_, entry)| entry.retry != Retry::Never) {
        headers.insert("Retry-After".into(), header("integer", "How many seconds to wait before another attempt"));
    }
    if status == 401 {
        headers.insert("WWW-Authenticate".into(), header("string", "How to authenticate"));
    }
    if status == 405 {
        headers.insert("Allow".into(), header("string", "The HTTP methods that are supported"));
    }
    headers
}
