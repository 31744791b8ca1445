//! What callers are told whose request is too large in its head, or no request at all.

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};

use super::{listen::Refusal, observe::identify};
use crate::{
    model::{Audience, Error, kinds},
    translate::{Translator, WriteHttpOptions},
};

/// As RFC 9113, 6.5.2 counts it, and so does [`header_list_bytes`]: each field is so much larger than its texts.
const FIELD: usize = 32;

/// The names of `:method`, `:scheme`, `:authority` and `:path`, and the value of `:scheme` at its longest.
const PSEUDO_FIELDS: usize = 7 + 7 + 10 + 5 + 5 + 4 * FIELD;

/// How large the head of a request is in HTTP/2, whatever it came by.
pub(super) fn header_list_bytes<B>(request: &Request<B>) -> usize {
    let (method, uri) = (request.method().as_str(), request.uri());
    let path = uri.path_and_query().map_or(0, |path| path.as_str().len());
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len());
    let fields = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + FIELD);
    PSEUDO_FIELDS + method.len() + authority + path + fields.sum::<usize>()
}

pub(super) fn header_too_large(most: usize) -> Error {
    Error::new(kinds::HEADER_FIELDS_TOO_LARGE)
        .with_message(format!("The header fields are larger than {most} bytes. Send fewer, or shorter ones."))
}

/// The responses over HTTP/1.1, where a request that could not be read says nothing of its caller.
pub(super) fn refusal(translator: Translator, most: usize) -> Refusal {
    Refusal::new(move |status| {
        let error = match status {
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => header_too_large(most),
            StatusCode::URI_TOO_LONG => Error::new(kinds::URI_TOO_LONG),
            _ => Error::new(kinds::REQUEST_INVALID)
                .with_message("Malformed HTTP/1.1 request. Check the request line and the header syntax."),
        };
        answer(&translator, &error)
    })
}

fn answer(translator: &Translator, error: &Error) -> Response<Bytes> {
    let (mut response, _) = translator.write_http_with(error, &WriteHttpOptions::new(Audience::Internal));
    identify(&mut response, &HeaderMap::new());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lengths of each name and value, by hand. The scheme is not known, and counts as `https`.
    #[test]
    fn counts_as_http2_does() {
        let request = Request::get("http://a.test/a?b").header("x-a", "bc").body(()).unwrap();
        assert_eq!(header_list_bytes(&request), (7 + 3) + (7 + 5) + (10 + 6) + (5 + 4) + (3 + 2) + 5 * 32);
    }
}
