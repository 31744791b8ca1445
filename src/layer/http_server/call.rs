//! A call in flight, and the response to one that failed.

use std::{mem, sync::Arc};

use bytes::Bytes;
use http::{Response, StatusCode, header, response::Parts};

use crate::{
    adapter::name_field,
    layer::{
        Observer,
        caller::{BodyForm, Caller},
        collect::Collected,
        declared::Declared,
        error_source, fields,
        status_writer::Writer,
    },
    model::{Audience, BoxError, Error, HttpStatus, kinds, rpc},
    translate::{ReadOptions, Report, StatusTable},
    wire::{grpc::GRPC_STATUS, http::headers},
};

/// A call in flight.
pub(super) struct Call<O> {
    pub(super) writer: Arc<Writer<O>>,
    pub(super) form: BodyForm,
    pub(super) caller: Caller,
    /// Whether the response passes as it is, errors included: the owner of the service exempts the request.
    pub(super) hands_off: bool,
    /// The errors that the method declares.
    pub(super) declared: Declared,
}

impl<O: Observer> Call<O> {
    /// The error of a response, if its headers and extensions tell it.
    pub(super) fn known(&self, head: &mut Parts) -> Option<(Error, Report)> {
        if let Some(error) = head.extensions.remove::<Error>() {
            // The service sets the status line last.
            let status = HttpStatus::new(head.status.as_u16()).ok().filter(|status| *status != error.status());
            let error = match status {
                Some(status) => error.with_status(status),
                None => error,
            };
            return Some((error, Report::default()));
        }
        (self.caller.to_head || head.headers.contains_key(GRPC_STATUS)).then(|| self.read(head, Collected::default()))
    }

    /// Reads the error response of the service inside.
    pub(super) fn read(&self, head: &Parts, mut body: Collected) -> (Error, Report) {
        let mut options = ReadOptions::new().with_table(StatusTable::Origin);
        options.to_head = self.caller.to_head;
        if body.note.is_some() {
            // The status of a service of one's own is enough, and half a body is not shown.
            body.bytes = Bytes::new();
        }
        // Only what is an error is read.
        let otherwise = |_: &Bytes| Error::new(kinds::INTERNAL_ERROR);
        let (error, report) = body.read(&self.writer.translator, head.status, &head.headers, &options, otherwise);
        (name_field(error, &report), report)
    }

    /// The response for this error, in place of the one with this head.
    pub(super) fn respond(&self, head: Option<Parts>, error: Error, mut report: Report) -> Response<Bytes> {
        let Self { writer, caller, .. } = self;
        let mut head = head.unwrap_or_else(|| Response::new(()).into_parts().0);
        let error = with_request_id(error, &head, caller);
        let (mut response, written) = caller.response(&error, &writer.translator, writer.audience, self.form);
        (report.trimmed, report.redacted) = (written.trimmed, written.redacted);
        if !caller.protocol.is_any_grpc() {
            if writer.audience == Audience::Public {
                if !report.redacted.is_empty() {
                    // A challenge of the service may say what was withheld.
                    head.headers.remove(header::WWW_AUTHENTICATE);
                }
                report.redacted.extend(fields::withhold(&mut head.headers, writer.translator.policy()));
                // A server writes some of them: hyper takes the reason phrase of HTTP/1.1 from here, which a handler that passes
                // the response of its upstream on has never seen.
                head.extensions.clear();
            }
            self.complete(&mut response, head);
        }
        writer.tell(&error, report, self.declared.method(&writer.translator).as_ref());
        response.extensions_mut().insert(error);
        response
    }

    /// Adds to the response of an error what stays of the one in whose place it is.
    fn complete(&self, response: &mut Response<Bytes>, mut head: Parts) {
        let written = mem::take(response.headers_mut());
        fields::merge(&mut head.headers, written, response.status());
        if may_leave_body_unread(response.status()) {
            self.caller.close_unread(&mut head.headers);
        }
        if self.caller.to_head {
            // The length that GET would get (RFC 9110, 9.3.2).
            head.headers.insert(header::CONTENT_LENGTH, response.body().len().into());
            *response.body_mut() = Bytes::new();
        }
        (*response.version_mut(), *response.headers_mut()) = (head.version, head.headers);
        *response.extensions_mut() = head.extensions;
    }
}

/// Whether a response with this status is often sent before the body of the request is read.
fn may_leave_body_unread(status: StatusCode) -> bool {
    matches!(status.as_u16(), 401 | 403 | 404 | 405 | 408 | 411 | 413 | 415 | 417 | 429 | 431 | 500..)
}

/// Adds the request id to an error without one, so that the log and the caller name the same request.
fn with_request_id(error: Error, head: &Parts, caller: &Caller) -> Error {
    let Some(id) = headers::request_id(&head.headers).or_else(|| caller.request_id()) else { return error };
    if error.detail::<rpc::RequestInfo>().is_some() {
        return error;
    }
    let request_id = id.to_owned();
    error.with_detail(rpc::RequestInfo { request_id, ..Default::default() })
}

/// By its type: the `errwire::Error` in the chain, then the timeouts and load shedding of tower and tonic, else an
/// `internal_error`.
pub(super) fn error_of(cause: BoxError) -> Error {
    #[cfg(feature = "tower")]
    if error_source::find::<Error>(&*cause).is_none()
        && error_source::find::<tower::timeout::error::Elapsed>(&*cause).is_some()
    {
        // A caller of HTTP sets no deadline, so the time limit is that of the server.
        return Error::new(kinds::REQUEST_TIMEOUT).with_source(cause);
    }
    error_source::error_of(cause)
}
