//! The errors of one operation.

use std::collections::BTreeMap;

use super::{
    schema::{self, response_name},
    version::Version,
};
use crate::{
    catalog::{HttpRoute, Method, implied},
    docs::{
        Reference,
        json::{Json, Object, object},
    },
    model::{HttpStatus, Kind},
};

/// The responses of a method by status. Those to which nothing is declared are shared.
pub(super) fn responses(reference: &Reference, method: &Method, version: Version) -> Object {
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
pub(super) fn shared(reference: &Reference, version: Version) -> Object {
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
pub(super) fn operation(reference: &Reference, method: &Method, route: &HttpRoute) -> Json {
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
        operation.add("parameters", parameters);
    }
    if route.has_body() {
        let media = object! { "schema": object! { "type": "object" } };
        operation.add("requestBody", object! { "content": object! { "application/json": media } });
    }
    let mut responses = object! { "2XX": object! { "description": "Success" } };
    responses.extend(self::responses(reference, method, Version::V3_1));
    operation.add("responses", responses);
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
