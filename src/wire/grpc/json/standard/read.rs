//! From JSON to bytes, as any `Deserializer` reads it: from text without a tree, or from a tree.

use std::{fmt, ops::Range};

use bytes::Bytes;
use bytestring::ByteString;
use prost_reflect::DescriptorPool;
use serde_core::{
    Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor, value::MapDeserializer},
};
use serde_json::Value as Json;
use smallvec::SmallVec;

use super::{
    members::{Text, members_of, unusual},
    shape::{self, Field, Standard},
};
use crate::model::{Detail, DetailType, Details};

/// Reads a list of details, which are added to these. An error means no more than that the list is not usual.
// To hand them over through the parser would move each of them several times.
#[derive(Debug)]
pub(crate) struct StandardDetails<'d>(pub(crate) &'d mut Details);

impl<'de> DeserializeSeed<'de> for StandardDetails<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for StandardDetails<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of details")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        // All share one allocation.
        let mut out = Vec::with_capacity(512);
        let mut parts = SmallVec::<[(Typed, Range<usize>); 8]>::new();
        loop {
            let (start, mut typed) = (out.len(), Typed::default());
            let whole = Whole { message: Message::Detail(&mut typed), pool: None, out: &mut out };
            if items.next_element_seed(whole)?.is_none() {
                break;
            }
            parts.push((typed, start..out.len()));
        }
        let bytes = Bytes::from(out);
        self.0.extend(parts.into_iter().map(|(typed, part)| typed.detail(bytes.slice(part))));
        Ok(())
    }
}

/// `None` for what is not usual.
pub(in crate::wire::grpc::json) fn detail(json: &Json) -> Option<Detail> {
    let object = json.as_object()?;
    let mut typed = Typed::default();
    let standard = typed.set(object.get("@type")?.as_str()?)?;
    let mut out = Vec::with_capacity(256);
    let members = object.iter().filter(|(name, _)| *name != "@type").map(|(name, json)| (&**name, json));
    members_of(&standard.fields, MapDeserializer::<_, serde_json::Error>::new(members), None, &mut out).ok()?;
    // As long as it has to be: details are kept for as long as their error.
    Some(typed.detail(Bytes::copy_from_slice(&out)))
}

/// Encodes a message of the service; `None` for what is not usual. An `Any` of a type that the pool does not know is base64.
pub(in crate::wire::grpc::json) fn message(full_name: &str, json: &str, pool: &DescriptorPool) -> Option<Vec<u8>> {
    let fields = shape::message(full_name)?;
    let mut out = Vec::with_capacity(json.len());
    let mut reader = serde_json::Deserializer::from_str(json);
    Whole { message: Message::Of(fields), pool: Some(pool), out: &mut out }.deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(out)
}

/// Which detail a message is. The URL is empty if it is the common one.
#[derive(Debug, Default)]
struct Typed {
    detail_type: DetailType,
    type_url: ByteString,
}

impl Typed {
    fn set(&mut self, type_url: &str) -> Option<&'static Standard> {
        self.detail_type = DetailType::of_common_url(type_url.as_bytes());
        if self.detail_type == DetailType::Other {
            self.detail_type = DetailType::of(type_url.rsplit_once('/').map_or(type_url, |(_, name)| name));
            self.type_url = type_url.into();
        }
        Standard::of(self.detail_type)
    }

    fn detail(self, value: Bytes) -> Detail {
        let Self { detail_type, type_url } = self;
        if type_url.is_empty() { Detail::of_type(detail_type, value) } else { Detail::new(type_url, value) }
    }
}

/// A whole message, which is appended as bytes.
struct Whole<'a> {
    message: Message<'a>,
    pool: Option<&'a DescriptorPool>,
    out: &'a mut Vec<u8>,
}

/// Which message an object is.
enum Message<'a> {
    /// One that has these fields.
    Of(&'a [Field]),
    /// The one that it says itself, by `@type` as the first member.
    Detail(&'a mut Typed),
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let fields = match self.message {
            Message::Of(fields) => fields,
            Message::Detail(typed) => {
                let is_type = members.next_key_seed(Text(|name: &str| (name == "@type").then_some(())))?;
                is_type.ok_or_else(unusual)?;
                &members.next_value_seed(Text(|type_url: &str| typed.set(type_url)))?.fields
            }
        };
        members_of(fields, members, self.pool, self.out)
    }
}
