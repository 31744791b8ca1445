//! Numbers, texts, bytes and enums: <https://protobuf.dev/programming-guides/json/#field-representation>.

use std::io::Write;

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use prost_reflect::{EnumDescriptor, Kind, MapKey, Value};
use serde_json::Value as Json;

use super::{JsonError, error::Quoted};
use crate::model::put_json;

/// Appends anything but a message, a list or a map.
pub(super) fn write(value: &Value, kind: &Kind, out: &mut Vec<u8>) {
    // A vector takes whatever is written to it.
    let _ = match value {
        Value::Bool(value) => write!(out, "{value}"),
        Value::I32(value) => write!(out, "{value}"),
        Value::U32(value) => write!(out, "{value}"),
        Value::I64(value) => write!(out, "\"{value}\""),
        Value::U64(value) => write!(out, "\"{value}\""),
        Value::EnumNumber(number) => match kind {
            Kind::Enum(kind) if kind.full_name() == "google.protobuf.NullValue" => write!(out, "null"),
            Kind::Enum(kind) => match kind.get_value(*number) {
                Some(value) => write!(out, "\"{}\"", value.name()),
                None => write!(out, "{number}"),
            },
            _ => write!(out, "{number}"),
        },
        Value::F32(value) => return float((*value).into(), out),
        Value::F64(value) => return float(*value, out),
        Value::String(value) => return put_json(out, value),
        Value::Bytes(value) => return put_json(out, &base64_simd::STANDARD.encode_to_string(value)),
        Value::Message(_) | Value::List(_) | Value::Map(_) => write!(out, "null"),
    };
}

/// Appends a `double`; whole numbers without a fraction, as other implementations write them.
fn float(value: f64, out: &mut Vec<u8>) {
    /// From here on `f64` skips whole numbers.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    // A vector takes whatever is written to it.
    let _ = if value.fract() == 0.0 && value.abs() < EXACT && !(value == 0.0 && value.is_sign_negative()) {
        write!(out, "{}", value as i64)
    } else if value.is_finite() {
        serde_json::to_writer(out, &value).map_err(Into::into)
    } else if value.is_nan() {
        write!(out, "\"NaN\"")
    } else {
        write!(out, "{}", if value > 0.0 { "\"Infinity\"" } else { "\"-Infinity\"" })
    };
}

/// A value of any kind but a message.
pub(super) fn read(kind: &Kind, json: &Json) -> Result<Value, JsonError> {
    match kind {
        Kind::Bool => json.as_bool().map(Value::Bool).ok_or_else(|| expected("true or false", json)),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => integer(json).map(Value::I32),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => integer(json).map(Value::I64),
        Kind::Uint32 | Kind::Fixed32 => integer(json).map(Value::U32),
        Kind::Uint64 | Kind::Fixed64 => integer(json).map(Value::U64),
        Kind::Float => read_float(json).and_then(|value| {
            let narrow = value as f32;
            if narrow.is_infinite() && value.is_finite() {
                return Err(JsonError::new("the number is out of the range of a float"));
            }
            Ok(Value::F32(narrow))
        }),
        Kind::Double => read_float(json).map(Value::F64),
        Kind::String => {
            json.as_str().map(|text| text.into()).map(Value::String).ok_or_else(|| expected("a string", json))
        }
        Kind::Bytes => {
            let text = json.as_str().ok_or_else(|| expected("a string with base64", json))?;
            let bytes = base64(text).ok_or_else(|| JsonError::new("the text is not base64"))?;
            Ok(Value::Bytes(bytes.into()))
        }
        Kind::Enum(kind) => read_enum(kind, json).map(Value::EnumNumber),
        Kind::Message(_) => Err(expected("a scalar", json)),
    }
}

/// The key of a map: <https://protobuf.dev/programming-guides/json/#field-representation>, row "map".
pub(super) fn read_key(kind: &Kind, text: &str) -> Result<MapKey, JsonError> {
    let number = || decimal(text).ok_or_else(|| JsonError::new("the key is not a whole number"));
    Ok(match kind {
        Kind::Bool => match text {
            "true" => MapKey::Bool(true),
            "false" => MapKey::Bool(false),
            _ => return Err(JsonError::new("the key is neither \"true\" nor \"false\"")),
        },
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => MapKey::I32(in_range(number()?)?),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => MapKey::I64(in_range(number()?)?),
        Kind::Uint32 | Kind::Fixed32 => MapKey::U32(in_range(number()?)?),
        Kind::Uint64 | Kind::Fixed64 => MapKey::U64(in_range(number()?)?),
        _ => MapKey::String(text.to_owned()),
    })
}

/// Base64, standard or URL-safe, padded or not.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const STANDARD_ENGINE: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
    const URL_SAFE_ENGINE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);
    if text.contains(['-', '_']) { URL_SAFE_ENGINE.decode(text).ok() } else { STANDARD_ENGINE.decode(text).ok() }
}

/// What to say of a value of the wrong type.
pub(super) fn expected(what: &str, found: &Json) -> JsonError {
    let found = match found {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    };
    JsonError::new(format!("expected {what}, not {found}"))
}

fn integer<T: TryFrom<i128>>(json: &Json) -> Result<T, JsonError> {
    let number = match json {
        Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), _, _) => Some(number.into()),
            (_, Some(number), _) => Some(number.into()),
            (_, _, Some(number)) => whole(number),
            _ => None,
        },
        Json::String(text) => decimal(text).or_else(|| parse_float(text).and_then(whole)),
        _ => return Err(expected("a whole number", json)),
    };
    in_range(number.ok_or_else(|| JsonError::new("the number is not whole"))?)
}

fn in_range<T: TryFrom<i128>>(number: i128) -> Result<T, JsonError> {
    T::try_from(number).map_err(|_| JsonError::new("the number is out of the range of the field"))
}

/// The cast saturates, far outside of any field's range.
fn whole(number: f64) -> Option<i128> {
    (number.is_finite() && number.fract() == 0.0).then_some(number as i128)
}

fn decimal(text: &str) -> Option<i128> {
    if text.starts_with('+') { None } else { text.parse().ok() }
}

fn read_float(json: &Json) -> Result<f64, JsonError> {
    match json {
        Json::Number(number) => number.as_f64().ok_or_else(|| JsonError::new("the number is out of range")),
        Json::String(text) => match &**text {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            text => parse_float(text).ok_or_else(|| JsonError::new(format!("{} is not a number", Quoted(text)))),
        },
        _ => Err(expected("a number", json)),
    }
}

/// Rust also takes `inf`, `nan` and a leading `+`; ProtoJSON does not.
fn parse_float(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
    if !plain || text.starts_with('+') {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

fn read_enum(kind: &EnumDescriptor, json: &Json) -> Result<i32, JsonError> {
    let is_null = kind.full_name() == "google.protobuf.NullValue";
    match json {
        Json::Null if is_null => Ok(0),
        Json::String(name) => kind.get_value_by_name(name).map(|value| value.number()).ok_or_else(|| {
            let names: Vec<_> = kind.values().take(20).map(|value| value.name().to_owned()).collect();
            JsonError::new(format!(
                "{} is not a value of {}; it is one of {}",
                Quoted(name),
                kind.full_name(),
                names.join(", ")
            ))
        }),
        Json::Number(_) => integer(json),
        _ => Err(expected("the name or the number of an enum value", json)),
    }
}
