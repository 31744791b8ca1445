//! What the head of a request says of a call of gRPC.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{ACCEPT_LANGUAGE, CONTENT_TYPE},
};

use crate::wire::protocol::Protocol;

// A constant would be made, and dropped, for each field.
static GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

pub(super) struct Call<'a> {
    /// Whether it is one.
    pub(super) is_grpc: bool,
    /// Its `grpc-timeout`.
    pub(super) timeout: Option<&'a HeaderValue>,
    headers: &'a HeaderMap,
    language: Option<&'a HeaderValue>,
    is_several: bool,
}

impl<'a> Call<'a> {
    /// Looks at each field once, which costs less than to look up two names.
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

    /// Its `accept-language`, to be kept. A value that came over a wire is shared, not copied.
    pub(super) fn accept_language(&self) -> Option<HeaderValue> {
        if self.is_several { joined(self.headers, ACCEPT_LANGUAGE) } else { self.language.cloned() }
    }
}

/// All lines of a field as one (<https://www.rfc-editor.org/rfc/rfc9110#section-5.3>).
///
/// To join several is the one allocation that a success may cost. Hardly anybody sends more than one.
pub(super) fn joined(headers: &HeaderMap, name: HeaderName) -> Option<HeaderValue> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_a_field_counts() {
        let mut headers = HeaderMap::new();
        assert!(!Call::of(&headers).is_grpc);
        for (name, value) in [
            ("content-type", "application/grpc"),
            ("content-type", "text/html"),
            ("grpc-timeout", "1S"),
            ("grpc-timeout", "2S"),
        ] {
            headers.append(name, HeaderValue::from_static(value));
        }
        let call = Call::of(&headers);
        assert!(call.is_grpc && call.timeout.unwrap() == "1S");
    }

    #[test]
    fn the_lines_of_accept_language_are_one_list() {
        let mut headers = HeaderMap::new();
        assert_eq!(Call::of(&headers).accept_language(), None);
        headers.append(ACCEPT_LANGUAGE, HeaderValue::from_static("de;q=0.5"));
        assert_eq!(Call::of(&headers).accept_language().unwrap(), "de;q=0.5");
        headers.append(ACCEPT_LANGUAGE, HeaderValue::from_static("fr"));
        assert_eq!(Call::of(&headers).accept_language().unwrap(), "de;q=0.5, fr");
    }
}
