//! From a text to the tree.

// docs/rules.md: R-BODY-2, R-BODY-3

use std::{borrow::Cow, cell::RefCell, fmt};

use serde_core::{
    Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use serde_json::Number;

use super::{Json, MAX_DEPTH, Member, Object};
use crate::model::{Depth, JsonString};

/// What is read of a text.
#[derive(Debug)]
pub(in crate::wire::http) struct Parsed<'a> {
    pub(in crate::wire::http) json: Json<'a>,
    /// What follows the first value.
    pub(in crate::wire::http) rest: &'a str,
    /// Members that stand twice with different values, and were not read.
    pub(in crate::wire::http) conflicts: Vec<String>,
    /// Whether the text ends, or breaks, inside of the value, which holds the members before that.
    pub(in crate::wire::http) is_cut: bool,
}
impl<'a> Json<'a> {
    /// Reads the first value of a text. Of an object that is cut its first complete members count.
    pub(in crate::wire::http) fn parse(text: &'a str) -> Option<Parsed<'a>> {
        // Most bodies have no more members than this at the root.
        let seen = RefCell::new(Seen { members: Vec::with_capacity(8), conflicts: Vec::new() });
        let mut reader = serde_json::Deserializer::from_str(text);
        let value = Inside { depth: MAX_DEPTH, seen: &seen, is_root: true }.deserialize(&mut reader);
        let is_all = value.is_ok() && reader.end().is_ok();
        let Seen { members, mut conflicts } = seen.into_inner();
        match value {
            Ok(json) => {
                let rest = if is_all { "" } else { behind(text) };
                Some(Parsed { json, rest, conflicts, is_cut: false })
            }
            _ if text.trim_start().starts_with('{') => {
                let json = Json::Object(Object::new(members, &mut conflicts));
                Some(Parsed { json, rest: "", conflicts, is_cut: true })
            }
            _ => None,
        }
    }
}

/// What follows the first value of a text.
fn behind(text: &str) -> &str {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let _ = values.next();
    text.get(values.byte_offset()..).unwrap_or_default()
}

/// What is kept outside of the parser.
struct Seen<'a> {
    /// The members of the root, until it is whole.
    members: Vec<Member<'a>>,
    conflicts: Vec<String>,
}

/// Where a value is.
#[derive(Clone, Copy)]
struct Inside<'s, 'a> {
    /// How many levels may be in it.
    depth: Depth,
    seen: &'s RefCell<Seen<'a>>,
    is_root: bool,
}

impl Inside<'_, '_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let depth = self.depth.deeper(1).ok_or_else(|| E::custom("nested too deep"))?;
        Ok(Self { depth, is_root: false, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Inside<'_, 'de> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Inside<'_, 'de> {
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
        while let Some(JsonString(name)) = entries.next_key()? {
            let value = entries.next_value_seed(inside)?;
            // With its feature `arbitrary_precision`, which any crate in the build may switch on, serde_json hands
            // over a number as a map of this one member.
            match &value {
                Json::Text(digits) if name == "$serde_json::private::Number" => {
                    return digits.parse().map(Json::Number).map_err(A::Error::custom);
                }
                _ if self.is_root => self.seen.borrow_mut().members.push((name.into(), value)),
                _ => members.push((name.into(), value)),
            }
        }
        let seen = &mut *self.seen.borrow_mut();
        let members = if self.is_root { std::mem::take(&mut seen.members) } else { members };
        Ok(Json::Object(Object::new(members, &mut seen.conflicts)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Option<Json<'_>> {
        let parsed = Json::parse(text)?;
        (!parsed.is_cut && parsed.rest.trim().is_empty() && parsed.conflicts.is_empty()).then_some(parsed.json)
    }

    #[test]
    fn is_not_whole() {
        let rows = [
            ("", "nothing"),
            (r#"{"kind":"a","kind":"b"}"#, "a member twice"),
            (r#"{"kind":"a","k\u0069nd":"b"}"#, "a member twice, once escaped"),
            (r#"{"a":{"b":1,"b":2}}"#, "a member twice, further in"),
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
        ];
        for (text, what) in rows {
            assert!(whole(text).is_none(), "{what}: {text}");
        }
        let many: String = (0..2_000).map(|n| format!("\"m{n}\":0,")).collect();
        assert!(whole(&format!("{{{many}\"z\":0}}")).is_some());
        assert!(whole(&format!("{{{many}\"m7\":1}}")).is_none());
    }

    #[test]
    fn one_value_of_a_member_that_stands_twice_is_enough() {
        let parsed = Json::parse(r#"{"a":1,"b":2,"a":1,"b":3,"c":4}"#).unwrap();
        let object = parsed.json.as_object().unwrap();
        assert_eq!((object.integer("a"), object.integer("b"), object.integer("c")), (Some(1), None, Some(4)));
        assert_eq!((parsed.conflicts, parsed.is_cut), (vec!["b".to_owned()], false));
    }

    #[test]
    fn the_first_members_of_a_cut_object_count() {
        for text in [r#"{"a":1,"b":{"c":2},"d":[1,"#, r#"{"a":1,"b":{"c":2},"d"#, r#"{"a":1,"b":{"c":2},,"#] {
            let parsed = Json::parse(text).unwrap();
            let object = parsed.json.as_object().unwrap();
            assert!(parsed.is_cut && object.has("a") && object.has("b") && !object.has("d"), "{text}");
        }
        assert!(Json::parse("[1,").is_none() && Json::parse("{").unwrap().is_cut);
    }

    #[test]
    fn bounds_the_depth() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(whole(&nested(64)).is_some());
        assert!(whole(&nested(65)).is_none());
        assert!(whole(&"[".repeat(10_000)).is_none());
        assert!(whole(&r#"{"a":"#.repeat(10_000)).is_none());
    }

    #[test]
    fn borrows_what_is_not_escaped() {
        let json = whole("{\"__proto__\":\"plain\",\"b\":\"\\u0000\"}").unwrap();
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
            assert_eq!(whole(text).unwrap().as_integer(), expected, "{text}");
        }
    }
}
