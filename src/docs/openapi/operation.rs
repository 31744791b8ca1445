//! The errors of one operation.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    schema::{self, response_name},
    version::Version,
};
use crate::{
    catalog::{HttpRoute, Method, implied},
    docs::Reference,
    model::{HttpStatus, Kind},
};

/// The responses of a method by status. Those to which nothing is declared are shared.
pub(super) fn responses(reference: &Reference, method: &Method, version: Version) -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, (HttpStatus, Vec<Kind>, bool)> = BTreeMap::new();
    for kind in reference.errors_of(method) {
        let Some(entry) = kind.entry() else { continue };
        let declared = method.kinds().any(|declared| declared == kind.as_str());
        let (_, kinds, any_declared) = by_status.entry(entry.status.as_u16()).or_insert((entry.status, vec![], false));
        *any_declared |= declared;
        kinds.push(kind);
    }
    let response = |(_, (status, kinds, any_declared)): (u16, (HttpStatus, Vec<Kind>, bool))| {
        let response = if any_declared {
            schema::response(&reference.translator, status, &kinds, version)
        } else {
            version.response_reference(&response_name(status))
        };
        (status.to_string(), response)
    };
    by_status.into_iter().map(response).collect()
}

/// The responses that operations share: those for what layers and transport add.
pub(super) fn shared(reference: &Reference, version: Version) -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, (HttpStatus, Vec<Kind>)> = BTreeMap::new();
    for kind in implied().filter_map(|kind| reference.catalog.get(kind)) {
        let Some(entry) = kind.entry() else { continue };
        by_status.entry(entry.status.as_u16()).or_insert((entry.status, vec![])).1.push(kind);
    }
    let response = |(_, (status, kinds)): (u16, (HttpStatus, Vec<Kind>))| {
        (response_name(status), schema::response(&reference.translator, status, &kinds, version))
    };
    by_status.into_iter().map(response).collect()
}

/// What a document of ours says of an operation next to its errors: as much as a route tells.
pub(super) fn operation(reference: &Reference, method: &Method, route: &HttpRoute) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".into(), operation_id(method).into());
    operation.insert("tags".into(), json!([method.service()]));
    let parameter = |(name, pattern): (&str, &str)| {
        let schema = match pattern {
            "*" => json!({ "type": "string" }),
            pattern => json!({ "type": "string", "description": format!("Of the form `{pattern}`") }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    };
    let parameters: Vec<Value> = route.variables().map(parameter).collect();
    if !parameters.is_empty() {
        operation.insert("parameters".into(), parameters.into());
    }
    if route.has_body() {
        let body = json!({ "content": { "application/json": { "schema": { "type": "object" } } } });
        operation.insert("requestBody".into(), body);
    }
    let mut responses = Map::from_iter([("2XX".to_owned(), json!({ "description": "Success" }))]);
    responses.extend(self::responses(reference, method, Version::V3_1));
    operation.insert("responses".into(), responses.into());
    operation.into()
}

/// `TaskService_GetTask`, which is what `protoc-gen-openapiv2` and gnostic call it.
pub(super) fn operation_id(method: &Method) -> String {
    let service = method.service().rsplit('.').next().unwrap_or_default();
    format!("{service}_{}", short_name(method))
}

/// `GetTask`.
pub(super) fn short_name(method: &Method) -> &str {
    method.name().split_once('/').map_or(method.name(), |(_, name)| name)
}
