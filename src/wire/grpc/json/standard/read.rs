//! From JSON to bytes.

use bytes::Bytes;
use bytestring::ByteString;
use prost::{Message, encoding::encode_varint};
use prost_types::Duration;
use serde_json::Value as Json;
use smallvec::SmallVec;

use super::shape::{Content, Field, MAX_FIELDS, Shape, Standard};
use crate::{model::Detail, wire::grpc::json::well_known::write_duration};

/// `None` for what is not usual.
pub(in crate::wire::grpc::json) fn detail(json: &Json) -> Option<Detail> {
    let object = json.as_object()?;
    let type_url = object.get("@type")?.as_str()?;
    let standard = Standard::find(type_url.rsplit('/').next()?)?;
    let mut out = Vec::with_capacity(256);
    message(&standard.shape, object.iter().filter(|(name, _)| *name != "@type"), &mut out)?;
    let type_url = match type_url {
        usual if usual == standard.type_url => ByteString::from_static(standard.type_url),
        other => other.into(),
    };
    // As long as it has to be: details are kept for as long as their error.
    Some(Detail::new(type_url, Bytes::copy_from_slice(&out)))
}

fn message<'a>(shape: &Shape, members: impl Iterator<Item = (&'a String, &'a Json)>, out: &mut Vec<u8>) -> Option<()> {
    let mut contents = [None; MAX_FIELDS];
    for (name, json) in members {
        let at = shape.fields.iter().position(|field| field.name == *name)?;
        *contents.get_mut(at)? = Some(json);
    }
    for (field, json) in shape.fields.iter().zip(contents) {
        if let Some(json) = json {
            content(field, json, out)?;
        }
    }
    Some(())
}

fn content(field: &Field, json: &Json, out: &mut Vec<u8>) -> Option<()> {
    match &field.content {
        Content::Texts => entries(field.key, json, out),
        _ if field.is_list => json.as_array()?.iter().try_for_each(|item| single(field, item, out)),
        _ => single(field, json, out),
    }
}

fn single(field: &Field, json: &Json, out: &mut Vec<u8>) -> Option<()> {
    match &field.content {
        Content::Text => {
            let text = json.as_str()?;
            if field.keeps_default || !text.is_empty() {
                put_text(field.key, text, out);
            }
        }
        Content::Int64 => {
            let number: i64 = json.as_str().filter(|text| !text.starts_with('+'))?.parse().ok()?;
            if field.keeps_default || number != 0 {
                out.push(field.key);
                encode_varint(number as u64, out);
            }
        }
        Content::Duration => {
            let duration: Duration = json.as_str()?.parse().ok()?;
            // Only what we would write: no other spelling, nothing out of range.
            if write_duration(duration).ok()? != *json {
                return None;
            }
            delimited(field.key, out, |out| duration.encode(out).ok())?;
        }
        Content::Message(shape) => {
            let object = json.as_object()?;
            delimited(field.key, out, |out| message(shape, object.iter(), out))?;
        }
        Content::Texts => return None,
    }
    Some(())
}

/// The entries of a map in the order of their names; in each, what is empty is left out.
fn entries(key: u8, json: &Json, out: &mut Vec<u8>) -> Option<()> {
    let entries = json.as_object()?.iter().map(|(name, value)| Some((&**name, value.as_str()?)));
    let mut entries = entries.collect::<Option<SmallVec<[(&str, &str); 8]>>>()?;
    entries.sort_unstable();
    for (name, value) in entries {
        delimited(key, out, |out| {
            for (key, text) in [(0x0a, name), (0x12, value)] {
                if !text.is_empty() {
                    put_text(key, text, out);
                }
            }
            Some(())
        })?;
    }
    Some(())
}

fn put_text(key: u8, text: &str, out: &mut Vec<u8>) {
    out.push(key);
    encode_varint(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

/// Content whose length stands before it, in one byte at first.
fn delimited(key: u8, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<()> {
    out.push(key);
    let at = out.len();
    out.push(0);
    write(out)?;
    let len = out.len() - at - 1;
    match u8::try_from(len) {
        Ok(short) if short < 0x80 => out[at] = short,
        _ => {
            let mut prefix = Vec::with_capacity(10);
            encode_varint(len as u64, &mut prefix);
            out.splice(at..=at, prefix);
        }
    }
    Some(())
}
