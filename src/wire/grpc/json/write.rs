//! From messages to JSON text.

use prost_reflect::{DescriptorPool, DynamicMessage, Kind, MapKey, ReflectMessage, Value};

use super::{
    JsonError, scalar,
    well_known::{self, WellKnown, deeper, list},
};
use crate::model::{Depth, put_json};

/// Appends an `Any` in which `depth` levels may be. Never fails, since anything can be base64.
pub(super) fn any(pool: &DescriptorPool, type_url: &str, value: &[u8], depth: Depth, out: &mut Vec<u8>) {
    if type_url.is_empty() && value.is_empty() {
        out.extend_from_slice(b"{}");
        return;
    }
    out.extend_from_slice(br#"{"@type":"#);
    put_json(out, type_url);
    let end = out.len();
    if structured(pool, type_url, value, depth, out).is_none() {
        out.truncate(end);
        out.extend_from_slice(br#","value":"#);
        put_json(out, &base64_simd::STANDARD.encode_to_string(value));
    }
    out.push(b'}');
}

/// The members behind `@type`. `None` if the type has no descriptor, or the bytes do not decode or mean nothing in JSON.
fn structured(pool: &DescriptorPool, type_url: &str, value: &[u8], depth: Depth, out: &mut Vec<u8>) -> Option<()> {
    let descriptor = pool.get_message_by_name(type_url.rsplit('/').next()?)?;
    let well_known = WellKnown::of(&descriptor);
    let payload = DynamicMessage::decode(descriptor, value).ok()?;
    if well_known.is_some() {
        out.extend_from_slice(br#","value":"#);
        return message(pool, payload, deeper(depth, 1).ok()?, out).ok();
    }
    members(pool, payload, depth, b',', out).ok()
}

/// Appends a message in which `depth` levels may be.
pub(super) fn message(
    pool: &DescriptorPool,
    message: DynamicMessage,
    depth: Depth,
    out: &mut Vec<u8>,
) -> Result<(), JsonError> {
    match WellKnown::of(&message.descriptor()) {
        None => {
            let start = out.len();
            members(pool, message, depth, b'{', out)?;
            let is_empty = out.len() == start;
            out.extend_from_slice(if is_empty { b"{}" } else { b"}" });
            Ok(())
        }
        Some(WellKnown::Any) => {
            let (type_url, value) = well_known::any_parts(&message)?;
            any(pool, &type_url, &value, depth, out);
            Ok(())
        }
        Some(WellKnown::Wrapper) => {
            let field = well_known::wrapped(&message.descriptor())?;
            let wrapped = message.get_field(&field).into_owned();
            value(pool, wrapped, &field.kind(), depth, out)
        }
        Some(well_known) => well_known::write(well_known, &message, depth, out),
    }
}

/// `before` stands before the first member: a comma, or the brace that opens the object.
fn members(
    pool: &DescriptorPool,
    mut message: DynamicMessage,
    depth: Depth,
    mut before: u8,
    out: &mut Vec<u8>,
) -> Result<(), JsonError> {
    let depth = deeper(depth, 1)?;
    let is_in_any = before == b',';
    let mut member = |name: &str, content, kind: &Kind| {
        // A field may have `@type` for its JSON name: base64 is all that is left then.
        if is_in_any && name == "@type" {
            return Err(JsonError::new("the name is taken"));
        }
        out.push(std::mem::replace(&mut before, b','));
        put_json(out, name);
        out.push(b':');
        value(pool, content, kind, depth, out).map_err(|error| error.in_field(name))
    };
    for (field, content) in message.take_fields() {
        member(field.json_name(), content, &field.kind())?;
    }
    for (extension, content) in message.take_extensions() {
        member(extension.json_name(), content, &extension.kind())?;
    }
    Ok(())
}

fn value(pool: &DescriptorPool, content: Value, kind: &Kind, depth: Depth, out: &mut Vec<u8>) -> Result<(), JsonError> {
    match content {
        Value::Message(content) => message(pool, content, depth, out),
        Value::List(items) => {
            let depth = deeper(depth, 1)?;
            list(b"[]", items.into_iter().enumerate(), out, |(index, item), out| {
                value(pool, item, kind, depth, out).map_err(|error| error.in_item(index))
            })
        }
        Value::Map(entries) => {
            let depth = deeper(depth, 1)?;
            // The kind of a map field is that of its entries; a map without one cannot come out of a decoder.
            let kind = kind.as_message().map(|entry| entry.map_entry_value_field().kind());
            let kind = kind.ok_or_else(|| JsonError::new("the map has no entry type"))?;
            let mut entries: Vec<(MapKey, Value)> = entries.into_iter().collect();
            entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            list(b"{}", entries.into_iter(), out, |(key, content), out| {
                let key = key_text(key);
                put_json(out, &key);
                out.push(b':');
                value(pool, content, &kind, depth, out).map_err(|error| error.in_entry(&key))
            })
        }
        scalar => {
            scalar::write(&scalar, kind, out);
            Ok(())
        }
    }
}

fn key_text(key: MapKey) -> String {
    match key {
        MapKey::Bool(key) => key.to_string(),
        MapKey::I32(key) => key.to_string(),
        MapKey::I64(key) => key.to_string(),
        MapKey::U32(key) => key.to_string(),
        MapKey::U64(key) => key.to_string(),
        MapKey::String(key) => key,
    }
}
