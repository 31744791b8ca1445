//! A document of errors alone.

use serde_json::{Map, Value, json};

use super::{
    operation::{operation, shared},
    schema::{ANY_DETAIL, any_detail, response, response_name, schema, schema_name},
    value::block,
    version::Version,
};
use crate::docs::Reference;

const VERSION: Version = Version::V3_1;

/// The document, in YAML.
pub(crate) fn write(reference: &Reference) -> String {
    let mut out = String::new();
    for (key, value) in document(reference) {
        block(&mut out, 0, &key, &value);
    }
    out
}

fn document(reference: &Reference) -> Map<String, Value> {
    let title = reference.catalog.domains().next().map_or("Errors".to_owned(), |domain| format!("Errors of {domain}"));
    let mut document = Map::new();
    document.insert("openapi".into(), "3.1.0".into());
    document.insert("info".into(), json!({ "title": title, "version": "1" }));
    document.insert("paths".into(), paths(reference).into());
    document.insert(
        "components".into(),
        json!({ "schemas": schemas(reference, VERSION), "responses": responses(reference) }),
    );
    document
}

/// Each route, with its method. Of two methods with one route the first counts.
fn paths(reference: &Reference) -> Map<String, Value> {
    let mut paths = Map::new();
    for method in reference.methods() {
        for route in method.routes() {
            let verb = route.verb().to_ascii_lowercase();
            if !VERBS.contains(&&*verb) {
                continue;
            }
            let path = paths.entry(route.openapi_path()).or_insert_with(|| Map::new().into());
            if let Value::Object(path) = path {
                path.entry(verb).or_insert_with(|| operation(reference, method, route));
            }
        }
    }
    paths
}

/// The HTTP methods that an operation may have
/// (<https://spec.openapis.org/oas/v3.1.0#path-item-object>).
pub(super) const VERBS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The schemas of all kinds of a reference, and of their details.
pub(super) fn schemas(reference: &Reference, version: Version) -> Map<String, Value> {
    let kinds = reference.entries().map(|entry| (schema_name(&entry.kind), schema(entry, version)));
    kinds.chain([(ANY_DETAIL.to_owned(), any_detail())]).collect()
}

/// One response for each status. Where methods say what they return, only those that need no declaration are shared.
fn responses(reference: &Reference) -> Map<String, Value> {
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
