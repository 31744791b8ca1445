//! What a message looks like, out of its descriptor once, and whether bytes look so.

use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use crate::{
    model::{DetailType, DetailView, Field as Value, Fields, is_utf8, standard_details},
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

/// The fields of a message of the service. No registry has another definition of these.
pub(super) fn message(full_name: &str) -> Option<&'static [Field]> {
    static ALL: LazyLock<Vec<(&str, Vec<Field>)>> = LazyLock::new(|| {
        let pool = descriptors::standard();
        let fields = |name| Some((name, fields_of(&pool.get_message_by_name(name)?)?));
        MESSAGES.into_iter().filter_map(fields).collect()
    });
    ALL.iter().find(|(name, _)| *name == full_name).map(|(_, fields)| &**fields)
}

/// As many fields as a type has.
pub(crate) const ALL_FIELDS: usize = usize::MAX;

/// A standard detail.
pub(super) struct Standard {
    pub(super) type_url: &'static str,
    detail_type: DetailType,
    /// The first member of its JSON, under the common type URL.
    pub(super) first_member: String,
    pub(super) fields: Vec<Field>,
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
        let fields = fields_of(&pool.get_message_by_name(type_name)?)?;
        let first_member = format!("\"@type\":\"{type_url}\"");
        Some(Self { type_url, detail_type: DetailType::of(type_name), first_member, fields })
    }
}

/// One field of a message.
pub(super) struct Field {
    /// Number and wire type, as they stand before the content: one byte, since all numbers are below 16.
    pub(super) key: u8,
    /// In JSON, with quotes and colon.
    pub(super) quoted_name: String,
    /// In the `.proto` file.
    proto_name: String,
    /// Which of the `oneof`s of the message it is in, as a bit.
    pub(super) oneof: u32,
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
    Message(Vec<Field>),
}

/// The fields of a message in the order of their numbers; `None` if there is anything else in it.
fn fields_of(message: &MessageDescriptor) -> Option<Vec<Field>> {
    let mut fields: Vec<_> = message.fields().map(|field| Field::new(&field)).collect::<Option<_>>()?;
    fields.sort_unstable_by_key(|field| field.key);
    (fields.len() <= MAX_FIELDS).then_some(fields)
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
                _ => (Content::Message(fields_of(&message)?), 2),
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

/// What was seen of a message, a bit for each number or each `oneof`.
#[derive(Default)]
pub(super) struct Seen(u32);

impl Seen {
    /// `None` the second time.
    pub(super) fn see(&mut self, bit: u32) -> Option<()> {
        let is_first = self.0 & bit == 0;
        self.0 |= bit;
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

/// Whether a detail is a valid standard one that has only the first `fields` fields of its type, at any depth only fields
/// that its descriptor knows, and none of them twice that is not a list: of two, only the last one is seen by a reader, and the
/// other one would leave unseen. In which order they stand does not matter: a protobuf map has none. Such bytes need not be
/// decoded and encoded again, since nothing in them would be dropped.
pub(crate) fn has_only_known(detail: DetailView<'_>, fields: usize) -> bool {
    Standard::of(detail.detail_type()).is_some_and(|standard| {
        let known = &standard.fields;
        has_only(&known[..fields.min(known.len())], detail.value()).is_some()
    })
}

/// `None` if a message has anything but these fields, or one of them twice.
fn has_only(known: &[Field], bytes: &[u8]) -> Option<()> {
    let mut seen = Seen::default();
    for field in Fields(bytes) {
        let (number, value) = field.ok()?;
        let field = known.iter().find(|field| u32::from(field.key >> 3) == number)?;
        match (&field.content, value) {
            (Content::Text, Value::Bytes(text)) if is_utf8(text) => {}
            (Content::Int64, Value::Varint(_)) => {}
            (Content::Duration, Value::Bytes(duration)) => has_two(duration, |part| matches!(part, Value::Varint(_)))?,
            (Content::Texts, Value::Bytes(entry)) => {
                has_two(entry, |part| matches!(part, Value::Bytes(text) if is_utf8(text)))?;
            }
            (Content::Message(fields), Value::Bytes(bytes)) => has_only(fields, bytes)?,
            _ => return None,
        }
        if !field.is_list && !matches!(field.content, Content::Texts) {
            seen.see(1 << number)?;
        }
    }
    Some(())
}

/// The same of a message whose fields are 1 and 2: seconds and nanoseconds, or name and value.
fn has_two(bytes: &[u8], is_valid: impl Fn(Value<'_>) -> bool) -> Option<()> {
    let mut seen = Seen::default();
    for field in Fields(bytes) {
        match field.ok()? {
            (number @ 1..=2, value) if is_valid(value) => seen.see(1 << number)?,
            _ => return None,
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Detail;

    #[test]
    fn every_standard_detail_has_a_shape() {
        for &type_url in standard_details() {
            let type_name = type_url.strip_prefix("type.googleapis.com/").unwrap();
            let found = Standard::of(DetailType::of(type_name)).unwrap();
            assert_eq!(found.type_url, type_url);
        }
        assert!(MESSAGES.into_iter().all(|name| message(name).is_some()));
    }

    #[test]
    fn sees_what_encoding_would_drop() {
        const ALL: usize = usize::MAX;
        let rows: [(&str, &str, usize, &[u8], bool); 26] = [
            ("empty", "RequestInfo", ALL, b"", true),
            ("both", "RequestInfo", ALL, b"\x0a\x01a\x12\x01b", true),
            ("more than asked for", "RequestInfo", 1, b"\x0a\x01a\x12\x01b", false),
            ("no more than asked for", "RequestInfo", 1, b"\x0a\x01a", true),
            ("another order", "RequestInfo", ALL, b"\x12\x01b\x0a\x01a", true),
            ("given twice", "RequestInfo", ALL, b"\x0a\x01a\x0a\x01a", false),
            ("a default", "RequestInfo", ALL, b"\x0a\x00", true),
            ("items", "DebugInfo", ALL, b"\x0a\x00\x0a\x01a", true),
            ("unknown field", "RequestInfo", ALL, b"\x1a\x01c", false),
            ("unknown group", "RequestInfo", ALL, b"\x1b\x1c", false),
            ("another wire type", "RequestInfo", ALL, b"\x08\x01", false),
            ("a long length", "RequestInfo", ALL, b"\x0a\x81\x00a", true),
            ("a long key", "RequestInfo", ALL, b"\x8a\x00\x01a", true),
            ("not UTF-8", "RequestInfo", ALL, b"\x0a\x01\xff", false),
            ("cut", "RequestInfo", ALL, b"\x0a\x02a", false),
            ("entries", "ErrorInfo", ALL, b"\x1a\x03\x0a\x01a\x1a\x03\x0a\x01b", true),
            ("entries in another order", "ErrorInfo", ALL, b"\x1a\x03\x0a\x01b\x1a\x03\x0a\x01a", true),
            ("an empty value", "ErrorInfo", ALL, b"\x1a\x05\x0a\x01a\x12\x00", true),
            ("more in an entry", "ErrorInfo", ALL, b"\x1a\x05\x0a\x01a\x1a\x00", false),
            ("a name twice in an entry", "ErrorInfo", ALL, b"\x1a\x06\x0a\x01a\x0a\x01b", false),
            ("a delay", "RetryInfo", ALL, b"\x0a\x04\x08\x01\x10\x01", true),
            ("a delay twice", "RetryInfo", ALL, b"\x0a\x02\x08\x01\x0a\x02\x10\x01", false),
            ("more in a delay", "RetryInfo", ALL, b"\x0a\x04\x08\x01\x18\x01", false),
            ("a message in a message", "Help", ALL, b"\x0a\x03\x0a\x01a\x0a\x00", true),
            ("unknown inside", "Help", ALL, b"\x0a\x03\x1a\x01a", false),
            ("another type", "HttpResponse", ALL, b"", false),
        ];
        for (name, type_name, fields, bytes, expected) in rows {
            let detail = Detail::new(format!("google.rpc.{type_name}"), bytes);
            assert_eq!(has_only_known(detail.view(), fields), expected, "{name}");
        }
    }
}
