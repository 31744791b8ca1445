//! What a message looks like, out of its descriptor once.

use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use crate::{
    model::{DetailType, standard_details},
    wire::grpc::json::descriptors,
};

/// All numbers are below this, so that a key takes one byte.
pub(super) const MAX_FIELDS: usize = 16;

/// The messages of the service that have only what a [`Content`] can be, and of which there are many.
const MESSAGES: [&str; 7] = [
    "errwire.v1.GrpcToHttpRequest",
    "errwire.v1.GrpcToHttpResponse",
    "errwire.v1.HttpToGrpcRequest",
    "errwire.v1.HttpToGrpcResponse",
    "errwire.v1.TranslateRequest",
    "errwire.v1.TranslateResponse",
    "google.rpc.Status",
];

/// What a message of the service looks like. No registry has another definition of these.
pub(super) fn message(full_name: &str) -> Option<&'static Shape> {
    static ALL: LazyLock<Vec<(&str, Shape)>> = LazyLock::new(|| {
        let pool = descriptors::standard();
        let shape = |name| Some((name, Shape::new(&pool.get_message_by_name(name)?)?));
        MESSAGES.into_iter().filter_map(shape).collect()
    });
    ALL.iter().find(|(name, _)| *name == full_name).map(|(_, shape)| shape)
}

/// As many fields as a type has.
pub(crate) const ALL_FIELDS: usize = usize::MAX;

/// A standard detail.
pub(super) struct Standard {
    pub(super) type_url: &'static str,
    detail_type: DetailType,
    /// The first member of its JSON, under the common type URL.
    pub(super) first_member: String,
    pub(super) shape: Shape,
}

impl Standard {
    /// No registry has another definition of these: those that a user adds are left out.
    pub(super) fn of(detail_type: DetailType) -> Option<&'static Self> {
        static ALL: LazyLock<Vec<Standard>> = LazyLock::new(|| {
            let pool = descriptors::standard();
            standard_details().iter().filter_map(|type_url| Standard::new(&pool, type_url)).collect()
        });
        ALL.get(detail_type as usize).filter(|standard| standard.detail_type == detail_type)
    }

    fn new(pool: &DescriptorPool, type_url: &'static str) -> Option<Self> {
        let type_name = type_url.rsplit('/').next()?;
        let shape = Shape::new(&pool.get_message_by_name(type_name)?)?;
        let first_member = format!("\"@type\":\"{type_url}\"");
        Some(Self { type_url, detail_type: DetailType::of(type_name), first_member, shape })
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
    /// In the `.proto` file.
    proto_name: String,
    /// Which of the `oneof`s of the message it is in, as a bit.
    oneof: u32,
    pub(super) content: Content,
    pub(super) is_list: bool,
    /// Whether an empty text or a zero is written too.
    pub(super) keeps_default: bool,
}

/// Of one field, or of one item of a list.
pub(super) enum Content {
    Text,
    /// Base64 in JSON.
    Bytes,
    Bool,
    Int32,
    Uint32,
    /// A text in JSON.
    Int64,
    /// The numbers, and their names in quotes.
    Enum(Vec<(i32, String)>),
    Duration,
    /// A whole `map<string, string>`.
    Texts,
    /// A `google.protobuf.Any`.
    Any,
    Message(Shape),
}

impl Shape {
    /// `None` if there is anything else in it.
    fn new(message: &MessageDescriptor) -> Option<Self> {
        let mut fields: Vec<_> = message.fields().map(|field| Field::new(&field)).collect::<Option<_>>()?;
        fields.sort_unstable_by_key(|field| field.key);
        (fields.len() <= MAX_FIELDS).then_some(Self { fields })
    }
}

impl Field {
    /// In JSON.
    fn name(&self) -> &str {
        &self.quoted_name[1..self.quoted_name.len() - 2]
    }

    pub(super) fn is_named(&self, name: &str) -> bool {
        self.name() == name || self.proto_name == name
    }

    fn new(field: &FieldDescriptor) -> Option<Self> {
        let (content, wire_type) = match field.kind() {
            Kind::String => (Content::Text, 2),
            Kind::Bytes => (Content::Bytes, 2),
            // A list of numbers is packed.
            Kind::Bool | Kind::Int32 | Kind::Uint32 | Kind::Int64 | Kind::Enum(_) if field.is_list() => return None,
            Kind::Bool => (Content::Bool, 0),
            Kind::Int32 => (Content::Int32, 0),
            Kind::Uint32 => (Content::Uint32, 0),
            Kind::Int64 => (Content::Int64, 0),
            Kind::Enum(values) => (Content::Enum(names(&values)), 0),
            Kind::Message(entry) if field.is_map() => {
                let is_text = |field: FieldDescriptor| matches!(field.kind(), Kind::String);
                let are_texts = is_text(entry.map_entry_key_field()) && is_text(entry.map_entry_value_field());
                (are_texts.then_some(Content::Texts)?, 2)
            }
            Kind::Message(message) => match message.full_name() {
                "google.protobuf.Duration" => (Content::Duration, 2),
                "google.protobuf.Any" => (Content::Any, 2),
                _ if message.package_name() == "google.protobuf" || field.is_group() => return None,
                _ => (Content::Message(Shape::new(&message)?), 2),
            },
            _ => return None,
        };
        let number = u8::try_from(field.number()).ok().filter(|number| *number < 16)?;
        Some(Self {
            key: number << 3 | wire_type,
            quoted_name: format!("\"{}\":", field.json_name()),
            proto_name: field.name().to_owned(),
            oneof: oneof_bit(field)?,
            content,
            is_list: field.is_list(),
            keeps_default: field.is_list() || field.supports_presence(),
        })
    }
}

/// The `oneof`s of a message of which a field was seen.
#[derive(Default)]
pub(super) struct Oneofs(u32);

impl Oneofs {
    /// `None` if another field of the same one was seen.
    pub(super) fn see(&mut self, field: &Field) -> Option<()> {
        let is_first = self.0 & field.oneof == 0;
        self.0 |= field.oneof;
        is_first.then_some(())
    }
}

fn oneof_bit(field: &FieldDescriptor) -> Option<u32> {
    let Some(of) = field.containing_oneof() else { return Some(0) };
    1_u32.checked_shl(u32::try_from(field.parent_message().oneofs().position(|other| other == of)?).ok()?)
}

fn names(values: &EnumDescriptor) -> Vec<(i32, String)> {
    values.values().map(|value| (value.number(), format!("\"{}\"", value.name()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standard_detail_has_a_shape() {
        for &type_url in standard_details() {
            let type_name = type_url.strip_prefix("type.googleapis.com/").unwrap();
            let found = Standard::of(DetailType::of(type_name)).unwrap();
            assert_eq!(found.type_url, type_url);
        }
        assert!(MESSAGES.into_iter().all(|name| message(name).is_some()));
    }
}
