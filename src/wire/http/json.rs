//! JSON as it stands in a body: borrowed, bounded in depth, each member once.
//!
//! `serde_json::Value` would keep the last of two members of one name, where another reader keeps the first
//! (<https://bishopfox.com/blog/json-interoperability-vulnerabilities>), and would copy every string.

// docs/rules.md: R-BODY-2, R-BODY-3

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    fmt,
    ops::Deref,
};

use serde_core::{
    Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Number, Value};

use crate::model::{Depth, JsonString};

/// How many lists and objects may be inside one another. It also bounds the stack that dropping a tree takes.
pub(super) const MAX_DEPTH: Depth = Depth::of(64);

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

/// What is read of a text.
#[derive(Debug)]
pub(super) struct Parsed<'a> {
    pub(super) json: Json<'a>,
    /// What follows the first value.
    pub(super) rest: &'a str,
    /// Members that stand twice with different values, and were not read.
    pub(super) conflicts: Vec<String>,
    /// Whether the text ends, or breaks, inside of the value, which holds the members before that.
    pub(super) is_cut: bool,
}

impl<'a> Json<'a> {
    /// Reads the first value of a text. Of an object that is cut its first complete members count.
    pub(super) fn parse(text: &'a str) -> Option<Parsed<'a>> {
        let seen = RefCell::new(Seen::default());
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

    pub(super) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    /// Whether this is an object, or a list with one.
    pub(super) fn holds_object(&self) -> bool {
        match self {
            Self::Object(_) => true,
            Self::List(list) => list.iter().any(|item| item.as_object().is_some()),
            _ => false,
        }
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
                object.into_members().map(|(name, json)| (name.text.into_owned(), json.into_value())).collect(),
            ),
        }
    }
}

/// The name of a member.
#[derive(Clone, Debug)]
pub(super) struct Name<'a> {
    pub(super) text: Cow<'a, str>,
    /// What it says, once somebody has asked.
    pub(super) word: Cell<Option<u16>>,
}

impl<'a> From<Cow<'a, str>> for Name<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self { text, word: Cell::new(None) }
    }
}

impl Deref for Name<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// A name and a value.
pub(super) type Member<'a> = (Name<'a>, Json<'a>);

/// The members of one object, in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object<'a>(Vec<Member<'a>>);

impl<'a> Object<'a> {
    /// Without the members that stand twice with different values: another reader takes the one or the other
    /// (<https://bishopfox.com/blog/json-interoperability-vulnerabilities>). The names of these are added to `conflicts`.
    pub(super) fn new(mut members: Vec<Member<'a>>, conflicts: &mut Vec<String>) -> Self {
        // Most objects are small, and to compare each with each costs less than to sort them.
        let is_repeated = |at: usize| members[..at].iter().any(|(name, _)| is_same(name, &members[at].0));
        if members.len() <= 8 && !(1..members.len()).any(is_repeated) {
            return Self(members);
        }
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by(|a, b| members[*a].0.cmp(&members[*b].0).then(a.cmp(b)));
        let mut is_gone = vec![false; members.len()];
        for group in order.chunk_by(|a, b| members[*a].0 == members[*b].0) {
            let differs = group.iter().any(|at| members[*at].1 != members[group[0]].1);
            group[usize::from(!differs)..].iter().for_each(|at| is_gone[*at] = true);
            if differs {
                conflicts.push(members[group[0]].0.chars().take(64).collect());
            }
        }
        let mut at = 0;
        members.retain(|_| {
            at += 1;
            !is_gone[at - 1]
        });
        Self(members)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.0.iter().find(|(candidate, _)| is_same(candidate, name)).map(|(_, json)| json)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_integer()
    }

    pub(super) fn list(&self, name: &str) -> Option<&[Json<'a>]> {
        self.get(name)?.as_list()
    }

    pub(super) fn object(&self, name: &str) -> Option<&Object<'a>> {
        self.get(name)?.as_object()
    }

    pub(super) fn members(&self) -> impl Iterator<Item = (&Name<'a>, &Json<'a>)> {
        self.0.iter().map(|(name, json)| (name, json))
    }

    pub(super) fn into_members(self) -> impl Iterator<Item = Member<'a>> {
        self.0.into_iter()
    }

    /// Whether nothing is left that says anything.
    pub(super) fn is_spent(&self) -> bool {
        self.0.iter().all(|(_, json)| json.is_nothing())
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Json<'a>> {
        let at = self.0.iter().position(|(candidate, _)| is_same(candidate, name))?;
        Some(self.0.remove(at).1)
    }

    /// Takes a text; another type stays.
    pub(super) fn take_text(&mut self, name: &str) -> Option<Cow<'a, str>> {
        self.text(name)?;
        if let Some(Json::Text(text)) = self.take(name) { Some(text) } else { None }
    }

    /// Takes all members that are texts.
    pub(super) fn take_texts(&mut self) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> {
        let texts = self.0.extract_if(.., |(_, json)| json.as_text().is_some());
        texts.filter_map(|(name, json)| if let Json::Text(text) = json { Some((name.text, text)) } else { None })
    }

    /// Lets `read` take a part of the value of this name, which goes if nothing is left of it.
    pub(super) fn within<T>(&mut self, name: &str, read: impl FnOnce(&mut Json<'a>) -> T) -> Option<T> {
        let at = self.0.iter().position(|(candidate, _)| is_same(candidate, name))?;
        let json = &mut self.0[at].1;
        let result = read(json);
        if json.is_nothing() {
            self.0.remove(at);
        }
        Some(result)
    }

    /// Lets `read` take members of the object of this name.
    pub(super) fn within_object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.object(name)?;
        self.within(name, |json| if let Json::Object(inner) = json { Some(read(inner)) } else { None })?
    }

    /// Lets `read` take members of the first object in the list of this name.
    pub(super) fn within_first<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.list(name)?.first()?.as_object()?;
        self.within(name, |json| {
            let Json::List(list) = json else { return None };
            let Some(Json::Object(first)) = list.first_mut() else { return None };
            let result = read(first);
            if list.iter().all(Json::is_nothing) {
                list.clear();
            }
            Some(result)
        })?
    }

    /// Takes those of a list of this name that are meant.
    pub(super) fn take_items(&mut self, name: &str, is_meant: impl Fn(&Json<'a>) -> bool) -> Vec<Json<'a>> {
        if self.list(name).is_none() {
            return Vec::new();
        }
        let items = self.within(name, |json| match json {
            Json::List(list) => list.extract_if(.., |item| is_meant(item)).collect(),
            _ => Vec::new(),
        });
        items.unwrap_or_default()
    }
}

/// Whether two names are one. Most of the same length begin with another letter, which one look shows.
fn is_same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.as_bytes().first() == b.as_bytes().first() && a == b
}

/// What follows the first value of a text.
fn behind(text: &str) -> &str {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let _ = values.next();
    text.get(values.byte_offset()..).unwrap_or_default()
}

/// RFC 8259 forbids the mark to writers and lets readers ignore it; some writers on Windows put it there.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// What is kept outside of the parser.
#[derive(Default)]
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
