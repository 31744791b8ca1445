//! The content type of a body.

use http::HeaderValue;

/// What a content type says about a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// There is none.
    Missing,
    /// `application/json` or any other `+json`.
    Json,
    /// `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457#section-3)).
    Problem,
    /// `application/vnd.api+json` ([JSON:API](https://jsonapi.org/format/#introduction)).
    JsonApi,
    /// `application/x-amz-json-1.0` and so on
    /// ([AWS JSON](https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html)).
    AmazonJson,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// Anything else.
    Other,
}

impl Media {
    /// Whether the type promises JSON.
    pub(super) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Problem | Self::JsonApi | Self::AmazonJson)
    }

    pub(super) fn of(content_type: Option<&HeaderValue>) -> Self {
        let Some(value) = content_type else { return Self::Missing };
        // The most frequent ones.
        match value.as_bytes() {
            b"application/json" | b"application/json; charset=utf-8" => return Self::Json,
            b"text/html" | b"text/html; charset=utf-8" => return Self::Other,
            _ => {}
        }
        let Ok(value) = value.to_str() else { return Self::Other };
        let name = value.split(';').next().unwrap_or_default().trim();
        let is = |expected| name.eq_ignore_ascii_case(expected);
        let starts = |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        let ends = |suffix: &str| {
            let at = name.len().checked_sub(suffix.len());
            at.and_then(|at| name.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
        };
        match () {
            () if name.is_empty() => Self::Missing,
            () if is("application/problem+json") => Self::Problem,
            () if is("application/vnd.api+json") => Self::JsonApi,
            () if starts("application/x-amz-json-") => Self::AmazonJson,
            () if is("application/x-www-form-urlencoded") => Self::Form,
            () if is("text/json") || is("application/json") || ends("+json") => Self::Json,
            () => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_json() {
        let rows = [
            ("", Media::Missing),
            ("application/json", Media::Json),
            ("application/json; charset=utf-8", Media::Json),
            ("Application/JSON;charset=UTF-8", Media::Json),
            ("text/html; charset=utf-8", Media::Other),
            ("application/vnd.acme.v2+JSON ; q=1", Media::Json),
            ("application/problem+json; charset=utf-8", Media::Problem),
            ("application/vnd.api+json", Media::JsonApi),
            ("application/x-amz-json-1.1", Media::AmazonJson),
            ("text/html", Media::Other),
            ("text/plain", Media::Other),
            ("application/jsonx", Media::Other),
            ("application/problem+xml", Media::Other),
            ("json", Media::Other),
            (";", Media::Missing),
        ];
        for (value, expected) in rows {
            assert_eq!(Media::of(Some(&HeaderValue::from_static(value))), expected, "{value}");
        }
        assert_eq!(Media::of(None), Media::Missing);
    }
}
