//! The registered message types, and which of them are public.

use std::{cell::RefCell, fmt};

use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};
use serde_json::Value as Json;

use super::{
    JsonError, RegistryError, descriptors, encode, read,
    standard::{self, ALL_FIELDS},
    text,
    well_known::{Inside, MAX_DEPTH},
    write,
};
use crate::model::{Detail, DetailView};

/// The message types that can be written as JSON and read from it. Cheap to clone.
///
/// The default one knows `google.rpc` (the ten standard details, `Status` and `HttpResponse`), `google.protobuf` and
/// `errwire.v1`. A `google.protobuf.Any` of another type is kept as base64, at any depth.
///
/// ```
/// use errwire::{Detail, rpc, wire::grpc::Registry};
/// use serde_json::json;
///
/// let registry = Registry::default();
/// let detail = Detail::from(rpc::RequestInfo { request_id: "req-1".into(), ..Default::default() });
/// let json = json!({"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "req-1"});
/// assert_eq!(registry.detail_to_json(&detail), json);
/// assert_eq!(registry.detail_from_json(&json)?, detail);
///
/// let unknown = Detail::new("type.googleapis.com/acme.Widget", &b"\x08\x01"[..]);
/// let json = json!({"@type": "type.googleapis.com/acme.Widget", "value": "CAE="});
/// assert_eq!(registry.detail_to_json(&unknown), json);
/// assert_eq!(registry.detail_from_json(&json)?, unknown);
/// # Ok::<_, errwire::wire::grpc::JsonError>(())
/// ```
#[derive(Clone)]
pub struct Registry {
    pub(super) pool: DescriptorPool,
}

impl Registry {
    /// Adds the types of an encoded `google.protobuf.FileDescriptorSet`, as `protoc --include_imports
    /// --descriptor_set_out` writes it. Types that are here already are fine; those of `google.protobuf` and
    /// `google.rpc` stay as they are.
    ///
    /// # Errors
    ///
    /// If the bytes are none, if an import is missing, or if a type is here already with another definition.
    pub fn with_descriptor_set(mut self, bytes: &[u8]) -> Result<Self, RegistryError> {
        descriptors::add(&mut self.pool, bytes)?;
        Ok(self)
    }

    /// A detail as JSON with `@type`, the type URL as it came.
    ///
    /// A type without a descriptor, or a known one whose bytes do not decode or mean nothing in JSON (a duration out
    /// of range), is `{"@type": ..., "value": "<base64>"}`. Fields that the descriptor lacks are left out, as ProtoJSON
    /// asks.
    pub fn detail_to_json(&self, detail: &Detail) -> Json {
        let mut text = Vec::new();
        self.write_detail(detail, &mut text);
        tree(&text)
    }

    /// Appends a list of details as text, each as [`detail_to_json`](Self::detail_to_json) has it.
    pub(crate) fn write_details(&self, details: &[Detail], out: &mut Vec<u8>) {
        out.push(b'[');
        for (at, detail) in details.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            self.write_detail(detail, out);
        }
        out.push(b']');
    }

    fn write_detail(&self, detail: &Detail, out: &mut Vec<u8>) {
        if self.write_standard(detail.view(), ALL_FIELDS, out).is_none() {
            self.write_any_detail(detail, out);
        }
    }

    /// The short way, with the first `kept` fields of the type. `None` for what is not usual, and then `out` is as it was.
    pub(crate) fn write_standard(&self, detail: DetailView<'_>, kept: usize, out: &mut Vec<u8>) -> Option<()> {
        standard::write(detail, kept, self.inside(), out)
    }

    /// The detail that a JSON object with `@type` stands for.
    ///
    /// `{"@type": ..., "value": "<base64>"}` is taken for a type without a descriptor, and for a known one that cannot
    /// be read otherwise; base64 is standard or URL-safe, padded or not.
    ///
    /// # Errors
    ///
    /// If it is neither that nor a message of its type.
    pub fn detail_from_json(&self, json: &Json) -> Result<Detail, JsonError> {
        standard::read(json).map_or_else(|| self.any_detail_from_json(json), Ok)
    }

    /// As [`detail_from_json`](Self::detail_from_json), but what cannot be read inside costs no more than itself: a member that
    /// the descriptor lacks, and a value, an item or an entry of the wrong type. The first few come along.
    ///
    /// # Errors
    ///
    /// If there is no `@type`, or no descriptor and no base64.
    pub(crate) fn detail_from_lenient_json(&self, json: &Json) -> Result<(Detail, Vec<JsonError>), JsonError> {
        if let Some(detail) = standard::read(json) {
            return Ok((detail, Vec::new()));
        }
        let dropped = RefCell::default();
        let source = read::Source { dropped: Some(&dropped), ..self.source() };
        let (type_url, value) = read::any(source, json)?;
        Ok((Detail::new(type_url, value), dropped.into_inner()))
    }

    fn source(&self) -> read::Source<'_> {
        read::Source { inside: self.inside(), dropped: None }
    }

    /// The general way, by descriptor.
    pub(super) fn write_any_detail(&self, detail: &Detail, out: &mut Vec<u8>) {
        write::any(self.inside(), detail.type_url(), detail.value(), out);
    }

    /// The general way, by descriptor.
    pub(super) fn any_detail_from_json(&self, json: &Json) -> Result<Detail, JsonError> {
        let (type_url, value) = read::any(self.source(), json)?;
        Ok(Detail::new(type_url, value))
    }

    /// An encoded message as JSON: lowerCamelCase names, enum names, defaults left out.
    ///
    /// # Errors
    ///
    /// If the type is unknown, or its bytes do not decode or mean nothing in JSON.
    pub fn message_to_json(&self, full_name: &str, bytes: &[u8]) -> Result<Json, JsonError> {
        let mut text = Vec::new();
        self.write_message(full_name, bytes, &mut text)?;
        Ok(tree(&text))
    }

    /// Appends the text of [`message_to_json`](Self::message_to_json), the fields in the order of their numbers.
    ///
    /// # Errors
    ///
    /// As there. What was appended by then is of no use.
    pub(crate) fn write_message(&self, full_name: &str, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), JsonError> {
        if standard::write_message(full_name, bytes, self.inside(), out).is_some() {
            return Ok(());
        }
        self.write_any_message(full_name, bytes, out)
    }

    /// The general way, by descriptor.
    pub(super) fn write_any_message(&self, full_name: &str, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), JsonError> {
        let message = DynamicMessage::decode(self.descriptor(full_name)?, bytes)
            .map_err(|_| JsonError::new(format!("the bytes are not a valid {full_name}")))?;
        write::message(self.inside(), message, out)
    }

    pub(super) fn inside(&self) -> Inside<'_> {
        Inside { pool: &self.pool, depth: MAX_DEPTH }
    }

    /// Encodes a message given as JSON text. Names are lowerCamelCase or as in the `.proto` file; enums are names or
    /// numbers.
    ///
    /// # Errors
    ///
    /// If the type is unknown, the text is not JSON, a field is unknown or given twice, two fields of one `oneof` are
    /// given, or a value does not fit its field.
    pub fn message_from_json(&self, full_name: &str, json: &str) -> Result<Vec<u8>, JsonError> {
        standard::read_message(full_name, json, &self.pool)
            .map_or_else(|| self.any_message_from_json(full_name, json), Ok)
    }

    /// The general way, by descriptor.
    pub(super) fn any_message_from_json(&self, full_name: &str, json: &str) -> Result<Vec<u8>, JsonError> {
        let descriptor = self.descriptor(full_name)?;
        let json = text::parse(json)?;
        Ok(encode::encode(read::message(self.source(), &descriptor, &json)?))
    }

    /// As [`message_from_json`](Self::message_from_json), from JSON that is parsed already.
    ///
    /// # Errors
    ///
    /// As there, but a field given twice under one spelling is no longer seen here.
    pub fn message_from_value(&self, full_name: &str, json: &Json) -> Result<Vec<u8>, JsonError> {
        Ok(encode::encode(read::message(self.source(), &self.descriptor(full_name)?, json)?))
    }

    /// Encodes a detail anew without the fields that its descriptor lacks, at any depth. A nested
    /// `google.protobuf.Any` of a type without a descriptor is emptied.
    ///
    /// `None` if the type has no descriptor or the bytes do not decode.
    pub fn strip_unknown(&self, detail: &Detail) -> Option<Detail> {
        self.strip_unknown_except(detail, &|_| true)
    }

    /// As [`strip_unknown`](Self::strip_unknown), and a nested `google.protobuf.Any` is emptied too unless `keep` says
    /// otherwise of its full name.
    pub(crate) fn strip_unknown_except(&self, detail: &Detail, keep: &dyn Fn(&str) -> bool) -> Option<Detail> {
        let strip = encode::Strip { inside: self.inside(), keep };
        Some(detail.with_value(strip.bytes(detail.type_name(), detail.value())?))
    }

    pub(super) fn descriptor(&self, full_name: &str) -> Result<MessageDescriptor, JsonError> {
        self.pool
            .get_message_by_name(full_name)
            .ok_or_else(|| JsonError::new(format!("the message type {full_name} is not registered")))
    }
}

/// What was written here is JSON, and not nested deeper than it may be.
fn tree(text: &[u8]) -> Json {
    serde_json::from_slice(text).unwrap_or_default()
}

impl Default for Registry {
    fn default() -> Self {
        Self { pool: descriptors::standard() }
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("messages", &self.pool.all_messages().len()).finish_non_exhaustive()
    }
}
