//! One detail of the rich error model.

// docs/rules.md: R-READ-GRPC-7

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;
use bytestring::ByteString;
use prost::{Message, Name};
use smallvec::SmallVec;

use super::{
    detail_type::{COMMON_NAME_AT, DetailType, DetailView, PREFIX, is_named, name_at},
    field::{field_len, message_len, put_field, put_varint, varint_len},
    rpc,
};

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
#[derive(Clone, PartialEq, Eq)]
pub struct Detail {
    /// Which of the types that rules name it has.
    detail_type: DetailType,
    /// Where the name of the type begins in the type URL. One translation asks for it about ten times.
    name_at: u32,
    /// The type URL, unless it is the common one of the type.
    other_url: Option<ByteString>,
    value: Bytes,
}

impl Detail {
    /// A detail of any type. `type_url` is commonly `type.googleapis.com/` and the full name of the message type.
    pub fn new(type_url: impl Into<ByteString>, value: impl Into<Bytes>) -> Self {
        let (type_url, value) = (type_url.into(), value.into());
        let common = DetailType::of_common_url(type_url.as_bytes());
        if common != DetailType::Other {
            return Self::of_type(common, value);
        }
        let name_at = name_at(&type_url);
        let detail_type = DetailType::of(&type_url[name_at as usize..]);
        Self { detail_type, name_at, other_url: Some(type_url), value }
    }

    /// A message of this full name, for one whose type does not know its own name, as
    /// [`prost::Name`] does: those of `tonic_types::pb` for example.
    ///
    /// ```
    /// use errwire::{Detail, Error, kinds, rpc};
    ///
    /// let info = tonic_types::pb::RetryInfo::from(tonic_types::RetryInfo::new(Some(std::time::Duration::from_secs(42))));
    /// let error = Error::new(kinds::CONFLICT).with_detail(Detail::named("google.rpc.RetryInfo", &info));
    /// assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(42)));
    /// ```
    pub fn named(name: &str, message: &impl Message) -> Self {
        Self::new(format!("{PREFIX}{name}"), message.encode_to_vec())
    }

    /// An `ErrorInfo`, which every error has.
    #[inline]
    pub(crate) fn error_info(reason: &[u8], domain: &str, metadata: BTreeMap<String, String>) -> Self {
        Self::of_type(DetailType::ErrorInfo, error_info(reason, domain, metadata).into())
    }

    /// Of one of the types that rules name, under its common type URL.
    #[inline]
    pub(crate) fn of_type(detail_type: DetailType, value: Bytes) -> Self {
        let name_at = if detail_type == DetailType::Other { 0 } else { COMMON_NAME_AT };
        Self { detail_type, name_at, other_url: None, value }
    }

    /// Of the type of `view` and with its type URL, which is copied only if it is not a common one.
    pub(crate) fn like(view: DetailView<'_>, value: Bytes) -> Self {
        match DetailType::of_common_url(view.type_url().as_bytes()) {
            DetailType::Other => Self::new(view.type_url(), value),
            detail_type => Self::of_type(detail_type, value),
        }
    }

    /// The same without a counter of its holders.
    pub(crate) fn view(&self) -> DetailView<'_> {
        let Self { detail_type, name_at, value, .. } = self;
        DetailView { type_url: self.type_url(), name_at: *name_at, detail_type: *detail_type, value }
    }

    /// An `HttpResponse` with these header fields.
    pub(crate) fn http_response(status: i32, reason: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        // `rpc::HttpResponse` would own all strings. It is `{int32 status = 1; string reason = 2; repeated HttpHeader
        // headers = 3; bytes body = 4}`, and a header `{string key = 1; string value = 2}`.
        let header_len = |(key, value): &(&str, &str)| field_len(key.len()) + field_len(value.len());
        let headers_len: usize = headers.iter().map(header_len).map(message_len).sum();
        // As in every implementation, a negative number has all 64 bits.
        let status = i64::from(status) as usize;
        let status_len = if status == 0 { 0 } else { 1 + varint_len(status) };
        let len = status_len + field_len(reason.len()) + headers_len + field_len(body.len());
        let mut value = Vec::with_capacity(len);
        if status != 0 {
            value.push(0x08);
            put_varint(&mut value, status);
        }
        put_field(&mut value, 0x12, reason.as_bytes());
        for header in headers {
            value.push(0x1a);
            put_varint(&mut value, header_len(header));
            put_field(&mut value, 0x0a, header.0.as_bytes());
            put_field(&mut value, 0x12, header.1.as_bytes());
        }
        put_field(&mut value, 0x22, body);
        Self::of_type(DetailType::HttpResponse, value.into())
    }

    /// The type URL as it came.
    pub fn type_url(&self) -> &str {
        match &self.other_url {
            Some(type_url) => type_url,
            None => self.detail_type.common_url().unwrap_or_default(),
        }
    }

    /// The full name of the message type: what follows the last `/` of the type URL.
    pub fn type_name(&self) -> &str {
        &self.type_url()[self.name_at as usize..]
    }

    /// The encoded message.
    pub fn value(&self) -> &Bytes {
        &self.value
    }

    /// Whether this is a message of type `M`, whatever its bytes are.
    pub fn is<M: Name>(&self) -> bool {
        is_named::<M>(self.type_name())
    }

    /// Decodes the message; `None` if it is of another type or its bytes are invalid.
    pub fn decode<M: Message + Name + Default>(&self) -> Option<M> {
        if self.is::<M>() { M::decode(self.value.clone()).ok() } else { None }
    }

    /// The same message under the usual type URL.
    pub(crate) fn with_standard_url(self) -> Self {
        match self.view().has_standard_url() {
            true => self,
            false => Self::new(format!("{PREFIX}{}", self.type_name()), self.value),
        }
    }

    /// Adds the fields of a message of the same type, as protobuf merges two that follow each other
    /// (<https://protobuf.dev/programming-guides/encoding/#last-one-wins>). Bytes that nobody else holds grow in place, so
    /// that many additions cost no more than their sum.
    pub(crate) fn append(&mut self, message: &impl Message) {
        let mut bytes = std::mem::take(&mut self.value).try_into_mut().unwrap_or_else(|shared| shared[..].into());
        // A `BytesMut` takes whatever is written to it.
        let _ = message.encode(&mut bytes);
        self.value = bytes.freeze();
    }

    /// The same message type with another content; the type URL stays as it came.
    pub(crate) fn with_value(&self, value: impl Into<Bytes>) -> Self {
        Self { other_url: self.other_url.clone(), value: value.into(), ..*self }
    }
}

impl fmt::Debug for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Detail").field("type_url", &self.type_url()).field("value", &self.value).finish()
    }
}

/// The bytes of an `ErrorInfo`.
fn error_info(reason: &[u8], domain: &str, metadata: BTreeMap<String, String>) -> Vec<u8> {
    // `rpc::ErrorInfo` would own both strings. Fields 1 and 2 of it are strings, and map entries follow.
    let rest = (!metadata.is_empty()).then(|| rpc::ErrorInfo { metadata, ..Default::default() });
    let len = field_len(reason.len()) + field_len(domain.len());
    // `Bytes` takes a vector over without another allocation only if it is full.
    let mut value = Vec::with_capacity(len + rest.as_ref().map_or(0, Message::encoded_len));
    put_field(&mut value, 0x0a, reason);
    put_field(&mut value, 0x12, domain.as_bytes());
    if let Some(rest) = rest {
        // A `Vec` takes whatever is written to it.
        let _ = rest.encode(&mut value);
    }
    value
}

/// A `google.protobuf.Any` is the detail that it holds.
impl<M: Message + Name> From<M> for Detail {
    fn from(message: M) -> Self {
        if (M::PACKAGE, M::NAME) == (prost_types::Any::PACKAGE, prost_types::Any::NAME) {
            // What was written as one can be read as one.
            let any = prost_types::Any::decode(&*message.encode_to_vec()).unwrap_or_default();
            return Self::new(any.type_url, any.value);
        }
        Self::new(M::type_url(), message.encode_to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_any_is_what_it_holds() {
        let info = rpc::RequestInfo { request_id: "req_1".into(), ..Default::default() };
        let any = prost_types::Any::from_msg(&info).unwrap();
        assert_eq!(Detail::from(any), Detail::from(info.clone()));
        assert_eq!(Detail::named("google.rpc.RequestInfo", &info), Detail::from(info));
    }

    #[test]
    fn writes_as_prost_does() {
        let long = "x".repeat(300);
        let rows: [(i32, &str, &[(&str, &str)], &[u8]); 4] = [
            (0, "", &[], b""),
            (502, "Bad Gateway", &[("content-type", "text/html")], b"<p>"),
            (i32::MAX, "", &[("", ""), ("a", ""), ("", "b")], b""),
            (404, &long, &[(&long, &long), ("b", "c")], long.as_bytes()),
        ];
        for (status, reason, headers, body) in rows {
            let header = |(key, value): &(&str, &str)| rpc::HttpHeader { key: (*key).into(), value: (*value).into() };
            let theirs = rpc::HttpResponse {
                status,
                reason: reason.into(),
                headers: headers.iter().map(header).collect(),
                body: Bytes::copy_from_slice(body),
            };
            assert_eq!(Detail::http_response(status, reason, headers, body), theirs.into(), "{status}");
        }
        for (reason, domain) in [("", ""), ("A", "b"), (&*long, &*long)] {
            let metadata = BTreeMap::from([("a".to_owned(), "b".to_owned())]);
            let theirs = rpc::ErrorInfo { reason: reason.into(), domain: domain.into(), metadata: metadata.clone() };
            assert_eq!(Detail::error_info(reason.as_bytes(), domain, metadata), theirs.into(), "{reason}");
        }
    }
}
