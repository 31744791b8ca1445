//! A call in flight, and what becomes of its errors.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, response};

use crate::{
    layer::{
        Observer,
        collect::Collected,
        grpc_call::Ended,
        status_writer::{Ending, Requested, Writer, is_ok_alone},
    },
    model::{Error, kinds, rpc},
    translate::{ReadOptions, Report, StatusTable},
    wire::grpc::{GRPC_MESSAGE, GRPC_STATUS_DETAILS_BIN, Received, StatusFields},
};

/// The most bytes of a body that is not gRPC which are kept in the details.
const MAX_BODY: usize = 2 * 1024;

/// The most bytes of trailers without a status that are kept.
const MAX_REST: usize = 4 * 1024;

/// A call in flight.
pub(super) struct Call<O> {
    pub(super) writer: Arc<Writer<O>>,
    /// Whether it is a gRPC call.
    pub(super) is_grpc: bool,
}

impl<O: Observer> Call<O> {
    /// Makes the headers or trailers that end a call hold one valid status, and returns the error if they did not. A valid status
    /// stays as it is.
    #[inline]
    pub(super) fn settle(&self, headers: &mut HeaderMap, status: StatusCode, ended: Ended) -> Option<Error> {
        if is_ok_alone(headers) { None } else { self.settle_more(headers, status, ended) }
    }

    fn settle_more(&self, headers: &mut HeaderMap, status: StatusCode, ended: Ended) -> Option<Error> {
        match Ending::of(headers) {
            Ending::Ok => {
                // They mean nothing next to OK, and tonic fails on broken ones.
                let fields = StatusFields::of(headers);
                let (message, details) = (fields.has_good_message(), fields.has_good_details());
                if !message {
                    headers.remove(GRPC_MESSAGE);
                }
                if !details {
                    headers.remove(GRPC_STATUS_DETAILS_BIN);
                }
                None
            }
            Ending::Missing => {
                let (error, report) = self.without_status(status, ended, headers);
                if ended.has_trailers && field_bytes(headers) > MAX_REST {
                    // Trailers that were cut are incomplete, and would take the room of the error.
                    headers.clear();
                }
                self.writer.write(&error, report, headers, &Requested::default());
                Some(error)
            }
            Ending::Error => self.check(headers),
        }
    }

    fn check(&self, headers: &mut HeaderMap) -> Option<Error> {
        let fields = StatusFields::of(headers);
        let is_plain = fields.has_one_code() && fields.has_good_message();
        let is_observed = self.writer.observer.wants_unchanged();
        if is_plain && !fields.has_details() && !is_observed {
            return None;
        }
        let received = Received::from_headers(headers);
        let is_read = !received.mismatch && received.notes.is_empty();
        let is_intact = is_plain && is_read && fields.has_good_details_if_read();
        if is_intact && !is_observed {
            return None;
        }
        // Only OK is not an error, and OK does not get here.
        let (error, report) = self.writer.translator.read_grpc_with(received, &ReadOptions::new()).ok()?;
        if is_intact {
            self.writer.tell(&error, report, None);
            return None;
        }
        self.writer.write(&error, report, headers, &Requested::default());
        Some(error)
    }

    /// The HTTP status says what it can of a call that ended without one of gRPC
    /// (<https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md>).
    fn without_status(&self, status: StatusCode, ended: Ended, headers: &HeaderMap) -> (Error, Report) {
        if ended.deadline.has_passed() {
            return (Error::new(kinds::DEADLINE_EXCEEDED), Report::default());
        }
        let options = ReadOptions::new().with_table(StatusTable::Intermediary);
        let (error, report) =
            Collected::default().read(&self.writer.translator, status, &HeaderMap::new(), &options, |_| {
                Error::new(kinds::UNKNOWN_ERROR)
            });
        if !ended.has_trailers {
            return (error, report);
        }
        let bytes = field_bytes(headers);
        // h2 drops the header fields over the limit without an error.
        let message = format!(
            "The trailers came without grpc-status: {bytes} bytes of other fields were read. A client cuts \
             what is over its limit for header fields."
        );
        (error.with_message(message).with_metadata("fault", "trailers"), report)
    }

    /// The response in place of one that is not gRPC.
    pub(super) fn non_grpc<B>(&self, head: &mut response::Parts, text: Collected, body: B) -> Response<B> {
        let (error, report) = self.page(head.status, &head.headers, text);
        let mut response = self.writer.response(error, report, &Requested::default(), body);
        // The transport has left these for the layers outside.
        let mut extensions = std::mem::take(&mut head.extensions);
        extensions.extend(std::mem::take(response.extensions_mut()));
        *response.extensions_mut() = extensions;
        response
    }

    /// The trailers in place of a body that is not gRPC.
    pub(super) fn trailers_of_page(&self, status: StatusCode, headers: &HeaderMap, text: Collected) -> HeaderMap {
        let (error, report) = self.page(status, headers, text);
        let mut trailers = HeaderMap::new();
        self.writer.write(&error, report, &mut trailers, &Requested::default());
        trailers
    }

    /// The error of a response that is not gRPC.
    fn page(&self, status: StatusCode, headers: &HeaderMap, text: Collected) -> (Error, Report) {
        let unexpected = |text: &Bytes| unexpected(status, headers, text);
        text.read(&self.writer.translator, status, headers, &ReadOptions::new(), unexpected)
    }
}

/// As HTTP/2 counts them (<https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2>).
fn field_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 32).sum()
}

/// A response that is neither an HTTP error nor gRPC, such as a login page.
fn unexpected(status: StatusCode, headers: &HeaderMap, text: &Bytes) -> Error {
    let media = headers.get(http::header::CONTENT_TYPE).map(|value| rpc::HttpHeader {
        key: http::header::CONTENT_TYPE.to_string(),
        value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
    });
    Error::new(kinds::UNKNOWN_ERROR).with_detail(rpc::HttpResponse {
        status: status.as_u16().into(),
        reason: status.canonical_reason().unwrap_or_default().to_owned(),
        headers: media.into_iter().collect(),
        body: text.slice(..text.len().min(MAX_BODY)),
    })
}
