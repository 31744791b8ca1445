//! From messages to JSON text.

use prost_reflect::{DynamicMessage, Kind, MapKey, ReflectMessage, Value};

use super::{
    JsonError, scalar,
    well_known::{self, Inside, WellKnown},
};
use crate::model::put_json;

/// Appends an `Any`. Never fails, since anything can be base64.
pub(super) fn any(inside: Inside<'_>, type_url: &str, value: &[u8], out: &mut Vec<u8>) {
    if type_url.is_empty() && value.is_empty() {
        out.extend_from_slice(b"{}");
        return;
    }
    out.extend_from_slice(br#"{"@type":"#);
    put_json(out, type_url);
    let end = out.len();
    if structured(inside, type_url, value, out).is_none() {
        out.truncate(end);
        out.extend_from_slice(br#","value":"#);
        put_json(out, &base64_simd::STANDARD.encode_to_string(value));
    }
    out.push(b'}');
}

/// The members behind `@type`. `None` if the type has no descriptor, or the bytes do not decode or mean nothing in JSON.
fn structured(inside: Inside<'_>, type_url: &str, value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let descriptor = inside.pool.get_message_by_name(type_url.rsplit('/').next()?)?;
    let well_known = WellKnown::of(&descriptor);
    let payload = DynamicMessage::decode(descriptor, value).ok()?;
    if well_known.is_some() {
        out.extend_from_slice(br#","value":"#);
        return message(inside.deeper(1).ok()?, payload, out).ok();
    }
    members(inside, payload, b',', out).ok()
}

pub(super) fn message(inside: Inside<'_>, mut message: DynamicMessage, out: &mut Vec<u8>) -> Result<(), JsonError> {
    match WellKnown::of(&message.descriptor()) {
        None => {
            let start = out.len();
            members(inside, message, b'{', out)?;
            let is_empty = out.len() == start;
            out.extend_from_slice(if is_empty { b"{}" } else { b"}" });
            Ok(())
        }
        Some(WellKnown::Any) => {
            let (type_url, value) = well_known::any_parts(&message)?;
            any(inside, &type_url, &value, out);
            Ok(())
        }
        Some(kind @ (WellKnown::Wrapper | WellKnown::Struct | WellKnown::ListValue)) => {
            let field = well_known::field(&message.descriptor(), 1)?;
            // Taken out, since copies at each level would multiply what is inside.
            let content = std::mem::replace(message.get_field_mut(&field), Value::Bool(false));
            value(inside.deeper(kind.levels())?, content, &field.kind(), out)
        }
        Some(WellKnown::Value) => match message.take_fields().next() {
            Some((_, Value::F64(number))) if !number.is_finite() => Err(JsonError::new("a number is not finite")),
            Some((field, content)) => value(inside, content, &field.kind(), out),
            None => {
                out.extend_from_slice(b"null");
                Ok(())
            }
        },
        Some(kind) => well_known::write(kind, &message, out),
    }
}

/// `before` stands before the first member: a comma, or the brace that opens the object.
fn members(
    inside: Inside<'_>,
    mut message: DynamicMessage,
    mut before: u8,
    out: &mut Vec<u8>,
) -> Result<(), JsonError> {
    let inside = inside.deeper(1)?;
    let is_in_any = before == b',';
    let mut member = |name: &str, content, kind: &Kind| {
        // A field may have `@type` for its JSON name: base64 is all that is left then.
        if is_in_any && name == "@type" {
            return Err(JsonError::new("the name is taken"));
        }
        out.push(std::mem::replace(&mut before, b','));
        put_json(out, name);
        out.push(b':');
        value(inside, content, kind, out).map_err(|error| error.in_field(name))
    };
    for (field, content) in message.take_fields() {
        member(field.json_name(), content, &field.kind())?;
    }
    for (extension, content) in message.take_extensions() {
        member(extension.json_name(), content, &extension.kind())?;
    }
    Ok(())
}

fn value(inside: Inside<'_>, content: Value, kind: &Kind, out: &mut Vec<u8>) -> Result<(), JsonError> {
    match content {
        Value::Message(content) => message(inside, content, out),
        Value::List(items) => {
            let inside = inside.deeper(1)?;
            list(b"[]", items.into_iter().enumerate(), out, |(index, item), out| {
                value(inside, item, kind, out).map_err(|error| error.in_item(index))
            })
        }
        Value::Map(entries) => {
            let inside = inside.deeper(1)?;
            // The kind of a map field is that of its entries; a map without one cannot come out of a decoder.
            let kind = kind.as_message().map(|entry| entry.map_entry_value_field().kind());
            let kind = kind.ok_or_else(|| JsonError::new("the map has no entry type"))?;
            let mut entries: Vec<(MapKey, Value)> = entries.into_iter().collect();
            entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            list(b"{}", entries.into_iter(), out, |(key, content), out| {
                let key = key_text(key);
                put_json(out, &key);
                out.push(b':');
                value(inside, content, &kind, out).map_err(|error| error.in_entry(&key))
            })
        }
        scalar => {
            scalar::write(&scalar, kind, out);
            Ok(())
        }
    }
}

/// What stands between brackets, with commas.
fn list<T>(
    brackets: &[u8; 2],
    items: impl Iterator<Item = T>,
    out: &mut Vec<u8>,
    mut write: impl FnMut(T, &mut Vec<u8>) -> Result<(), JsonError>,
) -> Result<(), JsonError> {
    out.push(brackets[0]);
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(item, out)?;
    }
    out.push(brackets[1]);
    Ok(())
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
