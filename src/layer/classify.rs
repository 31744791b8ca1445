//! Classifies requests and responses by their headers: whether a call is gRPC, and whether it failed.

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{ACCEPT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE},
};

use super::{fields, status_writer::Ending};
use crate::wire::protocol::Protocol;

// A static, since a constant would be built and dropped for each header field.
static GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// The headers of a request that the layers for gRPC need.
pub(super) struct CallHeaders<'a> {
    /// Whether it is a gRPC call.
    pub(super) is_grpc: bool,
    /// Its `grpc-timeout`.
    pub(super) timeout: Option<&'a HeaderValue>,
    headers: &'a HeaderMap,
    language: Option<&'a HeaderValue>,
    is_several: bool,
}

impl<'a> CallHeaders<'a> {
    /// One scan costs less than two lookups.
    #[inline]
    pub(super) fn of(headers: &'a HeaderMap) -> Self {
        let (mut media, mut timeout, mut language, mut is_several) = (None, None, None, false);
        for (name, value) in headers {
            if *name == CONTENT_TYPE {
                media = media.or(Some(value));
            } else if *name == ACCEPT_LANGUAGE {
                is_several |= language.replace(value).is_some();
            } else if *name == GRPC_TIMEOUT {
                timeout = timeout.or(Some(value));
            }
        }
        Self {
            is_grpc: media.is_some_and(|media| Protocol::of_media(media) == Protocol::Grpc),
            timeout,
            headers,
            language,
            is_several,
        }
    }

    /// Its `accept-language`. A value from a wire is shared, not copied.
    #[inline]
    pub(super) fn accept_language(&self) -> Option<HeaderValue> {
        if self.is_several { joined(self.headers, "accept-language") } else { self.language.cloned() }
    }
}

/// All lines of a field as one (<https://www.rfc-editor.org/rfc/rfc9110#section-5.3>).
///
/// Joining several lines is the one allocation that a success may cost; few callers send more than one.
pub(super) fn joined(headers: &HeaderMap, name: &str) -> Option<HeaderValue> {
    let mut lines = headers.get_all(name).iter();
    let (first, second) = (lines.next()?, lines.next());
    let Some(second) = second else { return Some(first.clone()) };
    let mut joined = first.as_bytes().to_vec();
    for line in [second].into_iter().chain(lines) {
        joined.extend_from_slice(b", ");
        joined.extend_from_slice(line.as_bytes());
    }
    HeaderValue::from_bytes(&joined).ok()
}

/// The headers of a response that the layers need.
pub(super) struct ResponseHeaders {
    /// The protocol of its media type, if it has one.
    pub(super) media: Option<Protocol>,
    /// What its `grpc-status` says.
    pub(super) ending: Ending,
    pub(super) has_length: bool,
    /// Whether a field may hold details of an error.
    pub(super) has_details: bool,
}

impl ResponseHeaders {
    /// One scan costs less than two lookups.
    #[inline]
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut of = Self { media: None, ending: Ending::Missing, has_length: false, has_details: false };
        for (name, value) in headers {
            if *name == CONTENT_TYPE {
                of.media = of.media.or_else(|| Some(Protocol::of_media(value)));
            } else if *name == CONTENT_LENGTH {
                of.has_length = true;
            } else {
                match name.as_str() {
                    "grpc-status" => of.ending = of.ending.with(value),
                    other => of.has_details |= fields::may_hold_details(other),
                }
            }
        }
        of
    }

    /// Its protocol, by its media type.
    pub(super) fn protocol(&self) -> Protocol {
        self.media.unwrap_or(Protocol::Http)
    }

    pub(super) fn has_status(&self) -> bool {
        self.ending != Ending::Missing
    }

    /// Whether the response is an error, by its HTTP status or, for Trailers-Only responses of gRPC, by its `grpc-status`
    /// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses>).
    pub(super) fn is_error(&self, status: StatusCode) -> bool {
        status.as_u16() >= 400 || (self.ending == Ending::Error && status.is_success() && self.protocol().is_any_grpc())
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::wire::grpc::GRPC_STATUS;

    #[test]
    fn the_first_line_of_a_field_counts() {
        let mut headers = HeaderMap::new();
        assert!(!CallHeaders::of(&headers).is_grpc);
        for (name, value) in [
            ("content-type", "application/grpc"),
            ("content-type", "text/html"),
            ("grpc-timeout", "1S"),
            ("grpc-timeout", "2S"),
        ] {
            headers.append(name, HeaderValue::from_static(value));
        }
        let call = CallHeaders::of(&headers);
        assert!(call.is_grpc && call.timeout.unwrap() == "1S");
    }

    #[test]
    fn the_lines_of_accept_language_are_one_list() {
        let mut headers = HeaderMap::new();
        assert_eq!(CallHeaders::of(&headers).accept_language(), None);
        headers.append(ACCEPT_LANGUAGE, HeaderValue::from_static("de;q=0.5"));
        assert_eq!(CallHeaders::of(&headers).accept_language().unwrap(), "de;q=0.5");
        headers.append(ACCEPT_LANGUAGE, HeaderValue::from_static("fr"));
        assert_eq!(CallHeaders::of(&headers).accept_language().unwrap(), "de;q=0.5, fr");
    }

    #[test]
    fn an_error_is_known_by_its_status() {
        let rows = [
            (101, None, None, false),
            (200, None, None, false),
            (304, None, None, false),
            (399, None, None, false),
            (400, None, None, true),
            (599, None, None, true),
            (999, None, None, true),
            (200, Some("application/grpc"), None, false),
            (200, Some("application/grpc"), Some("0"), false),
            (200, Some("application/grpc"), Some("5"), true),
            (200, Some("Application/gRPC"), Some("5"), true),
            (200, Some("application/grpc+proto"), Some("x"), true),
            (200, Some("application/json"), Some("5"), false),
            (200, Some("application/grpcx"), Some("5"), false),
        ];
        for (status, content_type, grpc_status, expected) in rows {
            let mut headers = HeaderMap::new();
            if let Some(value) = content_type {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
            }
            if let Some(value) = grpc_status {
                headers.insert(GRPC_STATUS, HeaderValue::from_static(value));
            }
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(ResponseHeaders::of(&headers).is_error(status), expected, "{status} {headers:?}");
        }
    }
}
