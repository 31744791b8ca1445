//! What the head of a request says of a call of gRPC.

use http::{HeaderMap, HeaderValue};

use super::block::is_grpc;

pub(super) struct Call<'a> {
    /// Whether it is one.
    pub(super) is_grpc: bool,
    /// Its `grpc-timeout`.
    pub(super) timeout: Option<&'a HeaderValue>,
}

impl<'a> Call<'a> {
    /// Looks at each field once, which costs less than to look up two names.
    pub(super) fn of(headers: &'a HeaderMap) -> Self {
        let (mut media, mut timeout) = (None, None);
        for (name, value) in headers {
            match name.as_str() {
                "content-type" => media = media.or(Some(value)),
                "grpc-timeout" => timeout = timeout.or(Some(value)),
                _ => {}
            }
        }
        Self { is_grpc: media.is_some_and(is_grpc), timeout }
    }
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
}
