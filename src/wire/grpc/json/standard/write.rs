//! From bytes to JSON.

use std::str;

use prost::encoding::decode_varint;
use prost_types::Duration;
use serde_json::{Map, Value as Json};

use super::shape::{Content, Field, Shape, Standard};
use crate::{model::Detail, wire::grpc::json::well_known::write_duration};

/// `None` for what is not usual.
pub(in crate::wire::grpc::json) fn detail(detail: &Detail) -> Option<Json> {
    let shape = &Standard::find(detail.type_name())?.shape;
    let mut object = Map::with_capacity(1 + shape.fields.len());
    object.insert("@type".to_owned(), detail.type_url().into());
    members(shape, detail.value(), &mut object)?;
    Some(Json::Object(object))
}

fn members(shape: &Shape, mut bytes: &[u8], object: &mut Map<String, Json>) -> Option<()> {
    for field in &shape.fields {
        if let Some(json) = content(field, &mut bytes)? {
            object.insert(field.name.clone(), json);
        }
    }
    // What is left is unknown, given twice, or before what should stand before it.
    bytes.is_empty().then_some(())
}

/// What the next bytes have of this field, which may be nothing.
fn content(field: &Field, bytes: &mut &[u8]) -> Option<Option<Json>> {
    if bytes.first() != Some(&field.key) {
        return Some(None);
    }
    if matches!(field.content, Content::Texts) {
        let mut object = Map::new();
        while skip(field.key, bytes) {
            let (name, value) = entry(delimited(bytes)?)?;
            object.insert(name.to_owned(), value.into());
        }
        return Some(Some(Json::Object(object)));
    }
    if field.is_list {
        let mut items = Vec::new();
        while skip(field.key, bytes) {
            items.push(single(field, bytes)??);
        }
        return Some(Some(Json::Array(items)));
    }
    skip(field.key, bytes);
    single(field, bytes)
}

fn single(field: &Field, bytes: &mut &[u8]) -> Option<Option<Json>> {
    Some(match &field.content {
        Content::Text => {
            let text = text(bytes)?;
            (field.keeps_default || !text.is_empty()).then(|| text.into())
        }
        Content::Int64 => {
            let number = decode_varint(bytes).ok()? as i64;
            (field.keeps_default || number != 0).then(|| number.to_string().into())
        }
        Content::Duration => Some(write_duration(duration(delimited(bytes)?)?).ok()?),
        Content::Message(shape) => {
            let bytes = delimited(bytes)?;
            // A member takes three bytes or more.
            let mut object = Map::with_capacity(shape.fields.len().min(bytes.len() / 3));
            members(shape, bytes, &mut object)?;
            Some(Json::Object(object))
        }
        Content::Texts => return None,
    })
}

/// Name and value of a map: fields 1 and 2 of its entry, and empty if they are not there.
fn entry(mut bytes: &[u8]) -> Option<(&str, &str)> {
    let name = if skip(0x0a, &mut bytes) { text(&mut bytes)? } else { "" };
    let value = if skip(0x12, &mut bytes) { text(&mut bytes)? } else { "" };
    bytes.is_empty().then_some((name, value))
}

/// Seconds and nanoseconds are fields 1 and 2.
fn duration(mut bytes: &[u8]) -> Option<Duration> {
    let seconds = if skip(0x08, &mut bytes) { decode_varint(&mut bytes).ok()? as i64 } else { 0 };
    let nanos = if skip(0x10, &mut bytes) { decode_varint(&mut bytes).ok()? as i32 } else { 0 };
    bytes.is_empty().then_some(Duration { seconds, nanos })
}

fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    str::from_utf8(delimited(bytes)?).ok()
}

fn delimited<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = usize::try_from(decode_varint(bytes).ok()?).ok()?;
    let (content, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(content)
}

/// Steps over the key if it comes next.
fn skip(key: u8, bytes: &mut &[u8]) -> bool {
    let rest = bytes.strip_prefix(&[key]);
    *bytes = rest.unwrap_or(bytes);
    rest.is_some()
}
