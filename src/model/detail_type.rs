//! The types of details that rules name.

/// What type URLs commonly begin with.
pub(super) const PREFIX: &str = "type.googleapis.com/";

/// The common type URL of an `ErrorInfo`.
pub(crate) const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";

/// The common type URLs of the details that rules name, in the order of [`DetailType`]: the ten of
/// `google/rpc/error_details.proto`, and `google.rpc.HttpResponse`.
const URLS: [&str; 11] = [
    ERROR_INFO,
    "type.googleapis.com/google.rpc.BadRequest",
    "type.googleapis.com/google.rpc.RetryInfo",
    "type.googleapis.com/google.rpc.RequestInfo",
    "type.googleapis.com/google.rpc.ResourceInfo",
    "type.googleapis.com/google.rpc.Help",
    "type.googleapis.com/google.rpc.LocalizedMessage",
    "type.googleapis.com/google.rpc.QuotaFailure",
    "type.googleapis.com/google.rpc.PreconditionFailure",
    "type.googleapis.com/google.rpc.DebugInfo",
    "type.googleapis.com/google.rpc.HttpResponse",
];

/// The common type URLs of the ten details of `google/rpc/error_details.proto`.
pub(crate) fn standard_details() -> &'static [&'static str] {
    &URLS[..10]
}

/// The type of a detail, as far as rules name it. To compare one costs less than to compare names, which each rule would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DetailType {
    ErrorInfo,
    BadRequest,
    RetryInfo,
    RequestInfo,
    ResourceInfo,
    Help,
    LocalizedMessage,
    QuotaFailure,
    PreconditionFailure,
    DebugInfo,
    HttpResponse,
    #[default]
    Other,
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

    fn in_google_rpc(name: &[u8]) -> Self {
        match name {
            b"ErrorInfo" => Self::ErrorInfo,
            b"BadRequest" => Self::BadRequest,
            b"RetryInfo" => Self::RetryInfo,
            b"RequestInfo" => Self::RequestInfo,
            b"ResourceInfo" => Self::ResourceInfo,
            b"Help" => Self::Help,
            b"LocalizedMessage" => Self::LocalizedMessage,
            b"QuotaFailure" => Self::QuotaFailure,
            b"PreconditionFailure" => Self::PreconditionFailure,
            b"DebugInfo" => Self::DebugInfo,
            b"HttpResponse" => Self::HttpResponse,
            _ => Self::Other,
        }
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
    pub(crate) fn add(&mut self, other: DetailType) {
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
