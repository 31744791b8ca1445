//! From messages to JSON.

use base64::{Engine, prelude::BASE64_STANDARD};
use prost_reflect::{DescriptorPool, DynamicMessage, Kind, MapKey, ReflectMessage, Value};
use serde_json::{Map, Value as Json};

use super::{
    JsonError, scalar,
    well_known::{self, MAX_DEPTH, WellKnown},
};

/// An `Any`, inside `depth` arrays and objects. Never fails, since anything can be base64.
pub(super) fn any(pool: &DescriptorPool, type_url: &str, value: &[u8], depth: usize) -> Json {
    if type_url.is_empty() && value.is_empty() {
        return Json::Object(Map::new());
    }
    if let Some(object) = structured(pool, type_url, value, depth) {
        return Json::Object(object);
    }
    let mut object = Map::new();
    object.insert("@type".to_owned(), type_url.into());
    object.insert("value".to_owned(), BASE64_STANDARD.encode(value).into());
    Json::Object(object)
}

/// `None` if the type has no descriptor, or the bytes do not decode or mean nothing in JSON.
fn structured(pool: &DescriptorPool, type_url: &str, value: &[u8], depth: usize) -> Option<Map<String, Json>> {
    let descriptor = pool.get_message_by_name(type_url.rsplit('/').next()?)?;
    let well_known = WellKnown::of(&descriptor);
    let payload = DynamicMessage::decode(descriptor, value).ok()?;
    let mut object = if well_known.is_some() {
        let mut object = Map::new();
        object.insert("value".to_owned(), message(pool, payload, deeper(depth, 1).ok()?).ok()?);
        object
    } else {
        fields(pool, payload, depth).ok()?
    };
    // A field may have `@type` for its JSON name: base64 is all that is left then.
    object.shift_insert(0, "@type".to_owned(), type_url.into()).is_none().then_some(object)
}

/// A message, inside `depth` arrays and objects.
pub(super) fn message(pool: &DescriptorPool, message: DynamicMessage, depth: usize) -> Result<Json, JsonError> {
    match WellKnown::of(&message.descriptor()) {
        None => fields(pool, message, depth).map(Json::Object),
        Some(WellKnown::Any) => {
            let (type_url, value) = well_known::any_parts(&message)?;
            Ok(any(pool, &type_url, &value, depth))
        }
        Some(WellKnown::Wrapper) => {
            let field = well_known::wrapped(&message.descriptor())?;
            let wrapped = message.get_field(&field).into_owned();
            value(pool, wrapped, &field.kind(), depth)
        }
        Some(WellKnown::Struct) => well_known::write_struct(&well_known::transcode(&message)?, depth),
        Some(WellKnown::Value) => well_known::write_value(&well_known::transcode(&message)?, depth),
        Some(WellKnown::ListValue) => well_known::write_list(&well_known::transcode(&message)?, depth),
        Some(WellKnown::Duration) => well_known::write_duration(well_known::transcode(&message)?),
        Some(WellKnown::Timestamp) => well_known::write_timestamp(well_known::transcode(&message)?),
        Some(WellKnown::FieldMask) => {
            serde_json::to_value(&message).map_err(|_| JsonError::new("a path of the field mask has no JSON form"))
        }
        Some(WellKnown::Empty) => Ok(Json::Object(Map::new())),
    }
}

fn fields(pool: &DescriptorPool, mut message: DynamicMessage, depth: usize) -> Result<Map<String, Json>, JsonError> {
    let depth = deeper(depth, 1)?;
    let mut object = Map::new();
    for (field, content) in message.take_fields() {
        let name = field.json_name();
        let json = value(pool, content, &field.kind(), depth).map_err(|error| error.in_field(name))?;
        object.insert(name.to_owned(), json);
    }
    for (extension, content) in message.take_extensions() {
        let name = extension.json_name();
        let json = value(pool, content, &extension.kind(), depth).map_err(|error| error.in_field(name))?;
        object.insert(name.to_owned(), json);
    }
    Ok(object)
}

fn value(pool: &DescriptorPool, content: Value, kind: &Kind, depth: usize) -> Result<Json, JsonError> {
    match content {
        Value::Message(content) => message(pool, content, depth),
        Value::List(items) => {
            let depth = deeper(depth, 1)?;
            let items = items.into_iter().enumerate();
            let items = items.map(|(index, item)| value(pool, item, kind, depth).map_err(|error| error.in_item(index)));
            items.collect::<Result<_, _>>().map(Json::Array)
        }
        Value::Map(entries) => {
            let depth = deeper(depth, 1)?;
            // The kind of a map field is that of its entries; a map without one cannot come out of a decoder.
            let kind = kind.as_message().map(|entry| entry.map_entry_value_field().kind());
            let kind = kind.ok_or_else(|| JsonError::new("the map has no entry type"))?;
            let entries = entries.into_iter().map(|(key, content)| {
                let key = key_text(key);
                match value(pool, content, &kind, depth) {
                    Ok(json) => Ok((key, json)),
                    Err(error) => Err(error.in_entry(&key)),
                }
            });
            entries.collect::<Result<_, _>>().map(Json::Object)
        }
        scalar => Ok(scalar::write(scalar, kind)),
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

/// The depth inside `levels` more arrays and objects.
pub(super) fn deeper(depth: usize, levels: usize) -> Result<usize, JsonError> {
    match depth + levels {
        depth if depth <= MAX_DEPTH => Ok(depth),
        _ => Err(JsonError::new(format!("nested deeper than {MAX_DEPTH} levels"))),
    }
}
