//! The messages of `errwire.v1` as ProtoJSON, and requests as people write them, where ProtoJSON has another spelling; and the unary
//! RPCs by their paths, each message in either encoding.
//!
//! This is what a unary call of the [Connect protocol](https://connectrpc.com/docs/protocol#unary-request) carries.

use std::error::Error as StdError;

use prost::Message;
use serde_json::{Map, Value as Tree, json};

use super::{CallKind, CatalogReader, ErrorMapping, Rpc, errors::rejected};
use crate::{
    model::{Code, Error, kinds},
    translate::Translator,
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

/// How a message is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    /// ProtoJSON.
    Json,
    /// The binary encoding.
    Proto,
}

impl Codec {
    /// The content type of a message.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Proto => "application/proto",
        }
    }
}

/// The unary RPCs, with one request message and one response message.
#[derive(Clone, Debug)]
pub(crate) struct Unary {
    mapping: ErrorMapping,
    catalog: CatalogReader,
    json: Json,
}

impl Unary {
    pub(crate) fn new(translator: Translator, mapping: ErrorMapping) -> Self {
        Self { mapping, catalog: CatalogReader::new(translator), json: Json::default() }
    }

    /// The encoded response to an encoded request.
    ///
    /// # Errors
    ///
    /// `request_invalid` if the request is not such a message; else what the RPC returns.
    pub(crate) fn call(&self, rpc: Rpc, codec: Codec, request: &[u8]) -> Result<Vec<u8>, Error> {
        match rpc {
            Rpc::GrpcToHttp => self.encoded(codec, request, ["GrpcToHttpRequest", "GrpcToHttpResponse"], |request| {
                self.mapping.to_http(request).map(|translation| translation.encoded())
            }),
            Rpc::HttpToGrpc => self.encoded(codec, request, ["HttpToGrpcRequest", "HttpToGrpcResponse"], |request| {
                self.mapping.to_grpc(request).map(|translation| translation.encoded())
            }),
            Rpc::ListKinds => self.encoded(codec, request, ["ListKindsRequest", "ListKindsResponse"], |request| {
                self.catalog.list_kinds(&request).map(|page| page.encode_to_vec())
            }),
            Rpc::GetKind => self.encoded(codec, request, ["GetKindRequest", "GetKindResponse"], |request| {
                self.catalog.kind_response(&request).map(|kind| kind.encode_to_vec())
            }),
            _ => Err(Error::new(kinds::UNIMPLEMENTED).with_message(not_as_one_message(rpc))),
        }
    }

    fn encoded<Q: Message + Default>(
        &self,
        codec: Codec,
        request: &[u8],
        [request_name, response_name]: [&str; 2],
        call: impl FnOnce(Q) -> Result<Vec<u8>, Error>,
    ) -> Result<Vec<u8>, Error> {
        match codec {
            Codec::Json => {
                let text = std::str::from_utf8(request).map_err(|why| malformed("the body is not UTF-8", why))?;
                let response = call(self.json.read(request_name, text)?)?;
                let mut out = Vec::new();
                self.json.write_encoded(response_name, &response, &mut out)?;
                Ok(out)
            }
            Codec::Proto => {
                let request =
                    Q::decode(request).map_err(|why| malformed("the body is not a message of this method", why))?;
                call(request)
            }
        }
    }
}

/// Why a call that cannot be one message is refused, and what to do.
fn not_as_one_message(rpc: Rpc) -> String {
    let path = rpc.path().trim_start_matches('/');
    match rpc.kind() {
        CallKind::Unary => format!("{path} is served over gRPC and gRPC-Web only. Call it over one of them."),
        CallKind::Stream | CallKind::Subscription => {
            format!("{path} is a stream, which a POST of JSON cannot carry. Call it over gRPC or gRPC-Web.")
        }
    }
}

fn malformed(what: &str, why: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(kinds::REQUEST_INVALID)
        .with_message(format!("The request could not be read: {what}: {why}."))
        .with_source(why)
}
