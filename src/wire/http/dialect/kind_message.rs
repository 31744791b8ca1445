//! `{"kind": "task_not_found", "message": "..."}`, also under `error`, also with `details`: the dialect of this crate.

use std::{borrow::Cow, fmt};

use bytes::Bytes;
use serde_core::{
    Deserializer as _,
    de::{DeserializeSeed, MapAccess, Visitor},
};

use super::{
    token,
    write::{List, put_list},
};
use crate::{
    model::{JsonString, JsonText, is_plain, plain_len},
    wire::http::{
        Dialect, Origins, Reading,
        json::{Object, without_mark},
        reading::Page,
    },
};

pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    if is_named(object) {
        return Some(read_named(object, page));
    }
    // Misskey says of an error whose it is: `{"error": {"kind": "client"}}`.
    let is_named_error = |error: &Object<'_>| is_named(error) && error.text("kind").is_some_and(token::is_token);
    if object.object("error").is_some_and(is_named_error) {
        return object.within_object("error", |inner| read_named(inner, page).under("error", page));
    }
    None
}

fn is_named(object: &Object<'_>) -> bool {
    // A Kubernetes `Status` has its kind in `reason`.
    let is_kubernetes = object.text("kind") == Some("Status") && object.has("apiVersion");
    object.text("kind").is_some_and(|kind| !token::is_shape(kind)) && object.text("message").is_some() && !is_kubernetes
}

fn read_named(object: &mut Object<'_>, page: &Page<'_>) -> Reading {
    let mut reading = Reading::strong(Dialect::KindMessage);
    reading.kind = object.take_text("kind").map(|kind| page.share(kind));
    reading.message = object.take_text("message").map(|message| page.share(message));
    reading.origins = Origins { kind: Some(Cow::Borrowed("kind")), ..Origins::new(None, Some("message"), None) };
    reading.take_details(object, "details", Some(Cow::Borrowed("details")));
    reading
}

/// Exactly `{"kind": text, "message": text}`, and `"details": list` if the reader of details takes it, which keeps them.
#[derive(Debug, PartialEq)]
pub(crate) struct KindMessage<'a> {
    pub(crate) kind: Cow<'a, str>,
    pub(crate) message: Cow<'a, str>,
}

impl<'a> KindMessage<'a> {
    /// `None` if the body is anything else.
    pub(in crate::wire::http) fn parse(body: &'a [u8], details: impl DeserializeSeed<'a, Value = ()>) -> Option<Self> {
        if body.starts_with(br#"{"kind":""#)
            && let Some(plain) = Self::plain(body)
        {
            return Some(plain);
        }
        let start = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body).trim_ascii_start();
        if start.strip_prefix(b"{").is_none_or(|members| is_other(members.trim_ascii_start())) {
            return None;
        }
        let text = without_mark(str::from_utf8(body).ok()?);
        let mut reader = serde_json::Deserializer::from_str(text);
        let read = reader.deserialize_map(Members(details)).ok()??;
        reader.end().is_ok().then_some(read)
    }

    /// Without blanks and escapes, as this crate writes it: the most frequent body of all needs no parser.
    fn plain(body: &'a [u8]) -> Option<Self> {
        const START: &[u8] = br#"{"kind":""#;
        const END: &[u8] = br#""}"#;
        let rest = body.strip_prefix(START)?;
        let (kind, rest) = rest.split_at(plain_len(rest));
        let message = rest.strip_prefix(br#"","message":""#)?.strip_suffix(END)?;
        if !is_plain(message) {
            return None;
        }
        let text = str::from_utf8(body).ok()?;
        let kind = text.get(START.len()..START.len() + kind.len())?;
        let message = text.get(text.len() - END.len() - message.len()..text.len() - END.len())?;
        Some(Self { kind: Cow::Borrowed(kind), message: Cow::Borrowed(message) })
    }
}

/// Whether the members are those of another dialect, as far as the first two show it: to learn that by a parser costs a quarter of
/// what it takes to read them.
fn is_other(members: &[u8]) -> bool {
    const NAMES: [&[u8]; 3] = [br#""kind""#, br#""message""#, br#""details""#];
    let is_other = |name: &[u8]| !NAMES.iter().any(|own| name.starts_with(own));
    if is_other(members) {
        return true;
    }
    // `"kind": "..."`, without escapes between the quotes.
    let mut parts = members.splitn(5, |byte| *byte == b'"').skip(2);
    let (Some(between), Some(text), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let second = rest.trim_ascii_start().strip_prefix(b",").map(<[u8]>::trim_ascii_start);
    between.trim_ascii() == b":" && !text.contains(&b'\\') && second.is_some_and(is_other)
}

/// Reads the members, in any order, with what reads the details.
struct Members<S>(S);

impl<'de, S: DeserializeSeed<'de, Value = ()>> Visitor<'de> for Members<S> {
    /// `None` where an error says no more, and takes time to be written.
    type Value = Option<KindMessage<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("kind and message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let (mut kind, mut message, mut details) = (None, None, Some(self.0));
        while let Some(JsonString(name)) = members.next_key()? {
            let is_new = match &*name {
                "kind" => kind.replace(members.next_value::<JsonString<'de>>()?.0).is_none(),
                "message" => message.replace(members.next_value::<JsonString<'de>>()?.0).is_none(),
                "details" => details.take().map(|details| members.next_value_seed(details)).transpose()?.is_some(),
                _ => false,
            };
            if !is_new {
                return Ok(None);
            }
        }
        let (Some(kind), Some(message)) = (kind, message) else { return Ok(None) };
        Ok(Some(KindMessage { kind, message }))
    }
}

/// `{"kind": ..., "message": ...}`, and `details` as the third member if there are any to show. Without them, it takes one
/// allocation.
pub(super) fn write(kind: &str, message: &str, details: Option<List<'_>>) -> Bytes {
    // The most frequent body of all is written at once.
    if details.is_none() && is_plain(kind) && is_plain(message) {
        return [r#"{"kind":""#, kind, r#"","message":""#, message, r#""}"#].concat().into();
    }
    let (kind, message) = (JsonText::of(kind), JsonText::of(message));
    let list_len = details.map_or(0, |list| r#","details":"#.len() + list.len);
    // `Bytes` takes a vector over without another allocation only if it is full.
    let mut out = Vec::with_capacity(r#"{"kind":,"message":}"#.len() + kind.len + message.len + list_len);
    out.extend_from_slice(br#"{"kind":"#);
    kind.push_to(&mut out);
    out.extend_from_slice(br#","message":"#);
    message.push_to(&mut out);
    put_list(&mut out, details);
    out.push(b'}');
    out.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_core::{
        Deserialize, Deserializer,
        de::{Error as _, IgnoredAny},
    };
    use serde_json::{Value as Json, json};

    use super::*;

    /// Takes no list of details.
    struct NoDetails;

    impl<'de> DeserializeSeed<'de> for NoDetails {
        type Value = ();

        fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<(), D::Error> {
            Err(D::Error::custom("none"))
        }
    }

    /// Takes any list, and counts it.
    struct AnyList<'a>(&'a mut usize);

    impl<'de> DeserializeSeed<'de> for AnyList<'_> {
        type Value = ();

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
            Vec::<IgnoredAny>::deserialize(deserializer).map(|_| *self.0 += 1)
        }
    }

    #[test]
    fn reads_what_is_plain_as_a_parser_does() {
        let rows = [
            r#"{"kind":"k","message":"m"}"#,
            r#"{"kind":"","message":""}"#,
            "{\"kind\":\"größe\",\"message\":\"a\u{7f}/b\"}",
            r#"{"kind":"k","message":"a\"b"}"#,
            r#"{"kind":"k","message":"m\"}"#,
            r#"{"kind":"k\","message":"m"}"#,
            r#"{"kind":"k","message":"m","x":"y"}"#,
            r#"{"kind":"k","message":"m" }"#,
            "{\"kind\":\"k\",\"message\":\"a\tb\"}",
            r#"{"kind":"k","message":"m"}"}"#,
            r#"{"kind":"k","message":""#,
            r#"{"kind":"k","message":"}"#,
        ];
        for (at, text) in rows.into_iter().enumerate() {
            let plain = KindMessage::plain(text.as_bytes());
            assert_eq!(plain.is_some(), at < 3, "{text}");
            let mut reader = serde_json::Deserializer::from_str(text);
            let parsed = reader.deserialize_map(Members(NoDetails)).ok().flatten().filter(|_| reader.end().is_ok());
            assert!(plain.is_none() || plain == parsed, "{text}");
        }
    }

    #[test]
    fn takes_only_the_exact_shape_without_a_tree() {
        let rows = [
            ("\u{feff} {\"message\":\"m\",\"kind\":\"k\"}\n", Some(0)),
            (r#"{"kind":"k","message":"m","details":[]}"#, Some(1)),
            (r#"{"details":[{"a":"b"}],"message":"m\"","kind":"k"}"#, Some(1)),
            (r#"{"kind":"k","message":"m","details":{}}"#, None),
            (r#"{"kind":"k","message":"m","details":[],"details":[]}"#, None),
            (r#"["k","m"]"#, None),
            (r#"{"kind":"k"}"#, None),
            (r#"{"kind":"k","details":[]}"#, None),
            (r#"{"kind":"k","message":null}"#, None),
            (r#"{"kind":"k","kind":"k","message":"m"}"#, None),
            (r#"{"kind":"k","k\u0069nd":"k","message":"m"}"#, None),
            (r#"{"kind":"k","message":"m"}x"#, None),
            (r#"{"kind":"k","message":"m","x":1}"#, None),
            ("\u{c}{\"kind\":\"k\",\"message\":\"m\"}", None),
        ];
        for (text, expected) in rows {
            let mut lists = 0;
            let read = KindMessage::parse(text.as_bytes(), AnyList(&mut lists));
            assert_eq!(read.map(|_| lists), expected, "{text}");
        }
        assert_eq!(KindMessage::parse(br#"{"kind":"k","message":"m","details":[]}"#, NoDetails), None);
    }

    #[test]
    fn exact_bytes() {
        let rows: [(&str, &str, &str, Option<Json>, &str); 5] = [
            (
                "plain",
                "task_not_found",
                "Task does not exist.",
                None,
                r#"{"kind":"task_not_found","message":"Task does not exist."}"#,
            ),
            ("empty", "", "", None, r#"{"kind":"","message":""}"#),
            (
                "escapes",
                "a",
                "\"\\/\u{8}\t\n\u{c}\r\u{1}\u{7f}\u{2028}ä😈",
                None,
                "{\"kind\":\"a\",\"message\":\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0001\u{7f}\u{2028}ä😈\"}",
            ),
            ("no details", "a", "b", Some(json!([])), r#"{"kind":"a","message":"b","details":[]}"#),
            (
                "details",
                "a",
                "b",
                Some(json!([{"@type": "x"}, 1])),
                r#"{"kind":"a","message":"b","details":[{"@type":"x"},1]}"#,
            ),
        ];
        for (name, kind, message, details, expected) in rows {
            let details = details.map(|details| details.to_string());
            let write = |out: &mut Vec<u8>| out.extend_from_slice(details.as_deref().unwrap_or_default().as_bytes());
            let list = details.as_ref().map(|_| List { len: 0, write: &write });
            assert_eq!(super::write(kind, message, list), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(kind in any::<String>(), message in any::<String>()) {
            let body = write(&kind, &message, None);
            let json: Json = serde_json::from_slice(&body).unwrap();
            prop_assert_eq!(json, json!({"kind": kind, "message": message}));
        }
    }
}
