//! What a message looks like, out of its descriptor once.

use std::sync::LazyLock;

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::{model::STANDARD_DETAILS, wire::grpc::json::Registry};

/// So many fields has the largest, `google.rpc.QuotaFailure.Violation`.
pub(super) const MAX_FIELDS: usize = 8;

/// A standard detail.
pub(super) struct Standard {
    pub(super) type_url: &'static str,
    type_name: &'static str,
    /// The first member of its JSON, under the common type URL.
    pub(super) first_member: String,
    pub(super) shape: Shape,
}

impl Standard {
    /// No registry has another definition of these: those that a user adds are left out.
    pub(super) fn find(type_name: &str) -> Option<&'static Self> {
        static ALL: LazyLock<Vec<Standard>> = LazyLock::new(|| {
            let registry = Registry::default();
            STANDARD_DETAILS.iter().filter_map(|type_url| Standard::new(&registry, type_url)).collect()
        });
        ALL.iter().find(|standard| standard.type_name == type_name)
    }

    fn new(registry: &Registry, type_url: &'static str) -> Option<Self> {
        let type_name = type_url.rsplit('/').next()?;
        let shape = Shape::new(&registry.descriptor(type_name).ok()?)?;
        let first_member = format!("\"@type\":\"{type_url}\"");
        Some(Self { type_url, type_name, first_member, shape })
    }
}

/// The fields of a message in the order of their numbers.
pub(super) struct Shape {
    pub(super) fields: Vec<Field>,
}

pub(super) struct Field {
    /// Number and wire type, as they stand before the content: one byte, since all numbers are below 16.
    pub(super) key: u8,
    /// In JSON, with quotes and colon.
    pub(super) quoted_name: String,
    pub(super) content: Content,
    pub(super) is_list: bool,
    /// Whether an empty text or a zero is written too.
    pub(super) keeps_default: bool,
}

/// Of one field, or of one item of a list.
pub(super) enum Content {
    Text,
    Int64,
    Duration,
    /// A whole `map<string, string>`.
    Texts,
    Message(Shape),
}

impl Shape {
    /// `None` if there is more in it than the standard details have.
    fn new(message: &MessageDescriptor) -> Option<Self> {
        let mut fields: Vec<_> = message.fields().map(|field| Field::new(&field)).collect::<Option<_>>()?;
        fields.sort_unstable_by_key(|field| field.key);
        (fields.len() <= MAX_FIELDS).then_some(Self { fields })
    }
}

impl Field {
    /// In JSON.
    pub(super) fn name(&self) -> &str {
        &self.quoted_name[1..self.quoted_name.len() - 2]
    }

    fn new(field: &FieldDescriptor) -> Option<Self> {
        let (content, wire_type) = match field.kind() {
            Kind::String => (Content::Text, 2),
            Kind::Int64 if !field.is_list() => (Content::Int64, 0),
            Kind::Message(entry) if field.is_map() => {
                let is_text = |field: FieldDescriptor| matches!(field.kind(), Kind::String);
                let are_texts = is_text(entry.map_entry_key_field()) && is_text(entry.map_entry_value_field());
                (are_texts.then_some(Content::Texts)?, 2)
            }
            Kind::Message(message) => match message.full_name() {
                "google.protobuf.Duration" => (Content::Duration, 2),
                _ if message.package_name() == "google.protobuf" || field.is_group() => return None,
                _ => (Content::Message(Shape::new(&message)?), 2),
            },
            _ => return None,
        };
        let number = u8::try_from(field.number()).ok().filter(|number| *number < 16)?;
        Some(Self {
            key: number << 3 | wire_type,
            quoted_name: format!("\"{}\":", field.json_name()),
            content,
            is_list: field.is_list(),
            keeps_default: field.is_list() || field.supports_presence(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{STANDARD_DETAILS, Standard};

    #[test]
    fn every_standard_detail_has_a_shape() {
        for type_url in STANDARD_DETAILS {
            let type_name = type_url.strip_prefix("type.googleapis.com/").unwrap();
            let found = Standard::find(type_name).unwrap();
            assert_eq!(found.type_url, type_url);
        }
    }
}
