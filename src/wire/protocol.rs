//! Which protocol speaks: one answer for requests and responses, without case
//! (<https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1>).

#[cfg(any(test, feature = "server"))]
use http::HeaderMap;
use http::{HeaderValue, Method};

/// A protocol over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// gRPC itself: `application/grpc`, alone or with `+proto` and the like
    /// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests>).
    Grpc,
    /// gRPC-Web, whose trailers are in its body (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md>).
    GrpcWeb,
    /// Connect (<https://connectrpc.com/docs/protocol>).
    Connect,
    /// Anything else.
    Http,
}

/// The field of a request of Connect.
pub(crate) const CONNECT_VERSION: &str = "connect-protocol-version";

impl Protocol {
    /// What a caller speaks.
    #[cfg(any(test, feature = "server"))]
    pub(crate) fn of_request(method: &Method, query: Option<&str>, headers: &HeaderMap) -> Self {
        let (mut media, mut has_version) = (None, false);
        // Comparing each name costs less than hashing one, and most callers send few fields.
        for (name, value) in headers {
            match name.as_str() {
                "content-type" => media = media.or(Some(value)),
                CONNECT_VERSION => has_version = true,
                _ => {}
            }
        }
        Self::of_caller(method, query, media, has_version)
    }

    /// What a caller speaks. gRPC and gRPC-Web are spoken in a POST alone. A GET of Connect has no header that says so, but
    /// `connect=v1` in its query (<https://connectrpc.com/docs/protocol#unary-get-request>).
    pub(crate) fn of_caller(
        method: &Method,
        query: Option<&str>,
        media: Option<&HeaderValue>,
        has_version: bool,
    ) -> Self {
        match media.map_or(Self::Http, Self::of_media) {
            protocol @ (Self::Grpc | Self::GrpcWeb | Self::Connect) if *method == Method::POST => protocol,
            _ if has_version => Self::Connect,
            _ if *method == Method::GET && query.is_some_and(says_connect) => Self::Connect,
            _ => Self::Http,
        }
    }

    /// What a media type belongs to: of Connect only the streams have one of their own.
    pub(crate) fn of_media(media: &HeaderValue) -> Self {
        const GRPC: u128 = u128::from_ne_bytes(*b"application/grpc");
        const CONNECT: &[u8] = b"application/connect+";
        // Sets the bit that tells lower case from upper. No other character of a header value becomes one of these by it.
        const LOWER: u128 = u128::from_ne_bytes([0x20; 16]);
        let media = media.as_bytes();
        match media.split_first_chunk() {
            Some((name, rest)) if u128::from_ne_bytes(*name) | LOWER == GRPC => match rest {
                [] | [b'+' | b';' | b' ' | b'\t', ..] => Self::Grpc,
                _ if is_web(rest) => Self::GrpcWeb,
                _ => Self::Http,
            },
            _ if starts_with(media, CONNECT) => Self::Connect,
            _ => Self::Http,
        }
    }

    /// Whether this is gRPC or gRPC-Web.
    pub(crate) fn is_any_grpc(self) -> bool {
        matches!(self, Self::Grpc | Self::GrpcWeb)
    }
}

#[cfg(any(test, feature = "server"))]
/// Whether a media type is this one, without case and parameters.
pub(crate) fn is_media(value: &HeaderValue, media: &str) -> bool {
    let name = value.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    name.trim_ascii().eq_ignore_ascii_case(media.as_bytes())
}

/// What follows `application/grpc`: `-web` or `-web-text`, alone or with a format.
fn is_web(rest: &[u8]) -> bool {
    let end = rest.iter().position(|byte| b"+; \t".contains(byte)).unwrap_or(rest.len());
    let name = &rest[..end];
    name.eq_ignore_ascii_case(b"-web") || name.eq_ignore_ascii_case(b"-web-text")
}

fn starts_with(media: &[u8], prefix: &[u8]) -> bool {
    media.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn says_connect(query: &str) -> bool {
    query.split('&').any(|pair| pair == "connect=v1")
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    #[test]
    fn of_a_media_type() {
        let rows = [
            ("application/grpc", Protocol::Grpc),
            ("Application/GRPC+proto", Protocol::Grpc),
            ("application/grpc;charset=utf-8", Protocol::Grpc),
            ("application/grpc ; x", Protocol::Grpc),
            ("application/grpc-web", Protocol::GrpcWeb),
            ("application/gRPC-Web+proto", Protocol::GrpcWeb),
            ("application/grpc-web-text", Protocol::GrpcWeb),
            ("application/grpc-web-text+proto; x", Protocol::GrpcWeb),
            ("application/grpc-webby", Protocol::Http),
            ("application/grpcx", Protocol::Http),
            ("application/connect+json", Protocol::Connect),
            ("Application/Connect+proto", Protocol::Connect),
            ("application/json", Protocol::Http),
            ("text/application/grpc", Protocol::Http),
            ("", Protocol::Http),
        ];
        for (value, expected) in rows {
            assert_eq!(Protocol::of_media(&HeaderValue::from_static(value)), expected, "{value}");
        }
    }

    #[test]
    fn of_a_request() {
        let connect = ("connect-protocol-version", "1");
        let (grpc, web) = (("content-type", "application/grpc"), ("content-type", "application/grpc-web"));
        let rows: [(Method, Option<&str>, &[(&'static str, &'static str)], Protocol); 9] = [
            (Method::POST, None, &[grpc], Protocol::Grpc),
            (Method::GET, None, &[grpc], Protocol::Http),
            (Method::POST, None, &[web], Protocol::GrpcWeb),
            (Method::GET, None, &[web], Protocol::Http),
            (Method::POST, None, &[connect, ("content-type", "application/json")], Protocol::Connect),
            (Method::POST, None, &[("content-type", "application/json")], Protocol::Http),
            (Method::GET, Some("connect=v1&encoding=json"), &[], Protocol::Connect),
            (Method::GET, Some("xconnect=v1"), &[], Protocol::Http),
            (Method::POST, Some("connect=v1"), &[], Protocol::Http),
        ];
        for (method, query, fields, expected) in rows {
            let headers =
                fields.iter().map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            assert_eq!(
                Protocol::of_request(&method, query, &headers.collect()),
                expected,
                "{method} {query:?} {fields:?}"
            );
        }
    }

    #[test]
    fn a_media_type_without_case_and_parameters() {
        let json = |value| is_media(&HeaderValue::from_static(value), "application/json");
        assert!(json("application/json") && json("Application/JSON ; charset=utf-8"));
        assert!(!json("application/jsonx") && !json("application") && !json(""));
    }
}
