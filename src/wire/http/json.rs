//! JSON as it stands in a body: borrowed, bounded in depth, each member once.
//!
//! `serde_json::Value` would keep the last of two members of one name, where another reader keeps the first
//! (<https://bishopfox.com/blog/json-interoperability-vulnerabilities>), and would copy every string.

// docs/rules.md: R-BODY-2, R-BODY-3

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Number, Value};

use super::object::Object;

/// How many lists and objects may be inside one another. It also bounds the stack that dropping a tree takes.
const MAX_DEPTH: u8 = 64;

/// One JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Object<'a>),
}

impl<'a> Json<'a> {
    /// Reads a whole text. A byte order mark before it is not part of it.
    pub(super) fn parse(text: &'a str) -> serde_json::Result<Self> {
        let mut reader = serde_json::Deserializer::from_str(without_mark(text));
        let json = Depth(MAX_DEPTH).deserialize(&mut reader)?;
        reader.end()?;
        Ok(json)
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    pub(super) fn as_object(&self) -> Option<&Object<'a>> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The whole number, also if it is written `5.0`.
    pub(super) fn as_integer(&self) -> Option<i64> {
        let Self::Number(number) = self else { return None };
        let whole = |float: f64| (float.fract() == 0.0 && float.abs() < 1e15).then_some(float as i64);
        number.as_i64().or_else(|| number.as_f64().and_then(whole))
    }

    /// Whether this says nothing: `null`, `""`, `[]`, `{}`.
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Object(object) => object.is_spent(),
            _ => false,
        }
    }

    /// The same value on its own.
    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(bool) => Value::Bool(bool),
            Self::Number(number) => Value::Number(number),
            Self::Text(text) => Value::String(text.into_owned()),
            Self::List(list) => list.into_iter().map(Self::into_value).collect(),
            Self::Object(object) => Value::Object(
                object.into_members().map(|(name, json)| (name.into_owned(), json.into_value())).collect(),
            ),
        }
    }
}

/// RFC 8259 forbids the mark to writers and lets readers ignore it; some writers on Windows put it there.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A value inside which as many levels may be.
#[derive(Clone, Copy)]
struct Depth(u8);

impl Depth {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        self.0.checked_sub(1).map(Self).ok_or_else(|| E::custom("nested too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Depth {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Depth {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json<'de>, E> {
        Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json<'de>, A::Error> {
        let inside = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json<'de>, A::Error> {
        let inside = self.deeper()?;
        let mut members = Vec::new();
        while let Some(Text(name)) = entries.next_key()? {
            let value = entries.next_value_seed(inside)?;
            // With its feature `arbitrary_precision`, which any crate in the build may switch on, serde_json hands
            // over a number as a map of this one member.
            match &value {
                Json::Text(digits) if name == "$serde_json::private::Number" => {
                    return digits.parse().map(Json::Number).map_err(A::Error::custom);
                }
                _ => members.push((name, value)),
            }
        }
        Object::new(members).map(Json::Object).ok_or_else(|| A::Error::custom("a member is repeated"))
    }
}

/// A text that is borrowed where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_two_readers_may_read_differently() {
        let rows = [
            ("", "nothing"),
            (r#"{"kind":"a","kind":"b"}"#, "a member twice"),
            (r#"{"kind":"a","k\u0069nd":"b"}"#, "a member twice, once escaped"),
            (r#"{"a":{"b":1,"b":1}}"#, "a member twice, further in"),
            (r#"{"a":1} {"a":1}"#, "two values"),
            (r#"{"a":1}x"#, "trailing garbage"),
            (r#"{"a":1,}"#, "trailing comma"),
            (r#"{"a":NaN}"#, "NaN"),
            (r#"{"a":Infinity}"#, "infinity"),
            (r#"{"a":1e999}"#, "a number that is none here"),
            (r#"{'a':1}"#, "single quotes"),
            (r#"{a:1}"#, "a bare name"),
            (r#"{"a":"\ud800"}"#, "half a surrogate pair"),
            ("{\"a\":\"\u{0}\"}", "a bare control character"),
            (r#"{"a":1"#, "cut"),
            ("\u{feff}\u{feff}{}", "two marks"),
        ];
        for (text, what) in rows {
            assert!(Json::parse(text).is_err(), "{what}: {text}");
        }
        let many: String = (0..2_000).map(|n| format!("\"m{n}\":0,")).collect();
        assert!(Json::parse(&format!("{{{many}\"z\":0}}")).is_ok());
        assert!(Json::parse(&format!("{{{many}\"m7\":0}}")).is_err());
    }

    #[test]
    fn bounds_the_depth() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::parse(&nested(64)).is_ok());
        assert!(Json::parse(&nested(65)).is_err());
        assert!(Json::parse(&"[".repeat(10_000)).is_err());
        assert!(Json::parse(&r#"{"a":"#.repeat(10_000)).is_err());
    }

    #[test]
    fn borrows_what_is_not_escaped() {
        let json = Json::parse("\u{feff}{\"__proto__\":\"plain\",\"b\":\"\\u0000\"}").unwrap();
        let object = json.as_object().unwrap();
        assert!(matches!(object.get("__proto__"), Some(Json::Text(Cow::Borrowed("plain")))));
        assert_eq!(object.text("b"), Some("\0"));
    }

    #[test]
    fn reads_whole_numbers() {
        let rows = [
            ("5", Some(5)),
            ("5.0", Some(5)),
            ("-1", Some(-1)),
            ("5.5", None),
            ("1e300", None),
            ("18446744073709551615", None),
            (r#""5""#, None),
            (r#"{"$serde_json::private::Number":"5"}"#, Some(5)),
        ];
        for (text, expected) in rows {
            assert_eq!(Json::parse(text).unwrap().as_integer(), expected, "{text}");
        }
    }
}
