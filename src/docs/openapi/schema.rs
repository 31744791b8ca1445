//! The schema of a kind, the response of a status, and which OpenAPI they are written in.

use crate::{
    docs::{
        example,
        json::{Json, Object, object},
        reference::http,
        words::{self, FIELDS},
    },
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
pub(super) fn schema(entry: &KindEntry, version: Version) -> Json {
    let [(kind, _), (message, guidance)] = FIELDS;
    let mut schema = object! { "type": "object" };
    if !entry.description.is_empty() {
        schema.extend(object! { "description": &*entry.description });
    }
    schema.extend(object! { "required": [kind, message] });
    let details = object! {
        "type": "array",
        "description": "The details of a `google.rpc.Status`, where the API sends them",
        "items": details(entry, version),
    };
    let mut text = object! { "type": "string", "description": guidance };
    if version == Version::V3_1 {
        text.extend(object! { "examples": [entry.message.as_str()] });
    }
    schema.extend(
        object! { "properties": object! { kind: version.constant(&entry.kind), message: text, "details": details } },
    );
    if entry.deprecated.is_some() && version != Version::V2 {
        schema.extend(object! { "deprecated": true });
    }
    schema.extend(object! { MARK: [&*entry.kind] });
    schema.into()
}

/// What the details of a kind are: those that it is made with, or any other.
fn details(entry: &KindEntry, version: Version) -> Json {
    let any = version.schema_reference(ANY_DETAIL);
    if version == Version::V2 {
        return any;
    }
    let keys: Object =
        entry.message.placeholders().map(|name| (name.to_owned(), object! { "type": "string" }.into())).collect();
    let mut list = vec![detail(
        version,
        "ErrorInfo",
        object! {
            "reason": version.constant(&entry.reason),
            "domain": object! { "type": "string" },
            "metadata": object! { "type": "object", "properties": keys, "additionalProperties": object! { "type": "string" } },
        },
    )];
    if entry.retry != Retry::Never {
        list.push(detail(version, "RetryInfo", object! { "retryDelay": object! { "type": "string" } }));
    }
    if entry.code == Code::InvalidArgument {
        let violation = object! {
            "type": "object",
            "properties": object! { "field": object! { "type": "string" }, "description": object! { "type": "string" } },
        };
        let violations = object! { "fieldViolations": object! { "type": "array", "items": violation } };
        list.push(detail(version, "BadRequest", violations));
    }
    if entry.help_url.is_some() {
        let link = object! {
            "type": "object",
            "properties": object! { "description": object! { "type": "string" }, "url": object! { "type": "string" } },
        };
        list.push(detail(version, "Help", object! { "links": object! { "type": "array", "items": link } }));
    }
    list.push(any);
    object! { "anyOf": list }.into()
}

fn detail(version: Version, name: &str, fields: Object) -> Json {
    let url = format!("type.googleapis.com/google.rpc.{name}");
    let mut properties = object! { "@type": version.constant(&url) };
    properties.extend(fields);
    object! { "type": "object", "required": ["@type"], "properties": properties }.into()
}

/// A detail of any type, in ProtoJSON.
pub(super) fn any_detail() -> Json {
    object! {
        "type": "object",
        "description": "A `google.protobuf.Any` in ProtoJSON",
        "required": ["@type"],
        "properties": object! { "@type": object! { "type": "string" } },
        MARK: Json::List(Vec::new()),
    }
    .into()
}

/// The response for a status, in which an error of any of these kinds may be.
pub(super) fn response(translator: &Translator, status: HttpStatus, kinds: &[Kind], version: Version) -> Json {
    let entries: Vec<(&Kind, &KindEntry)> = kinds.iter().filter_map(|kind| Some((kind, kind.entry()?))).collect();
    let names: Vec<&str> = entries.iter().map(|(_, entry)| &*entry.kind).collect();
    let mut response = object! { "description": description(status, &entries) };
    let headers = headers(status, &entries, version);
    if !headers.is_empty() {
        response.extend(object! { "headers": headers });
    }
    let body = |kind: &Kind| -> Json {
        let response = http(translator, &example(kind));
        serde_json::from_slice(response.body()).unwrap_or(Json::Null)
    };
    if version == Version::V2 {
        let schema = match &*entries {
            [(_, only)] => version.schema_reference(&schema_name(&only.kind)),
            _ => {
                let kind = object! { "type": "string", "enum": names.clone() };
                let properties = object! { "kind": kind, "message": object! { "type": "string" } };
                object! { "type": "object", "required": ["kind", "message"], "properties": properties }.into()
            }
        };
        response.extend(object! { "schema": schema });
        if let Some((kind, _)) = entries.first() {
            response.extend(object! { "examples": object! { "application/json": body(kind) } });
        }
    } else {
        let references: Vec<Json> =
            entries.iter().map(|(_, entry)| version.schema_reference(&schema_name(&entry.kind))).collect();
        let schema = match &*references {
            [only] => only.clone(),
            _ => object! { "oneOf": references }.into(),
        };
        let examples: Object = entries
            .iter()
            .map(|(kind, entry)| (entry.kind.to_string(), object! { "value": body(kind) }.into()))
            .collect();
        let media = object! { "schema": schema, "examples": examples };
        response.extend(object! { "content": object! { "application/json": media } });
    }
    response.extend(object! { MARK: names });
    response.into()
}

/// The meaning of the status by the API reference; else the messages of its kinds.
fn description(status: HttpStatus, entries: &[(&Kind, &KindEntry)]) -> String {
    let guidance = words::of_status(status);
    if !guidance.is_empty() {
        return guidance.to_owned();
    }
    let mut about = entries.iter().map(|(_, entry)| entry.description.trim_end_matches('.'));
    let about: Vec<&str> = about.by_ref().filter(|text| !text.is_empty()).collect();
    if about.is_empty() { words::status(status) } else { format!("{}.", about.join(". ")) }
}

fn headers(status: HttpStatus, entries: &[(&Kind, &KindEntry)], version: Version) -> Object {
    let header = |kind: &str, description: &str| match version {
        Version::V2 => object! { "type": kind, "description": description },
        _ => object! { "schema": object! { "type": kind }, "description": description },
    };
    let mut headers = Object::default();
    if entries.iter().any(|(_, entry)| entry.retry != Retry::Never) {
        headers.extend(object! { "Retry-After": header("integer", "Seconds to wait before a retry") });
    }
    if status == 401 {
        headers.extend(object! { "WWW-Authenticate": header("string", "How to authenticate") });
    }
    if status == 405 {
        headers.extend(object! { "Allow": header("string", "The HTTP methods that are supported") });
    }
    headers
}

/// The versions that differ in what an error needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// Swagger 2.0, as `protoc-gen-openapiv2` writes it: no `oneOf`, one example, `definitions`.
    V2,
    /// 3.0: no `const`.
    V3_0,
    /// 3.1 and later.
    V3_1,
}

impl Version {
    /// By the members `openapi` and `swagger` of a document.
    pub(super) fn of(openapi: Option<&str>, swagger: Option<&str>) -> Option<Self> {
        match (openapi, swagger) {
            (Some(version), _) if version.starts_with("3.0") => Some(Self::V3_0),
            (Some(version), _) if version.starts_with("3.") => Some(Self::V3_1),
            (None, Some(version)) if version.starts_with('2') => Some(Self::V2),
            _ => None,
        }
    }

    /// Where a document keeps its schemas.
    pub(super) fn schemas(self) -> &'static [&'static str] {
        if self == Self::V2 { &["definitions"] } else { &["components", "schemas"] }
    }

    /// Where it keeps the responses that several operations have.
    pub(super) fn responses(self) -> &'static [&'static str] {
        if self == Self::V2 { &["responses"] } else { &["components", "responses"] }
    }

    pub(super) fn schema_reference(self, name: &str) -> Json {
        reference(self.schemas(), name)
    }

    pub(super) fn response_reference(self, name: &str) -> Json {
        reference(self.responses(), name)
    }

    /// A schema that one text matches.
    pub(super) fn constant(self, text: &str) -> Json {
        let schema = if self == Self::V3_1 {
            object! { "const": text }
        } else {
            object! { "type": "string", "enum": [text] }
        };
        schema.into()
    }
}

fn reference(path: &[&str], name: &str) -> Json {
    object! { "$ref": format!("#/{}/{name}", path.join("/")) }.into()
}
