//! Errors of JSON, and of descriptor sets.

use std::{borrow::Cow, error, fmt};

use prost_reflect::DescriptorError;

/// Why a message cannot be read from JSON, or written as JSON.
///
/// Its text says where and what: ``response.headers[2].value: expected a string, not a number``.
#[derive(Debug)]
pub struct JsonError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    path: String,
    what: Cow<'static, str>,
    source: Option<serde_json::Error>,
}

impl JsonError {
    pub(super) fn new(what: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { path: String::new(), what: what.into(), source: None }))
    }

    pub(super) fn malformed(source: serde_json::Error) -> Self {
        let what = format!("malformed JSON at line {}, column {}", source.line(), source.column());
        Self(Box::new(Inner { path: String::new(), what: what.into(), source: Some(source) }))
    }

    /// The way to the member at fault, such as `response.headers[2].value`; empty for the whole message.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong there, without the way to it.
    pub fn what(&self) -> &str {
        &self.0.what
    }

    pub(super) fn in_field(self, name: &str) -> Self {
        self.inside(name)
    }

    pub(super) fn in_item(self, index: usize) -> Self {
        self.inside(format_args!("[{index}]"))
    }

    pub(super) fn in_entry(self, key: &str) -> Self {
        self.inside(format_args!("[{}]", Quoted(key)))
    }

    fn inside(mut self, step: impl fmt::Display) -> Self {
        let separator = if self.0.path.is_empty() || self.0.path.starts_with('[') { "" } else { "." };
        self.0.path.insert_str(0, &format!("{step}{separator}"));
        self
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0.path {
            "" => f.write_str(&self.0.what),
            path => write!(f, "{path}: {}", self.0.what),
        }
    }
}

impl error::Error for JsonError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}

/// The name of a member that no message has, as part of a path: escaped and of bounded length.
pub(super) struct Bounded<'a>(pub(super) &'a str);

impl fmt::Display for Bounded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(64) {
            Some((end, _)) => write!(f, "{}...", self.0[..end].escape_debug()),
            None => write!(f, "{}", self.0.escape_debug()),
        }
    }
}

/// A text of the input as an error quotes it: escaped and of bounded length.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(64) {
            Some((end, _)) => write!(f, "{:?}...", &self.0[..end]),
            None => write!(f, "{:?}", self.0),
        }
    }
}

/// Why a descriptor set cannot be registered.
#[derive(Debug)]
pub struct RegistryError(Box<Problem>);

#[derive(Debug)]
pub(super) enum Problem {
    Decode(prost::DecodeError),
    Conflict(String),
    Build(DescriptorError),
}

impl From<Problem> for RegistryError {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Problem::Decode(_) => f.write_str(
                "the bytes are not a google.protobuf.FileDescriptorSet: pass the output of `protoc --descriptor_set_out`",
            ),
            Problem::Conflict(name) => write!(f, "{name} is already registered with another definition"),
            Problem::Build(_) => {
                f.write_str("the descriptor set does not fit together: was it written with `--include_imports`?")
            }
        }
    }
}

impl error::Error for RegistryError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &*self.0 {
            Problem::Decode(source) => Some(source),
            Problem::Build(source) => Some(source),
            Problem::Conflict(_) => None,
        }
    }
}
