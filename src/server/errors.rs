//! Errors that the server raises itself, and the responses for them, also to a malformed HTTP/1.1 request: hyper responds to such a request by
//! itself, with a status and nothing else, and has no hook for it. Here its response is known by its bytes, and replaced.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use tonic::body::Body;

use super::observe::{X_REQUEST_ID, identity};
use crate::{
    layer::{BodyForm, Caller},
    model::{Audience, Error, kinds},
    translate::{Translator, WriteHttpOptions},
};

/// The whole response to a call that failed with this error, in the protocol of its caller. It closes an HTTP/1.1 connection if the
/// request body `is_unread`.
pub(super) fn response(caller: &Caller, error: &Error, translator: &Translator, is_unread: bool) -> Response<Body> {
    let form = BodyForm { dialect: None, details: false };
    let (mut response, _) = caller.response(error, translator, translator.policy().audience, form);
    if is_unread {
        caller.close_unread(response.headers_mut());
    }
    if *error.kind() == kinds::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
    }
    response.map(|body| Body::new(Full::new(body)))
}

/// The retry delay of refused calls.
const RETRY: Duration = Duration::from_secs(1);

/// The server has too many calls in flight. That is not the fault of one caller, so it is UNAVAILABLE.
pub(super) fn overloaded() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE)
        .with_message("Too many calls in progress. Try again later.")
        .with_retry_after(RETRY)
}

/// The calls in flight hold too much memory together.
pub(super) fn full() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE)
        .with_message("The server holds too many large requests. Try again later, or send a smaller one.")
        .with_retry_after(RETRY)
}

/// The request or its response was not complete in time.
pub(super) fn too_slow() -> Error {
    Error::new(kinds::REQUEST_TIMEOUT)
        .with_message("The call took too long. Send a smaller request, or send it faster, and try again.")
}

/// The connection ends, or the whole server.
pub(super) fn going_away() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE)
        .with_message("The server closes this connection. Try again on a new one.")
        .with_retry_after(RETRY)
}

pub(super) fn header_too_large(most: usize) -> Error {
    Error::new(kinds::HEADER_FIELDS_TOO_LARGE)
        .with_message(format!("The header fields are larger than {most} bytes. Send fewer, or shorter ones."))
}

/// Makes the responses to requests that hyper refused.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    translator: Translator,
    most_header_bytes: usize,
}

impl Refusal {
    pub(crate) fn new(translator: Translator, most_header_bytes: usize) -> Self {
        Self { translator, most_header_bytes }
    }

    /// A response over HTTP, since a malformed request does not tell the protocol of its caller.
    fn response(&self, status: StatusCode) -> Response<Bytes> {
        let error = match status {
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => header_too_large(self.most_header_bytes),
            StatusCode::URI_TOO_LONG => Error::new(kinds::URI_TOO_LONG),
            _ => Error::new(kinds::REQUEST_INVALID)
                .with_message("Malformed HTTP/1.1 request. Check the request line and the header syntax."),
        };
        let (mut response, _) = self.translator.write_http_with(&error, &WriteHttpOptions::new(Audience::Internal));
        let (_, id) = identity(&HeaderMap::new());
        response.headers_mut().extend(id.map(|id| (X_REQUEST_ID, id)));
        response
    }

    /// The replacement for these bytes, if they are exactly such a response of hyper.
    pub(super) fn instead_of(&self, bytes: &[u8]) -> Option<Bytes> {
        let Bare { status, date } = Bare::read(bytes)?;
        Some(written(&self.response(status), date))
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
