//! Which fields of a response matter, found in one pass.

use http::{HeaderMap, HeaderValue};

/// What a response has of the fields that matter. Most have none but a content type, and one look at each name costs
/// less than a dozen look-ups, each of which hashes its own name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Survey<'a> {
    /// The first content type.
    pub(crate) content_type: Option<&'a HeaderValue>,
    /// Whether there is a `content-encoding`.
    pub(crate) is_encoded: bool,
    /// Whether there is a `grpc-status` or a `grpc-status-details-bin`.
    pub(crate) has_grpc: bool,
    /// Whether there is any field that travels: those of [`CARRIED`](super::preserved::CARRIED).
    pub(crate) has_carried: bool,
    /// Whether there is a field that may name an error: `www-authenticate` or `x-amzn-errortype`.
    pub(crate) may_name: bool,
}

impl<'a> Survey<'a> {
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        let mut survey = Self::default();
        for (name, value) in headers {
            // A `match` on the text costs one comparison of lengths for most names.
            match name.as_str() {
                "content-type" => survey.content_type = survey.content_type.or(Some(value)),
                "content-encoding" => survey.is_encoded = true,
                "grpc-status" | "grpc-status-details-bin" => survey.has_grpc = true,
                "www-authenticate" => (survey.has_carried, survey.may_name) = (true, true),
                "allow"
                | "content-language"
                | "link"
                | "retry-after"
                | "x-request-id"
                | "retry-after-ms"
                | "x-ms-retry-after-ms" => survey.has_carried = true,
                "x-amzn-errortype" => survey.may_name = true,
                _ => {}
            }
        }
        survey
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::{super::preserved::CARRIED, *};

    fn survey(name: &'static str) -> [bool; 5] {
        let headers = HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static("x"))]);
        let Survey { content_type, is_encoded, has_grpc, has_carried, may_name } = Survey::of(&headers);
        [content_type.is_some(), is_encoded, has_grpc, has_carried, may_name]
    }

    #[test]
    fn looks_for_each_that_travels() {
        for name in CARRIED {
            assert_eq!(survey(name), [false, false, false, true, name == "www-authenticate"], "{name}");
        }
    }

    #[test]
    fn looks_for_the_others() {
        let rows = [
            ("content-type", [true, false, false, false, false]),
            ("content-encoding", [false, true, false, false, false]),
            ("grpc-status", [false, false, true, false, false]),
            ("grpc-status-details-bin", [false, false, true, false, false]),
            ("x-amzn-errortype", [false, false, false, false, true]),
            ("retry-after-ms", [false, false, false, true, false]),
            ("x-ms-retry-after-ms", [false, false, false, true, false]),
            ("grpc-message", [false; 5]),
            ("date", [false; 5]),
            ("allowed", [false; 5]),
            ("x-request-ids", [false; 5]),
        ];
        for (name, expected) in rows {
            assert_eq!(survey(name), expected, "{name}");
        }
    }

    #[test]
    fn takes_the_first_content_type() {
        let mut headers = HeaderMap::new();
        headers.append("content-type", HeaderValue::from_static("text/html"));
        headers.append("content-type", HeaderValue::from_static("application/json"));
        assert_eq!(Survey::of(&headers).content_type.unwrap(), "text/html");
    }
}
