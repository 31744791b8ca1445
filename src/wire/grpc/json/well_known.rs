//! The types of `google.protobuf` that have a JSON form of their own:
//! <https://protobuf.dev/programming-guides/json/#field-representation>.

use prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, MessageDescriptor};
use prost_types::{Any, Duration, ListValue, Struct, Timestamp, value::Kind};
use serde_json::Value as Json;

use super::{
    JsonError,
    scalar::{expected, float},
    write::deeper,
};

/// How many arrays and objects may enclose a value. Below the 128 of `serde_json`, with room for an envelope, and not
/// above the 100 of `prost`, so that what one direction writes the other reads.
pub(super) const MAX_DEPTH: usize = 100;

/// A message type with a JSON form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WellKnown {
    Any,
    Duration,
    Timestamp,
    FieldMask,
    Empty,
    Struct,
    Value,
    ListValue,
    Wrapper,
}

impl WellKnown {
    pub(super) fn of(message: &MessageDescriptor) -> Option<Self> {
        Some(match message.full_name().strip_prefix("google.protobuf.")? {
            "Any" => Self::Any,
            "Duration" => Self::Duration,
            "Timestamp" => Self::Timestamp,
            "FieldMask" => Self::FieldMask,
            "Empty" => Self::Empty,
            "Struct" => Self::Struct,
            "Value" => Self::Value,
            "ListValue" => Self::ListValue,
            "DoubleValue" | "FloatValue" | "Int64Value" | "UInt64Value" | "Int32Value" | "UInt32Value"
            | "BoolValue" | "StringValue" | "BytesValue" => Self::Wrapper,
            _ => return None,
        })
    }
}

/// The only field of a wrapper.
pub(super) fn wrapped(wrapper: &MessageDescriptor) -> Result<FieldDescriptor, JsonError> {
    wrapper.get_field(1).ok_or_else(|| JsonError::new("the wrapper has no field"))
}

pub(super) fn any_parts(message: &DynamicMessage) -> Result<(String, Vec<u8>), JsonError> {
    let any: Any = transcode(message)?;
    Ok((any.type_url, any.value))
}

pub(super) fn transcode<M: Message + Default>(message: &DynamicMessage) -> Result<M, JsonError> {
    message.transcode_to().map_err(|_| JsonError::new("the bytes do not decode"))
}

pub(super) fn typed<M: Message>(descriptor: &MessageDescriptor, message: &M) -> Result<DynamicMessage, JsonError> {
    let mut typed = DynamicMessage::new(descriptor.clone());
    typed.transcode_from(message).map_err(|_| JsonError::new("the bytes do not decode"))?;
    Ok(typed)
}

/// Whether a duration has a JSON form. Negative ones have one too: `-1.5s`; one out of range, or with signs that differ,
/// has none.
pub(super) fn is_writable(duration: &Duration) -> bool {
    let in_range = duration.seconds.unsigned_abs() <= 315_576_000_000 && duration.nanos.unsigned_abs() < 1_000_000_000;
    let one_sign = duration.seconds.signum() * i64::from(duration.nanos.signum()) >= 0;
    in_range && one_sign
}

pub(super) fn write_duration(duration: Duration) -> Result<Json, JsonError> {
    if is_writable(&duration) {
        Ok(duration.to_string().into())
    } else {
        Err(JsonError::new("the duration is out of range"))
    }
}

/// From `0001-01-01T00:00:00Z` to `9999-12-31T23:59:59.999999999Z`.
pub(super) fn write_timestamp(timestamp: Timestamp) -> Result<Json, JsonError> {
    let in_range = (-62_135_596_800..=253_402_300_799).contains(&timestamp.seconds);
    if in_range && (0..1_000_000_000).contains(&timestamp.nanos) {
        Ok(timestamp.to_string().into())
    } else {
        Err(JsonError::new("the timestamp is out of range"))
    }
}

/// One level of a `Struct` is three messages: the struct, its entry and the value.
pub(super) fn write_struct(content: &Struct, depth: usize) -> Result<Json, JsonError> {
    let depth = deeper(depth, 3)?;
    let members = content.fields.iter().map(|(name, value)| match write_value(value, depth) {
        Ok(json) => Ok((name.clone(), json)),
        Err(error) => Err(error.in_field(name)),
    });
    members.collect::<Result<_, _>>().map(Json::Object)
}

pub(super) fn write_list(content: &ListValue, depth: usize) -> Result<Json, JsonError> {
    let depth = deeper(depth, 2)?;
    content.values.iter().map(|value| write_value(value, depth)).collect::<Result<_, _>>().map(Json::Array)
}

pub(super) fn write_value(content: &prost_types::Value, depth: usize) -> Result<Json, JsonError> {
    Ok(match &content.kind {
        None | Some(Kind::NullValue(_)) => Json::Null,
        Some(Kind::BoolValue(value)) => (*value).into(),
        Some(Kind::NumberValue(value)) if value.is_finite() => float(*value),
        Some(Kind::NumberValue(_)) => return Err(JsonError::new("a number is not finite")),
        Some(Kind::StringValue(value)) => value.clone().into(),
        Some(Kind::ListValue(values)) => write_list(values, depth)?,
        Some(Kind::StructValue(content)) => write_struct(content, depth)?,
    })
}

/// Anything but an `Any` or a wrapper.
pub(super) fn read(
    kind: WellKnown,
    descriptor: &MessageDescriptor,
    json: &Json,
    depth: usize,
) -> Result<DynamicMessage, JsonError> {
    let what = match kind {
        WellKnown::Struct => return typed(descriptor, &read_struct(json, depth)?),
        WellKnown::Value => return typed(descriptor, &read_value(json, depth)?),
        WellKnown::ListValue => return typed(descriptor, &read_list(json, depth)?),
        WellKnown::Duration => "a duration such as \"1.5s\"",
        WellKnown::Timestamp => "a time such as \"2026-01-31T12:00:00Z\"",
        WellKnown::FieldMask => "a field mask such as \"user.displayName,photo\"",
        _ => "an empty object",
    };
    DynamicMessage::deserialize(descriptor.clone(), json).map_err(|_| match json {
        Json::String(_) => JsonError::new(format!("expected {what}")),
        json => expected(what, json),
    })
}

fn read_struct(json: &Json, depth: usize) -> Result<Struct, JsonError> {
    let depth = deeper(depth, 3)?;
    let members = json.as_object().ok_or_else(|| expected("an object", json))?;
    let fields = members.iter().map(|(name, json)| match read_value(json, depth) {
        Ok(value) => Ok((name.clone(), value)),
        Err(error) => Err(error.in_field(name)),
    });
    Ok(Struct { fields: fields.collect::<Result<_, _>>()? })
}

fn read_list(json: &Json, depth: usize) -> Result<ListValue, JsonError> {
    let depth = deeper(depth, 2)?;
    let items = json.as_array().ok_or_else(|| expected("an array", json))?.iter().enumerate();
    let values = items.map(|(index, json)| read_value(json, depth).map_err(|error| error.in_item(index)));
    Ok(ListValue { values: values.collect::<Result<_, _>>()? })
}

fn read_value(json: &Json, depth: usize) -> Result<prost_types::Value, JsonError> {
    let kind = match json {
        Json::Null => Kind::NullValue(0),
        Json::Bool(value) => Kind::BoolValue(*value),
        Json::Number(number) => {
            Kind::NumberValue(number.as_f64().ok_or_else(|| JsonError::new("the number is out of range"))?)
        }
        Json::String(value) => Kind::StringValue(value.clone()),
        Json::Array(_) => Kind::ListValue(read_list(json, depth)?),
        Json::Object(_) => Kind::StructValue(read_struct(json, depth)?),
    };
    Ok(prost_types::Value { kind: Some(kind) })
}
