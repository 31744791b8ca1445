//! The members of one message.

use std::{borrow::Cow, fmt};

use prost::{Message, encoding::encode_varint};
use prost_reflect::DescriptorPool;
use prost_types::Duration;
use serde_core::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use smallvec::SmallVec;

use super::shape::{Content, Field, MAX_FIELDS, Seen, Standard};
use crate::{
    model::{DetailType, JsonString, close, open, put_field, put_varint},
    wire::grpc::json::{scalar::base64, well_known::is_writable},
};

/// `pool` says which types of `Any` are known; without it, an `Any` is not usual.
pub(super) fn members_of<'de, A: MapAccess<'de>>(
    fields: &[Field],
    mut members: A,
    pool: Option<&DescriptorPool>,
    out: &mut Vec<u8>,
) -> Result<(), A::Error> {
    // Where the bytes of each field begin.
    let mut starts = [None; MAX_FIELDS];
    let mut oneofs = Seen::default();
    let position = |name: &str| fields.iter().position(|field| field.is_named(name));
    while let Some(at) = members.next_key_seed(Text(position))? {
        let start = out.len();
        let field = &fields[at];
        members.next_value_seed(Value { field, is_item: false, pool, out })?;
        if starts[at].replace(start).is_some() {
            return Err(unusual());
        }
        // `null` gives none of them.
        if out.len() > start {
            oneofs.see(field.oneof).ok_or_else(unusual)?;
        }
        // Fields stand in the order of their numbers.
        let behind = &mut starts[at + 1..fields.len()];
        if let Some(first_behind) = behind.iter().copied().flatten().min() {
            let len = out.len() - start;
            out[first_behind..].rotate_right(len);
            behind.iter_mut().flatten().for_each(|start| *start += len);
            starts[at] = Some(first_behind);
        }
    }
    Ok(())
}

/// The content of a field, or an item of its list, which is appended as bytes.
struct Value<'a> {
    field: &'a Field,
    is_item: bool,
    pool: Option<&'a DescriptorPool>,
    out: &'a mut Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field of a detail")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if self.field.is_list && !self.is_item {
            return Err(unusual());
        }
        self.field.put_text(text, self.out).ok_or_else(unusual)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        match self.field.content {
            Content::Bool => self.field.put_varint(value.into(), self.out),
            _ => return Err(unusual()),
        }
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        i64::try_from(number).ok().and_then(|number| self.field.put_number(number, self.out)).ok_or_else(unusual)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.field.put_number(number, self.out).ok_or_else(unusual)
    }

    /// Leaves the field unset.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.is_item { Err(unusual()) } else { Ok(()) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self { field, is_item, pool, out } = self;
        if !field.is_list || is_item {
            return Err(unusual());
        }
        while items.next_element_seed(Value { field, is_item: true, pool, out })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        let Self { field, is_item, pool, out } = self;
        match &field.content {
            Content::Texts => return entries(field.key, members, out),
            Content::Message(fields) if field.is_list == is_item => {
                let at = open(field.key, out);
                members_of(fields, members, pool, out)?;
                close(at, out);
            }
            Content::Any if field.is_list == is_item => {
                let at = open(field.key, out);
                any(members, pool.ok_or_else(unusual)?, out)?;
                close(at, out);
            }
            _ => return Err(unusual()),
        }
        Ok(())
    }
}

/// A `google.protobuf.Any`, whose fields 1 and 2 are type URL and value.
fn any<'de, A: MapAccess<'de>>(mut members: A, pool: &DescriptorPool, out: &mut Vec<u8>) -> Result<(), A::Error> {
    let is = |expected| move |name: &str| (name == expected).then_some(());
    let Some(()) = members.next_key_seed(Text(is("@type")))? else { return Ok(()) };
    let JsonString(type_url) = members.next_value()?;
    put_field(out, 0x0a, type_url.as_bytes());
    let start = out.len();
    let at = open(0x12, out);
    let type_name = type_url.rsplit_once('/').map_or(&*type_url, |(_, name)| name);
    if let Some(standard) = Standard::of(DetailType::of(type_name)) {
        members_of(&standard.fields, members, None, out)?;
    } else if pool.get_message_by_name(type_name).is_some() {
        return Err(unusual());
    } else if members.next_key_seed(Text(is("value")))?.is_some() {
        out.extend_from_slice(&members.next_value_seed(Text(base64))?);
        if members.next_key_seed(Text(|_: &str| Some(())))?.is_some() {
            return Err(unusual());
        }
    }
    // What is empty is left out.
    if out.len() == at + 1 {
        out.truncate(start);
    } else {
        close(at, out);
    }
    Ok(())
}

/// The entries of a map in the order of their names; in each, what is empty is left out.
fn entries<'de, A: MapAccess<'de>>(key: u8, mut members: A, out: &mut Vec<u8>) -> Result<(), A::Error> {
    let mut entries = SmallVec::<[(Cow<'de, str>, Cow<'de, str>); 4]>::new();
    while let Some(JsonString(name)) = members.next_key()? {
        let JsonString(value) = members.next_value()?;
        entries.push((name, value));
    }
    entries.sort_unstable();
    // Names that begin like this are those under which serde_json hides other values.
    let is_odd = |(name, _): &(Cow<'_, str>, _)| name.starts_with("$serde_json::");
    if entries.iter().any(is_odd) || entries.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(unusual());
    }
    for (name, value) in entries {
        let at = open(key, out);
        for (key, text) in [(0x0a, name), (0x12, value)] {
            put_field(out, key, text.as_bytes());
        }
        close(at, out);
    }
    Ok(())
}

/// A text that means something.
pub(super) struct Text<F>(pub(super) F);

impl<'de, T, F: FnOnce(&str) -> Option<T>> DeserializeSeed<'de> for Text<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T, F: FnOnce(&str) -> Option<T>> Visitor<'_> for Text<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).ok_or_else(unusual)
    }
}

pub(super) fn unusual<E: Error>() -> E {
    E::custom("not usual")
}

/// Texts, numbers and booleans of JSON as bytes. `None` for what is not usual in a field.
impl Field {
    fn put_text(&self, text: &str, out: &mut Vec<u8>) -> Option<()> {
        match &self.content {
            Content::Text => self.put_bytes(text.as_bytes(), out),
            Content::Bytes => self.put_bytes(&base64(text)?, out),
            Content::Int64 => {
                let number: i64 = Some(text).filter(|text| !text.starts_with('+'))?.parse().ok()?;
                self.put_varint(number as u64, out);
            }
            Content::Enum(names) => {
                let quotes =
                    |quoted: &str| quoted.strip_prefix('"').and_then(|name| name.strip_suffix('"')) == Some(text);
                let (number, _) = names.iter().find(|(_, quoted)| quotes(quoted))?;
                self.put_varint(*number as u64, out);
            }
            Content::Duration => {
                let duration: Duration = text.parse().ok().filter(is_writable)?;
                // Only what we would write: no other spelling.
                if duration.to_string() != text {
                    return None;
                }
                let at = open(self.key, out);
                duration.encode(out).ok()?;
                close(at, out);
            }
            Content::Bool | Content::Int32 | Content::Uint32 | Content::Texts | Content::Any | Content::Message(_) => {
                return None;
            }
        }
        Some(())
    }

    fn put_number(&self, number: i64, out: &mut Vec<u8>) -> Option<()> {
        let fits = match self.content {
            Content::Int32 | Content::Enum(_) => i32::try_from(number).is_ok(),
            Content::Uint32 => u32::try_from(number).is_ok(),
            Content::Int64 => true,
            _ => false,
        };
        fits.then(|| self.put_varint(number as u64, out))
    }

    fn put_bytes(&self, bytes: &[u8], out: &mut Vec<u8>) {
        if self.keeps_default || !bytes.is_empty() {
            out.push(self.key);
            put_varint(out, bytes.len());
            out.extend_from_slice(bytes);
        }
    }

    fn put_varint(&self, number: u64, out: &mut Vec<u8>) {
        if self.keeps_default || number != 0 {
            out.push(self.key);
            encode_varint(number, out);
        }
    }
}
