//! The response to a malformed HTTP/1.1 request.
//!
//! hyper responds to such a request by itself, with a status and nothing else, and has no hook for it. Here its response is known by
//! its bytes, and replaced.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};

use crate::{
    model::{Audience, Error, kinds},
    server::{errors::header_too_large, observe::identify},
    translate::{Translator, WriteHttpOptions},
};

/// Makes the response to a request that hyper refused with this status.
#[derive(Clone)]
pub(crate) struct Refusal(Arc<dyn Fn(StatusCode) -> Response<Bytes> + Send + Sync>);

impl Refusal {
    /// Responses over HTTP/1.1, where a malformed request does not tell the protocol of its caller. `most` is the limit of the
    /// request headers in bytes.
    pub(crate) fn new(translator: Translator, most: usize) -> Self {
        Self(Arc::new(move |status| {
            let error = match status {
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => header_too_large(most),
                StatusCode::URI_TOO_LONG => Error::new(kinds::URI_TOO_LONG),
                _ => Error::new(kinds::REQUEST_INVALID)
                    .with_message("Malformed HTTP/1.1 request. Check the request line and the header syntax."),
            };
            let (mut response, _) = translator.write_http_with(&error, &WriteHttpOptions::new(Audience::Internal));
            identify(&mut response, &HeaderMap::new());
            response
        }))
    }

    /// The replacement for these bytes, if they are exactly such a response of hyper.
    pub(super) fn instead_of(&self, bytes: &[u8]) -> Option<Bytes> {
        let Bare { status, date } = Bare::read(bytes)?;
        Some(written(&(self.0)(status), date))
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal").finish_non_exhaustive()
    }
}

/// A response of hyper, without a body. Responses of ours differ: each has an `x-request-id` or a content type.
#[derive(Debug, PartialEq, Eq)]
struct Bare<'a> {
    status: StatusCode,
    date: &'a str,
}

impl<'a> Bare<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        // Nearly all output is something else.
        let rest = bytes.strip_prefix(b"HTTP/1.1 4").or_else(|| bytes.strip_prefix(b"HTTP/1.0 4"))?;
        let (digits, rest) = rest.split_at_checked(2)?;
        let status = str::from_utf8(digits).ok()?.parse::<u16>().ok()? + 400;
        let mut lines = str::from_utf8(rest).ok()?.strip_suffix("\r\n\r\n")?.split("\r\n").skip(1);
        let fields = [lines.next()?, lines.next()?, lines.next()?];
        let date = fields[2].strip_prefix("date: ")?;
        (fields[..2] == ["connection: close", "content-length: 0"] && lines.next().is_none())
            .then_some(Self { status: StatusCode::from_u16(status).ok()?, date })
    }
}

fn written(response: &Response<Bytes>, date: &str) -> Bytes {
    let (status, body) = (response.status(), response.body());
    let mut bytes =
        format!("HTTP/1.1 {} {}\r\n", status.as_u16(), status.canonical_reason().unwrap_or_default()).into_bytes();
    for (name, value) in response.headers() {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            bytes.extend_from_slice(part);
        }
    }
    let end = format!("connection: close\r\ncontent-length: {}\r\ndate: {date}\r\n\r\n", body.len());
    bytes.extend_from_slice(end.as_bytes());
    bytes.extend_from_slice(body);
    bytes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_responses_that_hyper_makes() {
        let read = |text: &'static str| Bare::read(text.as_bytes());
        let bare = read(
            "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\ndate: now\r\n\r\n",
        );
        assert_eq!(bare, Some(Bare { status: StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, date: "now" }));
        for other in [
            "",
            "HTTP/1.1 4",
            "HTTP/1.1 4xx No\r\nconnection: close\r\ncontent-length: 0\r\ndate: now\r\n\r\n",
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\ndate: now\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nx-request-id: 1\r\nconnection: close\r\ncontent-length: 0\r\ndate: now\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\ndate: now\r\n\r\nmore",
            "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\ndate: no",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
