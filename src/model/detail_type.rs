//! A detail where its bytes are, and the types of details that rules name.

use std::time::Duration;

use prost::{Message, Name};

use super::{
    field::{ErrorInfoView, Field, Fields, is_utf8},
    rpc,
};

/// What type URLs commonly begin with.
pub(super) const PREFIX: &str = "type.googleapis.com/";

/// The common type URL of an `ErrorInfo`.
pub(crate) const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";

/// The details that rules name: those of `google/rpc/error_details.proto`, then `google.rpc.HttpResponse`.
macro_rules! details {
    ($($name:ident $bytes:literal,)+) => {
        /// The type of a detail, as far as rules name it. To compare one costs less than to compare names, which each rule would do.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(crate) enum DetailType {
            $($name,)+
            #[default]
            Other,
        }

        /// Their common type URLs, in the same order.
        const URLS: [&str; 11] = [$(concat!("type.googleapis.com/google.rpc.", stringify!($name)),)+];

        impl DetailType {
            fn in_google_rpc(name: &[u8]) -> Self {
                match name {
                    $($bytes => Self::$name,)+
                    _ => Self::Other,
                }
            }
        }

        impl DetailView<'_> {
            /// The message decoded and encoded again, which drops unknown fields; `None` if the bytes are not of a type that rules
            /// name.
            pub(crate) fn reencoded(self) -> Option<Vec<u8>> {
                match self.detail_type {
                    $(DetailType::$name => rpc::$name::decode(self.value).ok().map(|message| message.encode_to_vec()),)+
                    DetailType::Other => None,
                }
            }
        }
    };
}

details! {
    ErrorInfo b"ErrorInfo",
    BadRequest b"BadRequest",
    RetryInfo b"RetryInfo",
    RequestInfo b"RequestInfo",
    ResourceInfo b"ResourceInfo",
    Help b"Help",
    LocalizedMessage b"LocalizedMessage",
    QuotaFailure b"QuotaFailure",
    PreconditionFailure b"PreconditionFailure",
    DebugInfo b"DebugInfo",
    HttpResponse b"HttpResponse",
}

/// The common type URLs of the ten details of `google/rpc/error_details.proto`.
pub(crate) fn standard_details() -> &'static [&'static str] {
    &URLS[..10]
}

impl DetailType {
    /// By the full name of the message type.
    pub(crate) fn of(type_name: &str) -> Self {
        type_name.strip_prefix("google.rpc.").map_or(Self::Other, |name| Self::in_google_rpc(name.as_bytes()))
    }

    /// By a common type URL, which then needs no copy and no check; `Other` by any other.
    #[inline]
    pub(crate) fn of_common_url(type_url: &[u8]) -> Self {
        type_url.strip_prefix(b"type.googleapis.com/google.rpc.").map_or(Self::Other, Self::in_google_rpc)
    }

    /// The common type URL of it.
    pub(crate) fn common_url(self) -> Option<&'static str> {
        URLS.get(self as usize).copied()
    }
}

/// The types that some details have.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DetailTypes {
    all: u16,
    /// Those of more than one.
    repeated: u16,
}

impl DetailTypes {
    /// Those of some details.
    pub(crate) fn of<'a>(details: impl Iterator<Item = DetailView<'a>>) -> Self {
        let mut types = Self::default();
        details.for_each(|detail| types.add(detail.detail_type()));
        types
    }

    fn add(&mut self, other: DetailType) {
        let bit = 1 << other as u8;
        self.repeated |= self.all & bit;
        self.all |= bit;
    }

    pub(crate) fn has(self, wanted: DetailType) -> bool {
        self.all & 1 << wanted as u8 != 0
    }

    #[cfg(feature = "tonic")]
    pub(crate) fn has_one(self, wanted: DetailType) -> bool {
        (self.all & !self.repeated) & 1 << wanted as u8 != 0
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_by_name_and_by_url() {
        for url in URLS {
            let found = DetailType::of_common_url(url.as_bytes());
            assert_eq!(found.common_url(), Some(url));
            assert_eq!(DetailType::of(url.strip_prefix(PREFIX).unwrap()), found);
        }
        for name in ["", "ErrorInfo", "google.rpc.", "google.rpc.Error", "google.rpc.ErrorInfos", "acme.ErrorInfo"] {
            assert_eq!(DetailType::of(name), DetailType::Other, "{name}");
            assert_eq!(DetailType::of_common_url(format!("{PREFIX}{name}").as_bytes()), DetailType::Other, "{name}");
        }
        assert_eq!(DetailType::of_common_url(b"google.rpc.ErrorInfo"), DetailType::Other);
        assert_eq!(DetailType::Other.common_url(), None);
    }

    #[test]
    fn a_set_has_what_was_added() {
        let mut set = DetailTypes::default();
        set.add(DetailType::HttpResponse);
        set.add(DetailType::ErrorInfo);
        assert!(set.has(DetailType::ErrorInfo) && set.has(DetailType::HttpResponse));
        assert!(!set.has(DetailType::Other) && !set.has(DetailType::DebugInfo));
    }

    #[test]
    #[cfg(feature = "tonic")]
    fn a_set_knows_what_was_added_once() {
        let mut set = DetailTypes::default();
        for each in [DetailType::Help, DetailType::ErrorInfo, DetailType::Help, DetailType::Help] {
            set.add(each);
        }
        assert!(set.has_one(DetailType::ErrorInfo) && !set.has_one(DetailType::Help) && set.has(DetailType::Help));
        assert!(!set.has_one(DetailType::DebugInfo));
    }
}
