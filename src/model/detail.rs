//! One detail of the rich error model.

use std::collections::BTreeMap;

use bytes::Bytes;
use bytestring::ByteString;
use prost::{Message, Name, encode_length_delimiter, length_delimiter_len};
use smallvec::SmallVec;

use super::rpc;

/// The details of an error, in order. One is stored in place, since most errors have an `ErrorInfo` and no more.
pub type Details = SmallVec<[Detail; 1]>;

/// One detail: a `google.protobuf.Any` of the rich error model.
///
/// Type URL and bytes stay exactly as they came, also of types that nobody here knows.
///
/// ```
/// use errwire::{Detail, rpc::RetryInfo};
///
/// let detail = Detail::from(RetryInfo::default());
/// assert_eq!(detail.type_name(), "google.rpc.RetryInfo");
/// assert_eq!(detail.decode::<RetryInfo>(), Some(RetryInfo::default()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    type_url: ByteString,
    /// Where the name of the type begins in `type_url`. One translation asks for it about ten times.
    name_at: usize,
    value: Bytes,
}

impl Detail {
    /// A detail of any type. `type_url` is commonly `type.googleapis.com/` and the full name of the message type.
    pub fn new(type_url: impl Into<ByteString>, value: impl Into<Bytes>) -> Self {
        let type_url = type_url.into();
        let name_at = type_url.as_bytes().iter().rposition(|c| *c == b'/').map_or(0, |slash| slash + 1);
        Self { type_url, name_at, value: value.into() }
    }

    /// An `ErrorInfo`, which every error has.
    pub(crate) fn error_info(reason: &str, domain: &str, metadata: BTreeMap<String, String>) -> Self {
        const TYPE_URL: ByteString = ByteString::from_static("type.googleapis.com/google.rpc.ErrorInfo");
        // `rpc::ErrorInfo` would own both strings. Fields 1 and 2 of it are strings, and map entries follow.
        let rest = (!metadata.is_empty()).then(|| rpc::ErrorInfo { metadata, ..Default::default() });
        let field_len =
            |text: &str| if text.is_empty() { 0 } else { 1 + length_delimiter_len(text.len()) + text.len() };
        let len = field_len(reason) + field_len(domain);
        // `Bytes` takes a vector over without another allocation only if it is full.
        let mut value = Vec::with_capacity(len + rest.as_ref().map_or(0, Message::encoded_len));
        for (key, text) in [(0x0a, reason), (0x12, domain)] {
            if !text.is_empty() {
                value.push(key);
                // A `Vec` takes whatever is written to it.
                let _ = encode_length_delimiter(text.len(), &mut value);
                value.extend_from_slice(text.as_bytes());
            }
        }
        if let Some(rest) = rest {
            let _ = rest.encode(&mut value);
        }
        Self::new(TYPE_URL, value)
    }

    /// The type URL as it came.
    pub fn type_url(&self) -> &str {
        &self.type_url
    }

    /// The full name of the message type: what follows the last `/` of the type URL.
    pub fn type_name(&self) -> &str {
        &self.type_url[self.name_at..]
    }

    /// The encoded message.
    pub fn value(&self) -> &Bytes {
        &self.value
    }

    /// Whether this is a message of type `M`, whatever its bytes are.
    pub fn is<M: Name>(&self) -> bool {
        // `M::full_name()` would allocate.
        let name = self.type_name().as_bytes();
        name.len() == M::PACKAGE.len() + 1 + M::NAME.len()
            && name.starts_with(M::PACKAGE.as_bytes())
            && name[M::PACKAGE.len()] == b'.'
            && name.ends_with(M::NAME.as_bytes())
    }

    /// Decodes the message; `None` if it is of another type or its bytes are invalid.
    pub fn decode<M: Message + Name + Default>(&self) -> Option<M> {
        if self.is::<M>() { M::decode(self.value.clone()).ok() } else { None }
    }

    /// The same message type with another content; the type URL stays as it came.
    pub(crate) fn with_value(&self, value: impl Into<Bytes>) -> Self {
        Self { type_url: self.type_url.clone(), name_at: self.name_at, value: value.into() }
    }
}

impl<M: Message + Name> From<M> for Detail {
    fn from(message: M) -> Self {
        Self::new(M::type_url(), message.encode_to_vec())
    }
}
