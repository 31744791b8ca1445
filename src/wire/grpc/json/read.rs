//! From JSON to messages.

use std::{cell::RefCell, collections::HashMap};

use prost_reflect::{
    DynamicMessage, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _, Value,
};
use serde_json::Value as Json;
use smallvec::SmallVec;

use super::{
    JsonError, encode,
    error::{Bounded, Quoted},
    scalar::{self, base64, expected},
    well_known::{self, Inside, WellKnown},
};

/// How much of what was dropped is kept, so that a note stays short.
const MAX_DROPPED: usize = 8;

/// What messages are read by.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) inside: Inside<'a>,
    /// Where members, items and entries go that cannot be read. If there is no such place, one costs the whole message.
    pub(super) dropped: Option<&'a RefCell<Vec<JsonError>>>,
}

impl Source<'_> {
    fn deeper(self, levels: u8) -> Result<Self, JsonError> {
        Ok(Self { inside: self.inside.deeper(levels)?, ..self })
    }

    /// What `read` gives, which stands `at` a place; `None` if that was dropped.
    fn tolerate<T>(
        self,
        at: impl Fn(JsonError) -> JsonError,
        read: impl FnOnce() -> Result<T, JsonError>,
    ) -> Result<Option<T>, JsonError> {
        let Some(dropped) = self.dropped else { return read().map(Some).map_err(at) };
        let before = dropped.borrow().len();
        let result = read();
        let mut dropped = dropped.borrow_mut();
        let inside = dropped.split_off(before);
        dropped.extend(inside.into_iter().map(&at));
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                if dropped.len() < MAX_DROPPED {
                    dropped.push(at(error));
                }
                Ok(None)
            }
        }
    }
}

/// Type URL and bytes of an `Any`.
pub(super) fn any(source: Source<'_>, json: &Json) -> Result<(String, Vec<u8>), JsonError> {
    let pool = source.inside.pool;
    let object = json.as_object().ok_or_else(|| expected("an object with \"@type\"", json))?;
    let type_url = match object.get("@type") {
        Some(Json::String(type_url)) => type_url,
        Some(other) => return Err(expected("a type URL", other).in_field("@type")),
        None if object.is_empty() => return Ok((String::new(), Vec::new())),
        None => return Err(JsonError::new("\"@type\" is missing: give the type URL of the message")),
    };
    let descriptor = type_url.rsplit('/').next().and_then(|name| pool.get_message_by_name(name));
    let strict = Source { dropped: None, ..source };
    let structured = descriptor.map(|descriptor| (structured(strict, &descriptor, object), descriptor));
    let value = match (structured, object.get("value")) {
        (Some((Ok(message), _)), _) => encode::encode(message),
        (Some((Err(error), descriptor)), value) => match value {
            Some(Json::String(text)) if object.len() == 2 => base64(text).ok_or(error)?,
            _ if source.dropped.is_none() => return Err(error),
            _ => encode::encode(self::structured(source, &descriptor, object)?),
        },
        (None, Some(Json::String(text))) if object.len() == 2 => {
            base64(text).ok_or_else(|| JsonError::new("the value is not base64").in_field("value"))?
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
    source: Source<'_>,
    descriptor: &MessageDescriptor,
    object: &serde_json::Map<String, Json>,
) -> Result<DynamicMessage, JsonError> {
    let members = || object.iter().filter(|(name, _)| *name != "@type");
    match WellKnown::of(descriptor) {
        None => fields(source, descriptor, members()),
        Some(WellKnown::Empty) if members().next().is_none() => Ok(DynamicMessage::new(descriptor.clone())),
        Some(_) => match object.get("value") {
            Some(value) if object.len() == 2 => {
                message(source.deeper(1)?, descriptor, value).map_err(|error| error.in_field("value"))
            }
            _ => Err(JsonError::new(format!("a {} has \"@type\" and \"value\"", descriptor.full_name()))),
        },
    }
}

pub(super) fn message(
    source: Source<'_>,
    descriptor: &MessageDescriptor,
    json: &Json,
) -> Result<DynamicMessage, JsonError> {
    match WellKnown::of(descriptor) {
        None => {
            let object = json.as_object().ok_or_else(|| expected("an object", json))?;
            fields(source, descriptor, object.iter())
        }
        Some(WellKnown::Any) => {
            let (type_url, value) = any(source, json)?;
            well_known::typed(descriptor, &prost_types::Any { type_url, value })
        }
        Some(WellKnown::Wrapper) => of_field(source, descriptor, 1, single, json),
        // Nothing in these is dropped.
        Some(kind @ (WellKnown::Struct | WellKnown::ListValue)) => {
            let strict = Source { dropped: None, ..source.deeper(kind.levels())? };
            of_field(strict, descriptor, 1, if kind == WellKnown::Struct { map } else { list }, json)
        }
        Some(WellKnown::Value) => {
            let number = match json {
                Json::Null => 1,
                Json::Number(_) => 2,
                Json::String(_) => 3,
                Json::Bool(_) => 4,
                Json::Object(_) => 5,
                Json::Array(_) => 6,
            };
            of_field(source, descriptor, number, single, json)
        }
        Some(kind) => well_known::read(kind, descriptor, json),
    }
}

/// A message of which JSON is the content of the field of this number.
fn of_field(
    source: Source<'_>,
    descriptor: &MessageDescriptor,
    number: u32,
    read: fn(Source<'_>, &Kind, &Json) -> Result<Value, JsonError>,
    json: &Json,
) -> Result<DynamicMessage, JsonError> {
    let field = well_known::field(descriptor, number)?;
    let mut message = DynamicMessage::new(descriptor.clone());
    message.set_field(&field, read(source, &field.kind(), json)?);
    Ok(message)
}

fn fields<'a>(
    source: Source<'_>,
    descriptor: &MessageDescriptor,
    members: impl Iterator<Item = (&'a String, &'a Json)>,
) -> Result<DynamicMessage, JsonError> {
    let source = source.deeper(1)?;
    let mut message = DynamicMessage::new(descriptor.clone());
    let mut seen = SmallVec::<[u32; 8]>::new();
    for (name, json) in members {
        let at = |error: JsonError| error.in_field(&Bounded(name).to_string());
        source.tolerate(at, || member(source, &mut message, &mut seen, (name, json)))?;
    }
    Ok(message)
}

fn member(
    source: Source<'_>,
    message: &mut DynamicMessage,
    seen: &mut SmallVec<[u32; 8]>,
    (name, json): (&str, &Json),
) -> Result<(), JsonError> {
    let field = Target::find(&message.descriptor(), name)?;
    // A name has two spellings.
    if seen.contains(&field.number()) {
        return Err(JsonError::new("the field is given twice"));
    }
    seen.push(field.number());
    let Some(value) = field.read(source, json)? else { return Ok(()) };
    match field {
        Target::Field(field) => {
            let others = field.containing_oneof();
            let other = others.as_ref().and_then(|oneof| oneof.fields().find(|other| message.has_field(other)));
            if let Some(other) = other {
                let what = format!("only one of \"{}\" and \"{name}\" may be given", other.json_name());
                return Err(JsonError::new(what));
            }
            message.set_field(&field, value);
        }
        Target::Extension(extension) => message.set_extension(&extension, value),
    }
    Ok(())
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
            JsonError::new(format!("unknown field; the fields of {} are {names}", message.full_name()))
        })
    }

    fn number(&self) -> u32 {
        match self {
            Self::Field(field) => field.number(),
            Self::Extension(extension) => extension.number(),
        }
    }

    /// `None` if `null` leaves the field unset.
    fn read(&self, source: Source<'_>, json: &Json) -> Result<Option<Value>, JsonError> {
        let (kind, is_list, is_map) = match self {
            Self::Field(field) => (field.kind(), field.is_list(), field.is_map()),
            Self::Extension(extension) => (extension.kind(), extension.is_list(), extension.is_map()),
        };
        if json.is_null() && (is_list || is_map || !takes_null(&kind)) {
            Ok(None)
        } else if is_map {
            map(source, &kind, json).map(Some)
        } else if is_list {
            list(source, &kind, json).map(Some)
        } else {
            single(source, &kind, json).map(Some)
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

fn list(source: Source<'_>, kind: &Kind, json: &Json) -> Result<Value, JsonError> {
    let source = source.deeper(1)?;
    let items = json.as_array().ok_or_else(|| expected("an array", json))?.iter().enumerate();
    let items = items.filter_map(|(index, item)| {
        source.tolerate(|error| error.in_item(index), || single(source, kind, item)).transpose()
    });
    items.collect::<Result<_, _>>().map(Value::List)
}

fn map(source: Source<'_>, kind: &Kind, json: &Json) -> Result<Value, JsonError> {
    let source = source.deeper(1)?;
    let object = json.as_object().ok_or_else(|| expected("an object", json))?;
    let entry = kind.as_message().ok_or_else(|| JsonError::new("the map has no entry type"))?;
    let (key_kind, value_kind) = (entry.map_entry_key_field().kind(), entry.map_entry_value_field().kind());
    let mut entries = HashMap::with_capacity(object.len());
    for (name, json) in object {
        let entry = || {
            let key = scalar::read_key(&key_kind, name)?;
            let value = single(source, &value_kind, json)?;
            match entries.insert(key, value) {
                Some(_) => Err(JsonError::new("the key is given twice")),
                None => Ok(()),
            }
        };
        source.tolerate(|error| error.in_entry(name), entry)?;
    }
    Ok(Value::Map(entries))
}

fn single(source: Source<'_>, kind: &Kind, json: &Json) -> Result<Value, JsonError> {
    match kind {
        Kind::Message(descriptor) => message(source, descriptor, json).map(Value::Message),
        kind => scalar::read(kind, json),
    }
}
