//! Messages without what their descriptors do not name.

use prost_reflect::{DescriptorPool, DynamicMessage, ReflectMessage, Value};

use super::{
    encode,
    well_known::{self, WellKnown},
};
use crate::model::Depth;

/// `None` if the type has no descriptor, the bytes do not decode, or `Any`s are nested too deeply.
pub(super) fn strip(
    pool: &DescriptorPool,
    full_name: &str,
    bytes: &[u8],
    keep: &dyn Fn(&str) -> bool,
    depth: Depth,
) -> Option<Vec<u8>> {
    let mut message = DynamicMessage::decode(pool.get_message_by_name(full_name)?, bytes).ok()?;
    strip_message(pool, &mut message, keep, depth);
    Some(encode::encode(message))
}

fn strip_message(pool: &DescriptorPool, message: &mut DynamicMessage, keep: &dyn Fn(&str) -> bool, depth: Depth) {
    message.take_unknown_fields().for_each(drop);
    if WellKnown::of(&message.descriptor()) == Some(WellKnown::Any) {
        strip_any(pool, message, keep, depth);
        return;
    }
    message.fields_mut().for_each(|(_, value)| strip_value(pool, value, keep, depth));
    message.extensions_mut().for_each(|(_, value)| strip_value(pool, value, keep, depth));
}

fn strip_any(pool: &DescriptorPool, message: &mut DynamicMessage, keep: &dyn Fn(&str) -> bool, depth: Depth) {
    let stripped = well_known::any_parts(message).ok().and_then(|(type_url, value)| {
        let full_name = type_url.rsplit('/').next().filter(|name| keep(name))?;
        // A payload starts the decoder's own count of levels anew.
        let value = strip(pool, full_name, &value, keep, depth.deeper(1)?)?;
        well_known::typed(&message.descriptor(), &prost_types::Any { type_url, value }).ok()
    });
    *message = stripped.unwrap_or_else(|| DynamicMessage::new(message.descriptor()));
}

fn strip_value(pool: &DescriptorPool, value: &mut Value, keep: &dyn Fn(&str) -> bool, depth: Depth) {
    match value {
        Value::Message(message) => strip_message(pool, message, keep, depth),
        Value::List(items) => items.iter_mut().for_each(|item| strip_value(pool, item, keep, depth)),
        Value::Map(entries) => entries.values_mut().for_each(|entry| strip_value(pool, entry, keep, depth)),
        _ => {}
    }
}
