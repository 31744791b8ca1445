//! The messages of `errwire.v1` as ProtoJSON, and requests as people write them, where ProtoJSON has another spelling.

use std::error::Error as StdError;

use prost::Message;
use serde_json::{Map, Value as Tree, json};

use super::errors::rejected;
use crate::{
    model::{Code, Error, kinds},
    wire::grpc::{JsonError, Registry, parse_json},
};

/// Reads and writes messages by their names in `errwire.v1`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Json(Registry);

impl Json {
    /// # Errors
    ///
    /// `request_invalid` if the text is not such a message.
    pub(crate) fn read<M: Message + Default>(&self, name: &str, json: &str) -> Result<M, Error> {
        let full = full(name);
        let bytes = self.0.message_from_json(&full, json).or_else(|why| match respelled(json) {
            Some(json) => self.0.message_from_value(&full, &json),
            None => Err(why),
        });
        let bytes = bytes.map_err(|why| unreadable(name, why))?;
        M::decode(&*bytes).map_err(|why| not_written(name).with_source(why))
    }

    /// Appends the message.
    ///
    /// # Errors
    ///
    /// `internal_error` if the message has no JSON form. Ours all have one.
    pub(crate) fn write<M: Message>(&self, name: &str, message: &M, out: &mut Vec<u8>) -> Result<(), Error> {
        self.write_encoded(name, &message.encode_to_vec(), out)
    }

    /// Appends an encoded message.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub(crate) fn write_encoded(&self, name: &str, message: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let start = out.len();
        self.0.write_message(&full(name), message, out).map_err(|why| {
            out.truncate(start);
            not_written(name).with_source(why)
        })
    }
}

fn full(name: &str) -> String {
    if name.contains('.') { name.to_owned() } else { format!("errwire.v1.{name}") }
}

fn unreadable(name: &str, why: JsonError) -> Error {
    let error = match (why.path(), why.source()) {
        ("", Some(malformed)) => not_read(name, malformed),
        ("", None) => not_read(name, &why),
        (path, _) if path.ends_with("status.code") => rejected(path, "expected the number or the name of a gRPC code"),
        (path, _) => rejected(path, why.what()),
    };
    error.with_source(why)
}

fn not_read(name: &str, why: &dyn StdError) -> Error {
    Error::new(kinds::REQUEST_INVALID).with_message(format!("This is not a {name} in ProtoJSON: {why}"))
}

fn not_written(name: &str) -> Error {
    Error::new(kinds::INTERNAL_ERROR).with_message(format!("A {name} could not be turned from or into JSON."))
}

// docs/rules.md: R-SERVICE-5

/// Members under another name.
const NAMES: [(&str, &str); 3] = [
    ("grpc-status", "grpcStatus"),
    ("grpc-message", "grpcMessage"),
    ("grpc-status-details-bin", "grpcStatusDetailsBin"),
];

/// Options whose values are those of an enum, and what the names of these begin with.
const ENUMS: [(&str, &str); 3] = [("audience", "AUDIENCE_"), ("dialect", "DIALECT_"), ("table", "TABLE_")];

/// The request in ProtoJSON; `None` if it is not JSON, or has nothing that is spelled another way.
fn respelled(text: &str) -> Option<Tree> {
    let mut request = parse_json(text).ok()?;
    let before = request.clone();
    respell(&mut request);
    (request != before).then_some(request)
}

fn respell(request: &mut Tree) {
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
        let code = status.get("code").and_then(Tree::as_str).map(str::to_ascii_uppercase);
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
        let Some(Tree::Object(headers)) = response.get("headers") else { return };
        let each = |(name, value): (&String, &Tree)| match value {
            Tree::Array(values) => values.iter().map(|value| json!({"name": name, "value": value})).collect(),
            value => vec![json!({"name": name, "value": value})],
        };
        let headers: Vec<Tree> = headers.iter().flat_map(each).collect();
        response.insert("headers".into(), headers.into());
    });
    object(request, "options", |options| {
        for (option, prefix) in ENUMS {
            let word = options.get(option).and_then(Tree::as_str).map(str::to_ascii_uppercase);
            if let Some(word) = word.filter(|word| !word.starts_with(prefix)) {
                options.insert(option.into(), format!("{prefix}{}", word.replace('-', "_")).into());
            }
        }
    });
}

fn object(request: &mut Map<String, Tree>, name: &str, respell: impl FnOnce(&mut Map<String, Tree>)) {
    if let Some(part) = request.get_mut(name).and_then(Tree::as_object_mut) {
        respell(part);
    }
}
