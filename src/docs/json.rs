//! JSON for people, also as YAML in blocks: the members of an object stay in their order.
//!
//! `serde_json::Value` sorts them, unless its feature `preserve_order` is on, which is on for a whole program or not at all.

use std::fmt::{self, Write as _};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::catalog::YamlScalar;

/// A JSON value.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    Object(Object),
}

/// Members in their order.
pub(crate) type Object = IndexMap<String, Json>;

/// `object! { "type": "object", NAME: value }`
macro_rules! object {
    ($($name:tt : $value:expr),* $(,)?) => {
        $crate::docs::json::Object::from_iter([$((String::from($name), $crate::docs::json::Json::from($value))),*])
    };
}
pub(crate) use object;

/// On lines of its own with `{:#}`, on one line with `{}`.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if f.alternate() { serde_json::to_string_pretty(self) } else { serde_json::to_string(self) };
        f.write_str(&text.map_err(|_| fmt::Error)?)
    }
}

/// The same JSON on lines of its own; empty if the text is not JSON.
pub(crate) fn pretty(text: &[u8]) -> String {
    serde_json::from_slice(text).map_or_else(|_| String::new(), |json: Json| format!("{json:#}"))
}

macro_rules! from {
    ($($type:ty => |$value:ident| $json:expr;)+) => {$(
        impl From<$type> for Json {
            fn from($value: $type) -> Self {
                $json
            }
        }
    )+};
}

from! {
    bool => |value| Self::Bool(value);
    &str => |text| Self::Text(text.to_owned());
    String => |text| Self::Text(text);
    Object => |object| Self::Object(object);
    u32 => |number| Self::Number(number.into());
    usize => |number| Self::Number(number.into());
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Self>, const N: usize> From<[T; N]> for Json {
    fn from(items: [T; N]) -> Self {
        Vec::from(items).into()
    }
}

/// Writes a key and its value, each on lines of their own, at an indentation.
pub(crate) fn yaml_block(out: &mut String, indent: usize, key: &str, value: &Json) {
    // Writing to a string does not fail.
    let _ = write!(out, "{:indent$}{}:", "", YamlScalar(key));
    below(out, indent, value);
}

/// What follows a colon or a dash.
fn below(out: &mut String, indent: usize, value: &Json) {
    match value {
        Json::Object(object) if !object.is_empty() => {
            out.push('\n');
            for (key, value) in object.iter() {
                yaml_block(out, indent + 2, key, value);
            }
        }
        Json::List(list) if !list.is_empty() => {
            out.push('\n');
            for value in list {
                item(out, indent + 2, value);
            }
        }
        Json::Text(text) => {
            let _ = writeln!(out, " {}", YamlScalar(text));
        }
        // Numbers, true, false, null, `{}` and `[]` are the same in both.
        other => {
            let _ = writeln!(out, " {other}");
        }
    }
}

/// One item of a list. The first key of an object stands next to the dash.
fn item(out: &mut String, indent: usize, value: &Json) {
    let mut text = String::new();
    match value {
        Json::Object(object) if !object.is_empty() => {
            for (key, value) in object.iter() {
                yaml_block(&mut text, indent + 2, key, value);
            }
            let _ = write!(out, "{:indent$}- {}", "", text.trim_start());
        }
        other => {
            let _ = write!(out, "{:indent$}-", "");
            below(out, indent, other);
        }
    }
}

/// A member of a JSON object, on lines of their own at an indentation, or on one line.
pub(crate) fn json_member(indent: Option<usize>, key: &str, value: &Json) -> String {
    let key = Json::from(key);
    match indent {
        None => format!("{key}:{value}"),
        Some(indent) => {
            let text = format!("{value:#}").replace('\n', &format!("\n{:indent$}", ""));
            format!("{key}: {text}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_of_members() {
        let text = r#"{"z":[1,-2,1.5e+300,null,true],"a":{"c":"\n","b":{}},"@type":[]}"#;
        let json: Json = serde_json::from_str(text).unwrap();
        assert_eq!(json.to_string(), text);
        let built = object! { "z": ["x"], "a": object! { "c": true, "b": vec!["y".to_owned()] } };
        assert_eq!(Json::from(built.clone()).to_string(), r#"{"z":["x"],"a":{"c":true,"b":["y"]}}"#);
        assert_eq!(
            format!("{:#}", Json::from(object! { "z": "x", "a": object! {} })),
            "{\n  \"z\": \"x\",\n  \"a\": {}\n}"
        );
        assert!(built.contains_key("a") && !built.contains_key("b"));
    }
}
