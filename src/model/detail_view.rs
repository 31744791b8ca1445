//! A detail where its bytes are.

use std::time::Duration;

use prost::{Message, Name};

use super::{
    detail_type::{DetailType, PREFIX},
    field::{ErrorInfoView, Field, Fields, is_utf8},
    rpc,
};

/// The most seconds that a `google.protobuf.Duration` may hold: about 10,000 years.
pub(super) const MAX_DELAY: i64 = 315_576_000_000;

/// A detail, whoever holds its bytes: what arrived, or an error.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DetailView<'a> {
    pub(super) type_url: &'a str,
    /// Where the name of the type begins in `type_url`.
    pub(super) name_at: u32,
    pub(super) detail_type: DetailType,
    pub(super) value: &'a [u8],
}

impl<'a> DetailView<'a> {
    /// By its type URL; `None` if that is not a text.
    // A detail that another function hands over goes through memory, which takes longer than to find its type.
    #[inline(always)]
    pub(crate) fn new(type_url: &'a [u8], value: &'a [u8]) -> Option<Self> {
        let detail_type = DetailType::of_common_url(type_url);
        match detail_type.common_url() {
            Some(type_url) => Some(Self { type_url, name_at: COMMON_NAME_AT, detail_type, value }),
            None => Self::of_other_url(type_url, value),
        }
    }

    fn of_other_url(type_url: &'a [u8], value: &'a [u8]) -> Option<Self> {
        let type_url = str::from_utf8(type_url).ok()?;
        let name_at = name_at(type_url);
        Some(Self { type_url, name_at, detail_type: DetailType::of(&type_url[name_at as usize..]), value })
    }

    pub(crate) fn type_url(self) -> &'a str {
        self.type_url
    }

    /// The full name of the message type.
    pub(crate) fn type_name(self) -> &'a str {
        &self.type_url[self.name_at as usize..]
    }

    pub(crate) fn detail_type(self) -> DetailType {
        self.detail_type
    }

    /// The encoded message.
    pub(crate) fn value(self) -> &'a [u8] {
        self.value
    }

    /// Decodes the message; `None` if it is of another type or its bytes are invalid.
    pub(crate) fn decode<M: Message + Name + Default>(self) -> Option<M> {
        if is_named::<M>(self.type_name()) { M::decode(self.value).ok() } else { None }
    }

    /// Whether the type URL is the usual one.
    pub(crate) fn has_standard_url(self) -> bool {
        self.type_url[..self.name_at as usize] == *PREFIX
    }

    /// The delay of a `RetryInfo` that says one.
    pub(crate) fn retry_delay(self) -> Option<Duration> {
        if self.detail_type != DetailType::RetryInfo {
            return None;
        }
        let delay = self.decode::<rpc::RetryInfo>()?.retry_delay?;
        let seconds = u64::try_from(delay.seconds).ok().filter(|_| delay.seconds <= MAX_DELAY)?;
        let nanos = u32::try_from(delay.nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
        Some(Duration::new(seconds, nanos))
    }
}

/// Where the name of the type begins under a common type URL.
pub(super) const COMMON_NAME_AT: u32 = PREFIX.len() as u32;

/// Where the name of the type begins: behind the last slash. No message of protobuf is so long that this does not fit
/// (<https://protobuf.dev/programming-guides/proto-limits/#total>).
pub(super) fn name_at(type_url: &str) -> u32 {
    let slash = type_url.as_bytes().iter().rposition(|c| *c == b'/');
    slash.and_then(|slash| u32::try_from(slash + 1).ok()).unwrap_or_default()
}

/// Whether this is the full name of `M`. `M::full_name()` would allocate.
pub(super) fn is_named<M: Name>(type_name: &str) -> bool {
    let name = type_name.as_bytes();
    name.len() == M::PACKAGE.len() + 1 + M::NAME.len()
        && name.starts_with(M::PACKAGE.as_bytes())
        && name[M::PACKAGE.len()] == b'.'
        && name.ends_with(M::NAME.as_bytes())
}

impl<'a> ErrorInfoView<'a> {
    /// `None` if the detail is not a valid `ErrorInfo`.
    pub(crate) fn of(detail: DetailView<'a>) -> Option<Self> {
        if detail.detail_type != DetailType::ErrorInfo {
            return None;
        }
        let mut view = Self::default();
        for field in Fields(detail.value) {
            match field.ok()? {
                (1, Field::Bytes(reason)) if is_utf8(reason) => view.reason = reason,
                (2, Field::Bytes(domain)) if is_utf8(domain) => view.domain = domain,
                (1 | 2, _) => return None,
                _ => {}
            }
        }
        Some(view)
    }
}
