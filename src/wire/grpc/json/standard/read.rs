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

/// Reads a list of details. An error means no more than that the list is not usual.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StandardDetails;

impl<'de> DeserializeSeed<'de> for StandardDetails {
    type Value = Details;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Details, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for StandardDetails {
    type Value = Details;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of details")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Details, A::Error> {
        // All share one allocation.
        let mut out = Vec::with_capacity(512);
        let mut parts = SmallVec::<[(Typed, Range<usize>); 8]>::new();
        loop {
            let start = out.len();
            let Some(typed) = items.next_element_seed(Whole { fields: None, pool: None, out: &mut out })? else {
                break;
            };
            parts.push((typed, start..out.len()));
        }
        let bytes = Bytes::from(out);
        Ok(parts.into_iter().map(|(typed, part)| typed.detail(bytes.slice(part))).collect())
    }
}

/// `None` for what is not usual.
pub(in crate::wire::grpc::json) fn detail(json: &Json) -> Option<Detail> {
    let object = json.as_object()?;
    let (standard, typed) = Typed::of(object.get("@type")?.as_str()?)?;
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
    Whole { fields: Some(fields), pool: Some(pool), out: &mut out }.deserialize(&mut reader).ok()?;
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
    fn of(type_url: &str) -> Option<(&'static Standard, Self)> {
        let (detail_type, type_url) = match DetailType::of_common_url(type_url.as_bytes()) {
            DetailType::Other => {
                (DetailType::of(type_url.rsplit_once('/').map_or(type_url, |(_, name)| name)), type_url.into())
            }
            common => (common, ByteString::new()),
        };
        Some((Standard::of(detail_type)?, Self { detail_type, type_url }))
    }

    fn detail(self, value: Bytes) -> Detail {
        let Self { detail_type, type_url } = self;
        if type_url.is_empty() { Detail::of_type(detail_type, value) } else { Detail::new(type_url, value) }
    }
}

/// A whole message, which is appended as bytes.
struct Whole<'a> {
    /// Without them, the object begins with `@type`, which is the result then.
    fields: Option<&'a [Field]>,
    pool: Option<&'a DescriptorPool>,
    out: &'a mut Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = Typed;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Typed, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = Typed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Typed, A::Error> {
        let (fields, typed) = match self.fields {
            Some(fields) => (fields, Typed::default()),
            None => {
                let is_type = members.next_key_seed(Text(|name: &str| (name == "@type").then_some(())))?;
                is_type.ok_or_else(unusual)?;
                let (standard, typed) = members.next_value_seed(Text(Typed::of))?;
                (&*standard.fields, typed)
            }
        };
        members_of(fields, members, self.pool, self.out)?;
        Ok(typed)
    }
}
