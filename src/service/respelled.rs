//! Requests in JSON as people write them, where ProtoJSON has another spelling. Looked at only where ProtoJSON could not be read.

// docs/rules.md: R-SERVICE-5

use serde_json::{Map, Value as Json, json};

use crate::{model::Code, wire::grpc::parse_json};

/// Members under another name.
const NAMES: [(&str, &str); 3] = [
    ("grpc-status", "grpcStatus"),
    ("grpc-message", "grpcMessage"),
    ("grpc-status-details-bin", "grpcStatusDetailsBin"),
];

/// Options whose values are those of an enum, and what the names of these begin with.
const ENUMS: [(&str, &str); 3] = [("audience", "AUDIENCE_"), ("dialect", "DIALECT_"), ("table", "TABLE_")];

/// The request in ProtoJSON; `None` if it is not JSON, or has nothing that is spelled another way.
pub(super) fn respelled(text: &str) -> Option<Json> {
    let mut request = parse_json(text).ok()?;
    let before = request.clone();
    respell(&mut request);
    (request != before).then_some(request)
}

fn respell(request: &mut Json) {
    let Some(request) = request.as_object_mut() else { return };
    for direction in ["grpcToHttp", "httpToGrpc"] {
        if let Some(request) = request.get_mut(direction) {
            respell(request);
        }
    }
    for (option, _) in ENUMS {
        if let Some(value) = request.remove(option) {
            // One that is there already stays, and so does this one, for which there is no field.
            match request.entry("options").or_insert_with(|| json!({})).as_object_mut() {
                Some(options) if !options.contains_key(option) => drop(options.insert(option.into(), value)),
                _ => drop(request.insert(option.into(), value)),
            }
        }
    }
    object(request, "status", |status| {
        let code = status.get("code").and_then(Json::as_str).map(str::to_ascii_uppercase);
        if let Some(code) = code.and_then(|name| Code::from_name(&name)) {
            status.insert("code".into(), code.number().into());
        }
    });
    object(request, "trailers", |trailers| {
        for (wrong, right) in NAMES {
            if let Some(value) = trailers.remove(wrong) {
                trailers.insert(right.into(), value);
            }
        }
        if let Some(number) = trailers.get("grpcStatus").filter(|status| status.is_u64()) {
            let text = number.to_string();
            trailers.insert("grpcStatus".into(), text.into());
        }
    });
    object(request, "response", |response| {
        let Some(Json::Object(headers)) = response.get("headers") else { return };
        let each = |(name, value): (&String, &Json)| match value {
            Json::Array(values) => values.iter().map(|value| json!({"name": name, "value": value})).collect(),
            value => vec![json!({"name": name, "value": value})],
        };
        let headers: Vec<Json> = headers.iter().flat_map(each).collect();
        response.insert("headers".into(), headers.into());
    });
    object(request, "options", |options| {
        for (option, prefix) in ENUMS {
            let word = options.get(option).and_then(Json::as_str).map(str::to_ascii_uppercase);
            if let Some(word) = word.filter(|word| !word.starts_with(prefix)) {
                options.insert(option.into(), format!("{prefix}{}", word.replace('-', "_")).into());
            }
        }
    });
}

fn object(request: &mut Map<String, Json>, name: &str, respell: impl FnOnce(&mut Map<String, Json>)) {
    if let Some(part) = request.get_mut(name).and_then(Json::as_object_mut) {
        respell(part);
    }
}
