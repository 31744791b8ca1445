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
        let mut parts = SmallVec::<[(ByteString, Range<usize>); 8]>::new();
        loop {
            let start = out.len();
            let Some(type_url) = items.next_element_seed(Whole { fields: None, pool: None, out: &mut out })? else {
                break;
            };
            parts.push((type_url, start..out.len()));
        }
        let bytes = Bytes::from(out);
        Ok(parts.into_iter().map(|(type_url, part)| Detail::new(type_url, bytes.slice(part))).collect())
    }
}

/// `None` for what is not usual.
pub(in crate::wire::grpc::json) fn detail(json: &Json) -> Option<Detail> {
    let object = json.as_object()?;
    let (standard, type_url) = typed(object.get("@type")?.as_str()?)?;
    let mut out = Vec::with_capacity(256);
    let members = object.iter().filter(|(name, _)| *name != "@type").map(|(name, json)| (&**name, json));
    members_of(&standard.fields, MapDeserializer::<_, serde_json::Error>::new(members), None, &mut out).ok()?;
    // As long as it has to be: details are kept for as long as their error.
    Some(Detail::new(type_url, Bytes::copy_from_slice(&out)))
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

fn typed(type_url: &str) -> Option<(&'static Standard, ByteString)> {
    let standard = Standard::of(DetailType::of(type_url.rsplit_once('/').map_or(type_url, |(_, name)| name)))?;
    let type_url = match type_url {
        usual if usual == standard.type_url => ByteString::from_static(standard.type_url),
        other => other.into(),
    };
    Some((standard, type_url))
}

/// A whole message, which is appended as bytes.
struct Whole<'a> {
    /// Without them, the object begins with `@type`, which is the result then.
    fields: Option<&'a [Field]>,
    pool: Option<&'a DescriptorPool>,
    out: &'a mut Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = ByteString;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ByteString, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ByteString;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<ByteString, A::Error> {
        let (fields, type_url) = match self.fields {
            Some(fields) => (fields, ByteString::new()),
            None => {
                let is_type = members.next_key_seed(Text(|name: &str| (name == "@type").then_some(())))?;
                is_type.ok_or_else(unusual)?;
                let (standard, type_url) = members.next_value_seed(Text(typed))?;
                (&*standard.fields, type_url)
            }
        };
        members_of(fields, members, self.pool, self.out)?;
        Ok(type_url)
    }
}
