//! A gRPC error that a client printed, and the names that clients have for codes.

use prost_types::Any;
use serde_json::{Value, json};

use crate::{
    model::{Code, rpc},
    service::Json,
};

/// The longest text of a detail in a note, in characters.
const MAX_NOTE: usize = 1_024;

/// A gRPC error, and what of it could not be read.
#[derive(Debug, PartialEq)]
pub(super) struct Printed {
    pub(super) status: rpc::Status,
    pub(super) notes: Vec<String>,
}

impl Printed {
    pub(super) fn new(code: i32, message: &str) -> Self {
        let status = rpc::Status { code, message: message.trim().to_owned(), details: Vec::new() };
        Self { status, notes: Vec::new() }
    }

    /// An error whose code has a name; nothing if no code has this one.
    pub(super) fn named(name: &str, message: &str) -> Option<Self> {
        Some(Self::new(code(name)?, message))
    }

    /// Adds a detail in ProtoJSON. One that cannot be decoded stays readable in a note.
    pub(super) fn add(&mut self, detail: Value) {
        // A type that a tool does not know has its bytes in `@value`, which are `value` here.
        let known = match (detail.get("@type"), detail.get("@value")) {
            (Some(name), Some(value)) => json!({"@type": name, "value": value}),
            _ => detail,
        };
        let status = json!({"details": [known]}).to_string();
        match Json::default().read::<rpc::Status>("google.rpc.Status", &status) {
            Ok(status) => self.status.details.extend(status.details),
            Err(_) => self.note(&known.to_string()),
        }
    }

    /// Adds a detail whose bytes are known.
    pub(super) fn add_any(&mut self, detail: Any) {
        self.status.details.push(detail);
    }

    /// Keeps what a detail says where it cannot be a detail.
    pub(super) fn note(&mut self, detail: &str) {
        let words: Vec<&str> = detail.split_whitespace().collect();
        let text: String = words.join(" ").chars().take(MAX_NOTE).collect();
        self.notes.push(format!("a detail cannot be decoded and is left out: {text}"));
    }
}

/// The number of a code: `NOT_FOUND`, `NotFound`, `not_found`, `Code(5)`, `5`, or as tonic describes it.
pub(super) fn code(name: &str) -> Option<i32> {
    let name = name.trim();
    let number = name.strip_prefix("Code(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(name);
    if let Ok(number) = number.parse() {
        return Some(number);
    }
    // Go and Connect have one L less.
    let folded = match name.replace('_', "").to_ascii_lowercase() {
        name if name == "canceled" => "cancelled".to_owned(),
        name => name,
    };
    let is_named = |code: &&Code| {
        let described = tonic::Code::from(code.number()).description();
        code.name().replace('_', "").eq_ignore_ascii_case(&folded) || described == name
    };
    Code::ALL.iter().find(is_named).map(|code| code.number())
}
