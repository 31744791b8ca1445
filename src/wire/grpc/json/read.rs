//! From JSON to messages.

use std::collections::HashMap;

use prost_reflect::{
    DescriptorPool, DynamicMessage, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value,
};
use serde_json::Value as Json;
use smallvec::SmallVec;

use super::{
    JsonError, encode,
    error::{Bounded, Quoted},
    scalar::{self, base64, expected},
    well_known::{self, WellKnown},
    write::deeper,
};

/// Type URL and bytes of an `Any`, inside `depth` arrays and objects.
pub(super) fn any(pool: &DescriptorPool, json: &Json, depth: usize) -> Result<(String, Vec<u8>), JsonError> {
    let object = json.as_object().ok_or_else(|| expected("an object with \"@type\"", json))?;
    let type_url = match object.get("@type") {
        Some(Json::String(type_url)) => type_url,
        Some(other) => return Err(expected("a type URL", other).in_field("@type")),
        None if object.is_empty() => return Ok((String::new(), Vec::new())),
        None => return Err(JsonError::new("\"@type\" is missing: give the type URL of the message")),
    };
    let descriptor = type_url.rsplit('/').next().and_then(|name| pool.get_message_by_name(name));
    let structured = descriptor.map(|descriptor| structured(pool, &descriptor, object, depth));
    let value = match (structured, object.get("value")) {
        (Some(Ok(message)), _) => encode::encode(message),
        (Some(Err(error)), value) => match value {
            Some(Json::String(text)) if object.len() == 2 => base64(text).ok_or(error)?,
            _ => return Err(error),
        },
        (None, Some(Json::String(text))) if object.len() == 2 => {
            base64(text).ok_or_else(|| JsonError::new("the value is no base64").in_field("value"))?
        }
        (None, None) if object.len() == 1 => Vec::new(),
        (None, _) => {
            return Err(JsonError::new(format!(
                "the type {} is not registered, so its only other member is \"value\" with the bytes in base64",
                Quoted(type_url)
            )));
        }
    };
    Ok((type_url.clone(), value))
}

fn structured(
    pool: &DescriptorPool,
    descriptor: &MessageDescriptor,
    object: &serde_json::Map<String, Json>,
    depth: usize,
) -> Result<DynamicMessage, JsonError> {
    let members = || object.iter().filter(|(name, _)| *name != "@type");
    match WellKnown::of(descriptor) {
        None => fields(pool, descriptor, members(), depth),
        Some(WellKnown::Empty) if members().next().is_none() => Ok(DynamicMessage::new(descriptor.clone())),
        Some(_) => match object.get("value") {
            Some(value) if object.len() == 2 => {
                message(pool, descriptor, value, deeper(depth, 1)?).map_err(|error| error.in_field("value"))
            }
            _ => Err(JsonError::new(format!("a {} has \"@type\" and \"value\"", descriptor.full_name()))),
        },
    }
}

/// A message, inside `depth` arrays and objects.
pub(super) fn message(
    pool: &DescriptorPool,
    descriptor: &MessageDescriptor,
    json: &Json,
    depth: usize,
) -> Result<DynamicMessage, JsonError> {
    match WellKnown::of(descriptor) {
        None => {
            let object = json.as_object().ok_or_else(|| expected("an object", json))?;
            fields(pool, descriptor, object.iter(), depth)
        }
        Some(WellKnown::Any) => {
            let (type_url, value) = any(pool, json, depth)?;
            well_known::typed(descriptor, &prost_types::Any { type_url, value })
        }
        Some(WellKnown::Wrapper) => {
            let field = well_known::wrapped(descriptor)?;
            let mut message = DynamicMessage::new(descriptor.clone());
            message.set_field(&field, scalar::read(&field.kind(), json)?);
            Ok(message)
        }
        Some(well_known) => well_known::read(well_known, descriptor, json, depth),
    }
}

fn fields<'a>(
    pool: &DescriptorPool,
    descriptor: &MessageDescriptor,
    members: impl Iterator<Item = (&'a String, &'a Json)>,
    depth: usize,
) -> Result<DynamicMessage, JsonError> {
    let depth = deeper(depth, 1)?;
    let mut message = DynamicMessage::new(descriptor.clone());
    let mut seen = SmallVec::<[u32; 8]>::new();
    for (name, json) in members {
        let field = Target::find(descriptor, name)?;
        // A name has two spellings.
        if seen.contains(&field.number()) {
            return Err(JsonError::new("the field is given twice").in_field(name));
        }
        seen.push(field.number());
        let Some(value) = field.read(pool, json, depth).map_err(|error| error.in_field(name))? else { continue };
        match field {
            Target::Field(field) => {
                let others = field.containing_oneof();
                let other = others.as_ref().and_then(|oneof| oneof.fields().find(|other| message.has_field(other)));
                if let Some(other) = other {
                    let what = format!("only one of \"{}\" and \"{name}\" may be given", other.json_name());
                    return Err(JsonError::new(what).in_field(name));
                }
                message.set_field(&field, value);
            }
            Target::Extension(extension) => message.set_extension(&extension, value),
        }
    }
    Ok(message)
}

/// What a member of an object names.
enum Target {
    Field(FieldDescriptor),
    Extension(ExtensionDescriptor),
}

impl Target {
    fn find(message: &MessageDescriptor, name: &str) -> Result<Self, JsonError> {
        let field = message.get_field_by_json_name(name).or_else(|| message.get_field_by_name(name));
        let extension = || message.get_extension_by_json_name(name).map(Self::Extension);
        field.map(Self::Field).or_else(extension).ok_or_else(|| {
            let names: Vec<_> = message.fields().take(20).map(|field| field.json_name().to_owned()).collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            let what = format!("unknown field; the fields of {} are {names}", message.full_name());
            JsonError::new(what).in_field(&Bounded(name).to_string())
        })
    }

    fn number(&self) -> u32 {
        match self {
            Self::Field(field) => field.number(),
            Self::Extension(extension) => extension.number(),
        }
    }

    /// `None` if `null` leaves the field unset.
    fn read(&self, pool: &DescriptorPool, json: &Json, depth: usize) -> Result<Option<Value>, JsonError> {
        let (kind, is_list, is_map) = match self {
            Self::Field(field) => (field.kind(), field.is_list(), field.is_map()),
            Self::Extension(extension) => (extension.kind(), extension.is_list(), extension.is_map()),
        };
        if json.is_null() && (is_list || is_map || !takes_null(&kind)) {
            Ok(None)
        } else if is_map {
            map(pool, &kind, json, depth).map(Some)
        } else if is_list {
            list(pool, &kind, json, depth).map(Some)
        } else {
            single(pool, &kind, json, depth).map(Some)
        }
    }
}

/// Whether `null` is a value of this kind.
fn takes_null(kind: &Kind) -> bool {
    match kind {
        Kind::Message(message) => message.full_name() == "google.protobuf.Value",
        Kind::Enum(kind) => kind.full_name() == "google.protobuf.NullValue",
        _ => false,
    }
}

fn list(pool: &DescriptorPool, kind: &Kind, json: &Json, depth: usize) -> Result<Value, JsonError> {
    let depth = deeper(depth, 1)?;
    let items = json.as_array().ok_or_else(|| expected("an array", json))?.iter().enumerate();
    let items = items.map(|(index, item)| single(pool, kind, item, depth).map_err(|error| error.in_item(index)));
    items.collect::<Result<_, _>>().map(Value::List)
}

fn map(pool: &DescriptorPool, kind: &Kind, json: &Json, depth: usize) -> Result<Value, JsonError> {
    let depth = deeper(depth, 1)?;
    let object = json.as_object().ok_or_else(|| expected("an object", json))?;
    let entry = kind.as_message().ok_or_else(|| JsonError::new("the map has no entry type"))?;
    let (key_kind, value_kind) = (entry.map_entry_key_field().kind(), entry.map_entry_value_field().kind());
    let mut entries = HashMap::with_capacity(object.len());
    for (name, json) in object {
        let at = |error: JsonError| error.in_entry(name);
        let key = scalar::read_key(&key_kind, name).map_err(at)?;
        let value = single(pool, &value_kind, json, depth).map_err(at)?;
        if entries.insert(key, value).is_some() {
            return Err(at(JsonError::new("the key is given twice")));
        }
    }
    Ok(Value::Map(entries))
}

fn single(pool: &DescriptorPool, kind: &Kind, json: &Json, depth: usize) -> Result<Value, JsonError> {
    match kind {
        Kind::Message(descriptor) => message(pool, descriptor, json, depth).map(Value::Message),
        kind => scalar::read(kind, json),
    }
}
