//! What goes, and what comes, when a body is replaced.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{self, CACHE_CONTROL, CONNECTION, X_CONTENT_TYPE_OPTIONS},
};

/// The fields that describe the body that goes (<https://www.rfc-editor.org/rfc/rfc9110#section-8>,
/// <https://www.rfc-editor.org/rfc/rfc9530>), and those between two neighbours
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1>).
static GONE: [HeaderName; 19] = [
    header::ACCEPT_RANGES,
    CONNECTION,
    HeaderName::from_static("content-digest"),
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LENGTH,
    HeaderName::from_static("content-md5"),
    header::CONTENT_RANGE,
    HeaderName::from_static("digest"),
    header::ETAG,
    HeaderName::from_static("keep-alive"),
    header::LAST_MODIFIED,
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("repr-digest"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Removes the fields that are untrue of another body, the hop-by-hop ones, and those that `Connection` names; adds
/// `cache-control: no-store` and `x-content-type-options: nosniff`. `Content-Type` is left to the caller.
pub fn replace_body(headers: &mut HeaderMap) {
    let lines = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named: Vec<HeaderName> =
        lines.flat_map(|line| line.split(',')).filter_map(|name| name.trim().parse().ok()).collect();
    for name in GONE.iter().chain(&named) {
        headers.remove(name);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
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
        replace_body(&mut replaced);
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
