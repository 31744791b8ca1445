//! What an HTTP error response says, before any rule is applied to it.

use bytes::Bytes;
use bytestring::ByteString;
use http::HeaderMap;

use super::Dialect;
use crate::model::{Code, Detail};

/// What surrounds the body of a response.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// The status line's number, whatever it is.
    pub status: u32,
    /// The header fields.
    pub headers: &'a HeaderMap,
    /// Whether this answers a HEAD request, so that the body is missing by design.
    pub to_head: bool,
}

/// How well a body shows that an API wrote the response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// The body was not recognised: a proxy, or something that speaks no API.
    #[default]
    None,
    /// A shape that gateways write too: a bare `{"message"}`, `{"detail"}` or `{"error": "text"}`.
    Weak,
    /// A dialect that only an API writes.
    Strong,
}

/// What a body says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The dialect that was recognised; [`Dialect::Text`] if none was.
    pub dialect: Dialect,
    /// What that says about who wrote the response.
    pub evidence: Evidence,
    /// The identifier of the error as it was spelled, not folded.
    pub kind: Option<ByteString>,
    /// The code that the dialect itself states.
    pub code: Option<Code>,
    /// The text for people. For [`Dialect::Text`] it is the stripped and bounded text.
    pub message: Option<ByteString>,
    /// The rich details, in order.
    pub details: Vec<Detail>,
    /// json
    pub json_details: Vec<serde_json::Value>,
    /// What varies in the message, by name.
    pub metadata: Vec<(String, String)>,
    /// Whether the other members carry everything that the body says. If not, the body itself is worth keeping.
    pub complete: bool,
    /// What a person who looks for a lost fact wants to know.
    pub notes: Vec<String>,
}

/// Reads a body by its content type, then by its structure.
pub fn read(head: &Head<'_>, body: &Bytes) -> Reading {
    let _ = (head, body);
    Reading::default()
}
