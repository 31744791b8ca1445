//! What goes, and what comes, when a body is replaced.

// docs/rules.md: R-WRITE-HTTP-6

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{self, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
};

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

/// The fields of every error in JSON, with room for some more.
pub(crate) fn of_every_error(more: usize) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(3 + more);
    headers.insert(CONTENT_TYPE, const { HeaderValue::from_static("application/json") });
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers
}

/// Whether a field describes the body that goes (<https://www.rfc-editor.org/rfc/rfc9110#section-8>,
/// <https://www.rfc-editor.org/rfc/rfc9530>), or is one between two neighbours
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1>).
fn is_gone(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "accept-ranges"
            | "connection"
            | "content-digest"
            | "content-disposition"
            | "content-encoding"
            | "content-language"
            | "content-length"
            | "content-location"
            | "content-md5"
            | "content-range"
            | "digest"
            | "etag"
            | "keep-alive"
            | "last-modified"
            | "proxy-connection"
            | "repr-digest"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

/// Removes the fields with such names, and returns the names. Looking at each name costs less than hashing those that may be there.
pub(crate) fn remove(headers: &mut HeaderMap, is_gone: impl Fn(&HeaderName) -> bool) -> Vec<HeaderName> {
    // Mostly there are none.
    if !headers.keys().any(&is_gone) {
        return Vec::new();
    }
    let gone: Vec<HeaderName> = headers.keys().filter(|name| is_gone(name)).cloned().collect();
    for name in &gone {
        headers.remove(name);
    }
    gone
}

/// Removes the fields that are untrue of another body, the hop-by-hop ones, and those that `Connection` names; adds
/// `cache-control: no-store` and `x-content-type-options: nosniff`. `Content-Type` is left to the caller.
///
/// Two say what the error itself needs, and stay: the `Upgrade` of a 426
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-15.5.22>), and the `Content-Range: bytes */N` of a 416
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-15.5.17>).
pub fn replace_body(headers: &mut HeaderMap, status: StatusCode) {
    let field_of = |of, name| if status == of { headers.get(name).cloned() } else { None };
    let upgrade = field_of(StatusCode::UPGRADE_REQUIRED, header::UPGRADE);
    let range = field_of(StatusCode::RANGE_NOT_SATISFIABLE, header::CONTENT_RANGE);
    let range = range.filter(|range| range.as_bytes().starts_with(b"bytes */"));
    let lines = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named: Vec<HeaderName> =
        lines.flat_map(|line| line.split(',')).filter_map(|name| name.trim().parse().ok()).collect();
    remove(headers, |name| is_gone(name) || named.contains(name));
    if let Some(upgrade) = upgrade {
        headers.insert(header::UPGRADE, upgrade);
        // An intermediary drops it otherwise (RFC 9110, 7.8).
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    }
    if let Some(range) = range {
        headers.insert(header::CONTENT_RANGE, range);
    }
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn what_an_error_needs_stays() {
        let fields = [("connection", "upgrade"), ("content-range", "bytes */47022"), ("upgrade", "h2c")];
        let rows: [(StatusCode, &[&str]); 3] = [
            (StatusCode::UPGRADE_REQUIRED, &["cache-control", "connection", "upgrade", "x-content-type-options"]),
            (StatusCode::RANGE_NOT_SATISFIABLE, &["cache-control", "content-range", "x-content-type-options"]),
            (StatusCode::NOT_FOUND, &["cache-control", "x-content-type-options"]),
        ];
        for (status, expected) in rows {
            let mut replaced = headers(&fields);
            replace_body(&mut replaced, status);
            let mut names: Vec<_> = replaced.keys().map(HeaderName::as_str).collect();
            names.sort_unstable();
            assert_eq!(names, expected, "{status}");
        }
    }

    #[test]
    fn what_goes_and_what_comes() {
        let mut replaced = headers(&[
            ("accept-ranges", "bytes"),
            ("cache-control", "public"),
            ("cache-control", "max-age=60"),
            ("connection", "close, X-Hop"),
            ("connection", "?\"\\, , X-Other"),
            ("content-digest", "x"),
            ("content-disposition", "attachment"),
            ("content-encoding", "gzip"),
            ("content-language", "de"),
            ("content-length", "5"),
            ("content-location", "/internal/errors/500.html"),
            ("content-md5", "x"),
            ("content-range", "bytes 0-1/2"),
            ("content-type", "text/html"),
            ("digest", "x"),
            ("etag", "\"x\""),
            ("keep-alive", "timeout=5"),
            ("last-modified", "x"),
            ("proxy-connection", "close"),
            ("repr-digest", "x"),
            ("retry-after", "1"),
            ("set-cookie", "a=b"),
            ("set-cookie", "c=d"),
            ("te", "trailers"),
            ("trailer", "grpc-status"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("www-authenticate", "Bearer"),
            ("x-hop", "1"),
            ("x-other", "1"),
            ("x-request-id", "1"),
        ]);
        replace_body(&mut replaced, StatusCode::BAD_REQUEST);
        let expected = headers(&[
            ("cache-control", "no-store"),
            ("content-type", "text/html"),
            ("retry-after", "1"),
            ("set-cookie", "a=b"),
            ("set-cookie", "c=d"),
            ("www-authenticate", "Bearer"),
            ("x-content-type-options", "nosniff"),
            ("x-request-id", "1"),
        ]);
        assert_eq!(replaced, expected);
    }
}
