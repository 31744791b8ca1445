//! The body of the default dialect, which is read without a tree.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer as _,
    de::{DeserializeSeed, Error, MapAccess, Visitor},
};

use super::json::{Text, without_mark};
use crate::model::{Details, is_plain, is_plain_byte};

/// Exactly `{"kind": text, "message": text}`, and `"details": list` if the reader of details takes it.
#[derive(Debug, PartialEq)]
pub(super) struct KindMessage<'a> {
    pub(super) kind: Cow<'a, str>,
    pub(super) message: Cow<'a, str>,
    pub(super) details: Details,
}

impl<'a> KindMessage<'a> {
    /// `None` if the text is anything else.
    pub(super) fn parse(text: &'a str, details: impl DeserializeSeed<'a, Value = Details>) -> Option<Self> {
        if let Some(plain) = Self::plain(text) {
            return Some(plain);
        }
        let mut reader = serde_json::Deserializer::from_str(without_mark(text));
        let read = reader.deserialize_map(Members(details)).ok()?;
        reader.end().is_ok().then_some(read)
    }

    /// Without blanks and escapes, as this crate writes it: the most frequent body of all needs no parser.
    fn plain(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix(r#"{"kind":""#)?;
        let (kind, rest) = rest.split_at(rest.bytes().position(|byte| byte == b'"' || !is_plain_byte(byte))?);
        let message = rest.strip_prefix(r#"","message":""#)?.strip_suffix(r#""}"#)?;
        is_plain(message).then(|| Self {
            kind: Cow::Borrowed(kind),
            message: Cow::Borrowed(message),
            details: Details::new(),
        })
    }
}

/// Reads the members, in any order, with what reads the details.
struct Members<S>(S);

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Member {
    Kind,
    Message,
    Details,
}

impl<'de, S: DeserializeSeed<'de, Value = Details>> Visitor<'de> for Members<S> {
    type Value = KindMessage<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("kind and message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let (mut kind, mut message, mut details, mut seed) = (None, None, None, Some(self.0));
        while let Some(member) = members.next_key()? {
            let is_new = match member {
                Member::Kind => kind.replace(members.next_value::<Text<'de>>()?.0).is_none(),
                Member::Message => message.replace(members.next_value::<Text<'de>>()?.0).is_none(),
                Member::Details => match seed.take() {
                    Some(seed) => details.replace(members.next_value_seed(seed)?).is_none(),
                    None => false,
                },
            };
            if !is_new {
                return Err(A::Error::custom("a member is repeated"));
            }
        }
        let (Some(kind), Some(message)) = (kind, message) else { return Err(A::Error::custom("a member is missing")) };
        Ok(KindMessage { kind, message, details: details.unwrap_or_default() })
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserializer, de::IgnoredAny};

    use super::*;
    use crate::model::Detail;

    /// Takes no list of details.
    struct NoDetails;

    impl<'de> DeserializeSeed<'de> for NoDetails {
        type Value = Details;

        fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<Details, D::Error> {
            Err(D::Error::custom("none"))
        }
    }

    /// Takes any list, for one detail.
    struct Any;

    impl<'de> DeserializeSeed<'de> for Any {
        type Value = Details;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Details, D::Error> {
            Vec::<IgnoredAny>::deserialize(deserializer).map(|_| [Detail::new("a", "")].into())
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
            let plain = KindMessage::plain(text);
            assert_eq!(plain.is_some(), at < 3, "{text}");
            let mut reader = serde_json::Deserializer::from_str(text);
            let parsed = reader.deserialize_map(Members(NoDetails)).ok().filter(|_| reader.end().is_ok());
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
            assert_eq!(KindMessage::parse(text, Any).map(|read| read.details.len()), expected, "{text}");
        }
        assert_eq!(KindMessage::parse(r#"{"kind":"k","message":"m","details":[]}"#, NoDetails), None);
    }
}
