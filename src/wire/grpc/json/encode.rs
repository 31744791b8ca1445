//! Messages as bytes, always the same ones, and without what their descriptors do not name.

use prost::{
    Message,
    encoding::{WireType, encode_key, encode_varint},
};
use prost_reflect::{DynamicMessage, Kind, MapKey, ReflectMessage, Value};

use super::well_known::{self, Inside, WellKnown};

/// The fields in the order of their numbers and maps in the order of their keys, as generated code with sorted maps
/// writes them. `DynamicMessage` alone writes maps in the order of a hash table, which differs from run to run.
pub(super) fn encode(message: DynamicMessage) -> Vec<u8> {
    if !message.fields().any(|(_, value)| has_map(value)) {
        return message.encode_to_vec();
    }
    let mut out = Vec::new();
    encode_sorted(message, &mut out);
    out
}

/// Whether the order of a map matters anywhere in here.
fn has_map(value: &Value) -> bool {
    match value {
        Value::Map(entries) => entries.len() > 1 || entries.values().any(has_map),
        Value::List(items) => items.iter().any(has_map),
        Value::Message(message) => message.fields().any(|(_, value)| has_map(value)),
        _ => false,
    }
}

fn encode_sorted(mut message: DynamicMessage, out: &mut Vec<u8>) {
    let descriptor = message.descriptor();
    for (field, value) in message.take_fields() {
        let number = field.number();
        match (value, field.kind()) {
            (Value::Map(entries), Kind::Message(entry)) => {
                let mut entries: Vec<(MapKey, Value)> = entries.into_iter().collect();
                entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
                for (key, value) in entries {
                    let mut message = DynamicMessage::new(entry.clone());
                    message.set_field(&entry.map_entry_key_field(), key.into());
                    message.set_field(&entry.map_entry_value_field(), value);
                    encode_delimited(number, message, out);
                }
            }
            (Value::Message(message), _) if !field.is_group() => encode_delimited(number, message, out),
            (Value::List(items), Kind::Message(_)) if !field.is_group() => {
                for item in items {
                    if let Value::Message(message) = item {
                        encode_delimited(number, message, out);
                    }
                }
            }
            (value, _) => {
                let mut single = DynamicMessage::new(descriptor.clone());
                single.set_field(&field, value);
                out.append(&mut single.encode_to_vec());
            }
        }
    }
    // What is left are extensions.
    out.append(&mut message.encode_to_vec());
}

fn encode_delimited(number: u32, message: DynamicMessage, out: &mut Vec<u8>) {
    let bytes = encode(message);
    encode_key(number, WireType::LengthDelimited, out);
    encode_varint(bytes.len() as u64, out);
    out.extend_from_slice(&bytes);
}

/// What drops the content that descriptors do not name.
#[derive(Clone, Copy)]
pub(super) struct Strip<'a> {
    /// Its depth counts the `Any`s that are inside of one another.
    pub(super) inside: Inside<'a>,
    /// Whether an `Any` of the type of this full name stays.
    pub(super) keep: &'a dyn Fn(&str) -> bool,
}

impl Strip<'_> {
    /// `None` if the type has no descriptor, the bytes do not decode, or `Any`s are nested too deeply.
    pub(super) fn bytes(self, full_name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut message = DynamicMessage::decode(self.inside.pool.get_message_by_name(full_name)?, bytes).ok()?;
        self.message(&mut message);
        Some(encode(message))
    }

    fn message(self, message: &mut DynamicMessage) {
        message.take_unknown_fields().for_each(drop);
        if WellKnown::of(&message.descriptor()) == Some(WellKnown::Any) {
            *message = self.any(message).unwrap_or_else(|| DynamicMessage::new(message.descriptor()));
            return;
        }
        message.fields_mut().for_each(|(_, value)| self.value(value));
        message.extensions_mut().for_each(|(_, value)| self.value(value));
    }

    fn any(self, message: &DynamicMessage) -> Option<DynamicMessage> {
        let (type_url, value) = well_known::any_parts(message).ok()?;
        let full_name = type_url.rsplit('/').next().filter(|name| (self.keep)(name))?;
        // A payload starts the decoder's own count of levels anew.
        let value = Self { inside: self.inside.deeper(1).ok()?, ..self }.bytes(full_name, &value)?;
        well_known::typed(&message.descriptor(), &prost_types::Any { type_url, value }).ok()
    }

    fn value(self, value: &mut Value) {
        match value {
            Value::Message(message) => self.message(message),
            Value::List(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Map(entries) => entries.values_mut().for_each(|entry| self.value(entry)),
            _ => {}
        }
    }
}
