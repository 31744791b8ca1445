//! The types of `google.protobuf` that have a JSON form of their own:
//! <https://protobuf.dev/programming-guides/json/#field-representation>.

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, FieldDescriptor, MessageDescriptor};
use prost_types::{Any, Duration, FieldMask, Timestamp};
use serde_json::Value as Json;

use super::{JsonError, scalar::expected};
use crate::model::{Depth, put_json};

/// How many arrays and objects may enclose a value. Below the 128 of `serde_json`, with room for an envelope, and not
/// above the 100 of `prost`, so that what one direction writes the other reads.
pub(super) const MAX_DEPTH: Depth = Depth::of(100);

/// Where a message is, for what is in it.
#[derive(Clone, Copy)]
pub(super) struct Inside<'a> {
    pub(super) pool: &'a DescriptorPool,
    /// How many arrays and objects may be in it.
    pub(super) depth: Depth,
}

impl Inside<'_> {
    /// So many arrays and objects further in.
    pub(super) fn deeper(self, levels: u8) -> Result<Self, JsonError> {
        let depth = self.depth.deeper(levels).ok_or_else(|| JsonError::new("nested deeper than 100 levels"))?;
        Ok(Self { depth, ..self })
    }
}

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

    /// How many messages stand around the content of its only field, besides the list or the map: one level of a `Struct` is three
    /// messages, the struct, its entry and the value, and one of a `ListValue` is two.
    pub(super) fn levels(self) -> u8 {
        match self {
            Self::Struct => 2,
            Self::ListValue => 1,
            _ => 0,
        }
    }
}

/// A field of a type that has one of this number.
pub(super) fn field(descriptor: &MessageDescriptor, number: u32) -> Result<FieldDescriptor, JsonError> {
    descriptor.get_field(number).ok_or_else(|| JsonError::new(format!("the type has no field {number}")))
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

/// Appends what is a text in JSON, or empty.
pub(super) fn write(kind: WellKnown, message: &DynamicMessage, out: &mut Vec<u8>) -> Result<(), JsonError> {
    match kind {
        WellKnown::Duration => {
            let duration: Duration = transcode(message)?;
            let text = is_writable(&duration).then(|| duration.to_string());
            put_text(text.ok_or_else(|| JsonError::new("the duration is out of range"))?, out)
        }
        WellKnown::Timestamp => {
            let timestamp: Timestamp = transcode(message)?;
            let text = is_time(&timestamp).then(|| timestamp.to_string());
            put_text(text.ok_or_else(|| JsonError::new("the timestamp is out of range"))?, out)
        }
        WellKnown::FieldMask => {
            let mask: FieldMask = transcode(message)?;
            let paths: Option<Vec<_>> = mask.paths.iter().map(|path| camel_case(path)).collect();
            let paths = paths.ok_or_else(|| JsonError::new("a path of the field mask has no JSON form"))?;
            put_text(paths.join(","), out)
        }
        _ => {
            out.extend_from_slice(b"{}");
            Ok(())
        }
    }
}

fn put_text(text: String, out: &mut Vec<u8>) -> Result<(), JsonError> {
    put_json(out, &text);
    Ok(())
}

/// From `0001-01-01T00:00:00Z` to `9999-12-31T23:59:59.999999999Z`.
fn is_time(timestamp: &Timestamp) -> bool {
    let in_range = (-62_135_596_800..=253_402_300_799).contains(&timestamp.seconds);
    in_range && (0..1_000_000_000).contains(&timestamp.nanos)
}

/// What is a text in JSON, or empty.
pub(super) fn read(kind: WellKnown, descriptor: &MessageDescriptor, json: &Json) -> Result<DynamicMessage, JsonError> {
    let (what, message) = match kind {
        WellKnown::Duration => {
            let duration: Option<Duration> = json.as_str().and_then(|text| text.parse().ok()).filter(is_writable);
            ("a duration such as \"1.5s\"", duration.map(|duration| typed(descriptor, &duration)))
        }
        WellKnown::Timestamp => {
            let time = json.as_str().filter(|text| is_rfc_3339(text)).and_then(|text| text.parse().ok());
            let time: Option<Timestamp> = time.filter(is_time);
            ("a time such as \"2026-01-31T12:00:00Z\"", time.map(|time| typed(descriptor, &time)))
        }
        WellKnown::FieldMask => {
            let paths = json.as_str().and_then(|text| {
                text.split(',').filter(|path| !path.is_empty()).map(snake_case).collect::<Option<Vec<_>>>()
            });
            let mask = paths.map(|paths| typed(descriptor, &FieldMask { paths }));
            ("a field mask such as \"user.displayName,photo\"", mask)
        }
        _ => {
            let is_empty = json.as_object().is_some_and(|members| members.is_empty());
            ("an empty object", is_empty.then(|| Ok(DynamicMessage::new(descriptor.clone()))))
        }
    };
    message.unwrap_or_else(|| {
        Err(match json {
            Json::String(_) => JsonError::new(format!("expected {what}")),
            json => expected(what, json),
        })
    })
}

/// A path of a field mask in lowerCamelCase, if it can be read back: `foo_bar` is `fooBar`; `fooBar`, `foo__bar` and
/// `foo_3` have no JSON form.
fn camel_case(path: &str) -> Option<String> {
    let mut out = String::with_capacity(path.len());
    let mut letters = path.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '_' => out.push(letters.next().filter(char::is_ascii_lowercase)?.to_ascii_uppercase()),
            'A'..='Z' => return None,
            letter => out.push(letter),
        }
    }
    Some(out)
}

/// The other way of [`camel_case`].
fn snake_case(path: &str) -> Option<String> {
    let mut out = String::with_capacity(path.len());
    for letter in path.chars() {
        match letter {
            '_' => return None,
            'A'..='Z' => out.extend(['_', letter.to_ascii_lowercase()]),
            letter => out.push(letter),
        }
    }
    Some(out)
}

/// Whether a text has the shape of a time in RFC 3339, section 5.6. `prost_types` also reads a date alone, a blank for the
/// `T` and short offsets.
fn is_rfc_3339(text: &str) -> bool {
    fn has_shape(text: &str, shape: &str) -> bool {
        let fits = |(byte, shape): (u8, u8)| if shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
        text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
    }

    let Some((time, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else { return false };
    let offset = match rest.strip_prefix('.').map(|rest| (rest, rest.trim_start_matches(|c: char| c.is_ascii_digit())))
    {
        Some((fraction, offset)) if offset.len() < fraction.len() => offset,
        Some(_) => return false,
        None => rest,
    };
    has_shape(time, "0000-00-00T00:00:00")
        && (offset == "Z" || has_shape(offset, "+00:00") || has_shape(offset, "-00:00"))
}
