//! What becomes of the errors of a call in flight.

use std::sync::Arc;

use http::{HeaderMap, Response};

use crate::{
    layer::{
        Observer,
        status_writer::{Ending, Requested, Writer, is_ok_alone},
    },
    model::{Error, kinds},
    translate::{ReadOptions, Report},
    wire::grpc::{Received, ReceivedCode, Status, StatusFields},
};

/// A call in flight. The claims of its caller decide the protocol of an error that this layer raises, and nothing else.
pub(in crate::layer) struct Call<O> {
    pub(in crate::layer) writer: Arc<Writer<O>>,
    pub(in crate::layer) requested: Requested,
    /// Whether the request claims to be gRPC.
    pub(in crate::layer) is_grpc: bool,
    /// Whether the response is [marked](Settled), for a layer outside.
    pub(in crate::layer) is_marking: bool,
}

/// In the extensions of a request: a layer outside wants the response [marked](Settled).
#[derive(Clone, Copy, Debug)]
pub(in crate::layer) struct MarkWanted;

/// In the extensions of a response: a `GrpcServerLayer` has written its errors, for the audience of that layer.
#[derive(Clone, Copy, Debug)]
pub(in crate::layer) struct Settled;

impl<O: Observer> Call<O> {
    /// Makes the trailers of a call valid, and returns the error if there is one. A success stays as it is.
    #[inline]
    pub(super) fn settle(&self, headers: &mut HeaderMap) -> Option<Error> {
        if is_ok_alone(headers) { None } else { self.settle_more(headers) }
    }

    fn settle_more(&self, headers: &mut HeaderMap) -> Option<Error> {
        match Ending::of(headers) {
            Ending::Ok => {
                self.writer.clean_success(headers);
                None
            }
            Ending::Missing => {
                let error = without_status();
                self.writer.write(&error, Report::default(), headers, &self.requested);
                Some(error)
            }
            Ending::Error => self.rewrite(Received::from_headers(headers), headers),
        }
    }

    /// As [`settle`](Self::settle), for Trailers-Only, where a `tonic::Status` that says OK is an error.
    pub(in crate::layer) fn settle_response<B>(&self, response: &mut Response<B>) {
        let error = if says_ok_as_error(response) {
            let mut received = Received::from_headers(response.headers());
            received.code = ReceivedCode::Invalid(Some("0".to_owned()));
            self.rewrite(received, response.headers_mut())
        } else {
            self.settle(response.headers_mut())
        };
        if let Some(error) = error {
            response.extensions_mut().insert(error);
        }
    }

    /// Redacts an error in the trailers of a plain response.
    pub(super) fn redact(&self, trailers: &mut HeaderMap) {
        self.rewrite(Received::from_headers(trailers), trailers);
    }

    fn rewrite(&self, received: Received, headers: &mut HeaderMap) -> Option<Error> {
        let unchanged = unchanged(&received, headers);
        // Only OK is not an error, and OK does not get here.
        let (error, report) = self.writer.translator.read_grpc_with(received, &ReadOptions::new()).ok()?;
        self.writer.rewrite(&error, report, headers, &self.requested, unchanged);
        Some(error)
    }

    /// The response to a call that the service inside did not complete: a status for a gRPC caller, and for any other an HTTP status
    /// without a body, which an outer layer renders.
    pub(super) fn refuse<B>(&self, error: Error, body: B) -> Response<B> {
        if self.is_grpc {
            return self.writer.response(error, Report::default(), &self.requested, body);
        }
        self.writer.tell(&error, Report::default(), self.requested.method.as_ref());
        let mut response = Response::new(body);
        *response.status_mut() = error.status().into();
        response.extensions_mut().insert(error);
        response
    }
}

/// The status of the trailers, if errwire would write exactly the same fields. Most errors need no change, and writing one costs as
/// much as reading it.
fn unchanged(received: &Received, headers: &HeaderMap) -> Option<Status> {
    let ReceivedCode::Error(code) = received.code else { return None };
    let is_read = !received.mismatch && received.notes.is_empty();
    (is_read && StatusFields::of(headers).are_plain_if_read()).then(|| Status {
        code,
        message: received.message.clone(),
        details: received.details.clone(),
    })
}

/// The status of a gRPC-Web response is in its body, where no layer sees it.
pub(in crate::layer) fn hidden_status() -> Error {
    Error::new(kinds::INTERNAL_ERROR).with_source(
        "a gRPC-Web response hides its status from this layer; GrpcServerLayer belongs inside of tonic-web",
    )
}

/// A call that ends without a status has not succeeded, whatever it sent
/// (<https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md>).
fn without_status() -> Error {
    Error::new(kinds::UNKNOWN_ERROR).with_source("the call ended without grpc-status")
}

/// Whether a handler returned an `Err` with a status that says `OK`. tonic leaves the status in the extensions, which distinguishes it
/// from an empty stream.
fn says_ok_as_error<B>(response: &Response<B>) -> bool {
    Ending::of(response.headers()) == Ending::Ok && response.extensions().get::<tonic::Status>().is_some()
}
