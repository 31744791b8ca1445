//! A document of errors alone.

use std::collections::HashMap;

use super::{
    operation::{operation, shared},
    schema::{ANY_DETAIL, any_detail, response, response_name, schema, schema_name},
    value::block,
    version::Version,
};
use crate::docs::{
    Reference,
    json::{Object, object},
};

const VERSION: Version = Version::V3_1;

/// The document, in YAML.
pub(crate) fn write(reference: &Reference) -> String {
    let mut out = String::new();
    for (key, value) in document(reference).iter() {
        block(&mut out, 0, key, value);
    }
    out
}

fn document(reference: &Reference) -> Object {
    let title = reference.catalog.domains().next().map_or("Errors".to_owned(), |domain| format!("Errors of {domain}"));
    object! {
        "openapi": "3.1.0",
        "info": object! { "title": title, "version": "1" },
        "paths": paths(reference),
        "components": object! { "schemas": schemas(reference, VERSION), "responses": responses(reference) },
    }
}

/// Each route, with its method. Of two methods with one route the first counts.
fn paths(reference: &Reference) -> Object {
    let mut paths: Vec<(String, Object)> = Vec::new();
    let mut by_path = HashMap::new();
    for method in reference.methods() {
        for route in method.routes() {
            let verb = route.verb().to_ascii_lowercase();
            if !VERBS.contains(&&*verb) {
                continue;
            }
            let path = route.openapi_path();
            let at = *by_path.entry(path.clone()).or_insert(paths.len());
            if at == paths.len() {
                paths.push((path, Object::default()));
            }
            if let Some((_, path)) = paths.get_mut(at).filter(|(_, path)| !path.has(&verb)) {
                path.add(verb, operation(reference, method, route));
            }
        }
    }
    paths.into_iter().map(|(path, operations)| (path, operations.into())).collect()
}

/// The HTTP methods that an operation may have
/// (<https://spec.openapis.org/oas/v3.1.0#path-item-object>).
pub(super) const VERBS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The schemas of all kinds of a reference, and of their details.
pub(super) fn schemas(reference: &Reference, version: Version) -> Object {
    let kinds = reference.entries().map(|entry| (schema_name(&entry.kind), schema(entry, version)));
    kinds.chain([(ANY_DETAIL.to_owned(), any_detail())]).collect()
}

/// One response for each status. Where methods say what they return, only those that need no declaration are shared.
fn responses(reference: &Reference) -> Object {
    if reference.methods().next().is_some() {
        return shared(reference, VERSION);
    }
    let response = |section: crate::docs::reference::StatusSection<'_>| {
        let kinds: Vec<_> = section.kinds.iter().filter_map(|entry| reference.catalog.get(&entry.kind)).collect();
        let response = response(&reference.translator, section.status, &kinds, VERSION);
        (response_name(section.status), response)
    };
    reference.statuses().into_iter().map(response).collect()
}
