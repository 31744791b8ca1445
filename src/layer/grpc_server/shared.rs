//! What all calls through one layer share, and what they do with an error.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Response, header};

use crate::{
    layer::{Direction, Event, Observer, unwind},
    model::{Audience, Error, kinds},
    translate::{GrpcOptions, ParseOptions, Report, Translator},
    wire::grpc::{GRPC_MESSAGE, GRPC_STATUS, GRPC_STATUS_DETAILS_BIN, Received},
};

#[derive(Clone)]
pub(super) struct Shared<O> {
    pub(super) translator: Translator,
    pub(super) audience: Audience,
    pub(super) timeout: Option<Duration>,
    pub(super) observer: O,
}

impl<O: Observer> Shared<O> {
    /// Rewrites the status in a header or trailer block, if it is an error, and gives that error back.
    pub(super) fn rewrite(&self, headers: &mut HeaderMap) -> Option<Error> {
        if headers.get(GRPC_STATUS)? == "0" {
            return None;
        }
        let received = Received::from_headers(headers);
        let (error, report) = match self.translator.read_grpc(received, &ParseOptions::new()) {
            Ok(read) => read,
            // Only "0" is OK, which is not here.
            Err(_) => return None,
        };
        self.write(&error, report, headers);
        Some(error)
    }

    /// The trailers of an error that did not come from below.
    pub(super) fn trailers(&self, error: &Error) -> HeaderMap {
        let mut trailers = HeaderMap::with_capacity(4);
        self.write(error, Report::default(), &mut trailers);
        trailers
    }

    /// A Trailers-Only response: the status in the headers, and no body
    /// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses>).
    pub(super) fn response<B>(&self, error: Error, body: B) -> Response<B> {
        let mut response = Response::new(body);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        self.write(&error, Report::default(), response.headers_mut());
        response.extensions_mut().insert(error);
        response
    }

    pub(super) fn deadline_exceeded(&self) -> Error {
        Error::new(kinds::DEADLINE_EXCEEDED)
    }

    fn write(&self, error: &Error, mut report: Report, headers: &mut HeaderMap) {
        for name in [GRPC_STATUS, GRPC_MESSAGE, GRPC_STATUS_DETAILS_BIN] {
            headers.remove(name);
        }
        // As HTTP/2 counts the other fields of the block (RFC 9113, 6.5.2).
        let reserved = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 32).sum();
        let options = GrpcOptions::new(self.audience).with_reserved(reserved);
        let (status, written) = self.translator.to_grpc_with(error, &options);
        status.write_to(headers);
        (report.trimmed, report.redacted) = (written.trimmed, written.redacted);
        let event = Event { direction: Direction::GrpcServer, error, report: &report };
        // Who watches does not get in the way.
        let _ = unwind::catch(|| self.observer.on_error(&event));
    }
}

/// Whether a block says that the call succeeded or failed.
pub(super) fn has_status(headers: &HeaderMap) -> bool {
    headers.contains_key(GRPC_STATUS)
}
