//! A reference as [OpenAPI](https://spec.openapis.org/oas/v3.1.0): a document of its own, or added to one that exists.

mod insert;
mod merge;
mod schema;
mod source;

use indexmap::IndexMap;
pub(crate) use merge::{Merged, merge};

use self::schema::{ANY_DETAIL, Version, any_detail, response, response_name, schema, schema_name};
use super::{
    Reference,
    json::{Json, Object, object, yaml_block},
    reference::by_status,
};
use crate::{
    catalog::{HttpRoute, IMPLIED, Method},
    model::{HttpStatus, Kind},
};

const VERSION: Version = Version::V3_1;

/// The document, in YAML.
pub(crate) fn write(reference: &Reference) -> String {
    let mut out = String::new();
    for (key, value) in document(reference).iter() {
        yaml_block(&mut out, 0, key, value);
    }
    out
}

fn document(reference: &Reference) -> Object {
    let title = reference.catalog.domains().next().map_or("Errors".to_owned(), |domain| format!("Errors of {domain}"));
    object! {
        "openapi": "3.1.0",
        "info": object! { "title": title, "version": "1" },
        "paths": paths(reference),
        "components": object! { "schemas": schemas(reference, VERSION), "responses": shared_responses(reference) },
    }
}

/// Each route, with its method. Of two methods with one route the first counts.
fn paths(reference: &Reference) -> Object {
    let mut paths: IndexMap<String, Object> = IndexMap::new();
    for method in reference.methods() {
        for route in method.routes() {
            let verb = route.verb().to_ascii_lowercase();
            if VERBS.contains(&&*verb) {
                let operations = paths.entry(route.openapi_path()).or_default();
                operations.entry(verb).or_insert_with(|| operation(reference, method, route));
            }
        }
    }
    paths.into_iter().map(|(path, operations)| (path, operations.into())).collect()
}

/// The HTTP methods that an operation may have
/// (<https://spec.openapis.org/oas/v3.1.0#path-item-object>).
const VERBS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The schemas of all kinds of a reference, and of their details.
fn schemas(reference: &Reference, version: Version) -> Object {
    let kinds = reference.entries().map(|entry| (schema_name(&entry.kind), schema(entry, version)));
    kinds.chain([(ANY_DETAIL.to_owned(), any_detail())]).collect()
}

/// One response for each status. Where methods say what they return, only those that need no declaration are shared.
fn shared_responses(reference: &Reference) -> Object {
    match reference.methods().next() {
        Some(_) => shared(reference, VERSION),
        None => responses_of(reference, reference.kinds.iter().cloned(), VERSION),
    }
}

/// The responses that operations share: those for what layers and transport add.
fn shared(reference: &Reference, version: Version) -> Object {
    responses_of(reference, IMPLIED.into_iter().filter_map(|kind| reference.catalog.get(kind)), version)
}

fn responses_of(reference: &Reference, kinds: impl IntoIterator<Item = Kind>, version: Version) -> Object {
    let response = |(status, kinds): (HttpStatus, Vec<Kind>)| {
        (response_name(status), response(&reference.translator, status, &kinds, version))
    };
    by_status(kinds).map(response).collect()
}

/// The responses of a method by status. Those to which nothing is declared are shared.
fn responses(reference: &Reference, method: &Method, version: Version) -> Object {
    let is_declared = |kind: &Kind| method.kinds().any(|declared| declared == kind.as_str());
    let response = |(status, kinds): (HttpStatus, Vec<Kind>)| {
        let response = match kinds.iter().any(is_declared) {
            true => response(&reference.translator, status, &kinds, version),
            false => version.response_reference(&response_name(status)),
        };
        (status.to_string(), response)
    };
    by_status(reference.errors_of(method)).map(response).collect()
}

/// The rest of an operation in a document of ours: as much as follows from a route.
fn operation(reference: &Reference, method: &Method, route: &HttpRoute) -> Json {
    let mut operation = object! { "operationId": operation_id(method), "tags": [method.service()] };
    let parameter = |(name, pattern): (&str, &str)| {
        let schema = match pattern {
            "*" => object! { "type": "string" },
            pattern => object! { "type": "string", "description": format!("Of the form `{pattern}`") },
        };
        object! { "name": name, "in": "path", "required": true, "schema": schema }
    };
    let parameters: Vec<Object> = route.variables().map(parameter).collect();
    if !parameters.is_empty() {
        operation.extend(object! { "parameters": parameters });
    }
    if route.has_body() {
        let media = object! { "schema": object! { "type": "object" } };
        operation.extend(object! { "requestBody": object! { "content": object! { "application/json": media } } });
    }
    let mut responses = object! { "2XX": object! { "description": "Success" } };
    responses.extend(self::responses(reference, method, Version::V3_1));
    operation.extend(object! { "responses": responses });
    operation.into()
}

/// `TaskService_GetTask`, which is what `protoc-gen-openapiv2` and gnostic call it.
fn operation_id(method: &Method) -> String {
    let service = method.service().rsplit('.').next().unwrap_or_default();
    format!("{service}_{}", short_name(method))
}

/// `GetTask`.
fn short_name(method: &Method) -> &str {
    method.name().split_once('/').map_or(method.name(), |(_, name)| name)
}
