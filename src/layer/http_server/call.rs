//! A call in flight, and the response to one that failed.

use std::{mem, sync::Arc};

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header, request, response::Parts};

use crate::{
    adapter::name_field,
    catalog::Method,
    layer::{
        Observer,
        caller::{BodyForm, Caller},
        collect::Collected,
        declared::{self, Declared, NameMethod},
        error_source, fields, grpc_server,
        status_writer::Writer,
    },
    model::{Audience, BoxError, Error, HttpStatus, kinds, rpc},
    translate::{ReadOptions, Report, StatusTable},
    wire::{grpc::GRPC_STATUS, http::headers, protocol::Protocol},
};

/// A call in flight.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) caller: Caller,
    /// Whether the response passes as it is, errors included: the owner of the service exempts the request.
    pub(super) hands_off: bool,
    /// The errors that the method declares.
    pub(super) declared: Declared,
}

/// What all calls through one layer share.
#[derive(Clone)]
pub(super) struct Shared<O> {
    /// Writes errors, those of a gRPC service inside without a layer of its own too.
    pub(super) grpc: Arc<grpc_server::Shared<O>>,
    pub(super) settings: Settings,
}

impl<O> Shared<O> {
    pub(super) fn new(writer: Writer<O>, settings: Settings) -> Self {
        Self { grpc: Arc::new(grpc_server::Shared { writer, timeout: None }), settings }
    }

    pub(super) fn writer(&self) -> &Writer<O> {
        &self.grpc.writer
    }

    /// The call as the layer for gRPC servers sees it.
    pub(super) fn grpc_call(
        &self,
        protocol: Protocol,
        accept_language: Option<HeaderValue>,
        method: Option<Method>,
    ) -> grpc_server::Call<O> {
        let is_grpc = protocol == Protocol::Grpc;
        grpc_server::Call { shared: self.grpc.clone(), is_grpc, accept_language, method, is_marking: false }
    }
}

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) form: BodyForm,
    pub(super) exempt: Vec<Predicate>,
    /// By the routes of the catalog's methods, if `None`.
    pub(super) name_method: Option<Arc<NameMethod>>,
}

/// Whether a request is exempt.
type Predicate = Arc<dyn Fn(&request::Parts) -> bool + Send + Sync>;

impl<O: Observer> Shared<O> {
    /// The error of a response, if its headers and extensions tell it.
    pub(super) fn known(&self, head: &mut Parts, call: &Call) -> Option<(Error, Report)> {
        if let Some(error) = head.extensions.remove::<Error>() {
            // The service sets the status line last.
            let status = HttpStatus::new(head.status.as_u16()).ok().filter(|status| *status != error.status());
            let error = match status {
                Some(status) => error.with_status(status),
                None => error,
            };
            return Some((error, Report::default()));
        }
        (call.caller.to_head || head.headers.contains_key(GRPC_STATUS))
            .then(|| self.read(head, Collected::default(), call))
    }

    /// Reads the error response of the service inside.
    pub(super) fn read(&self, head: &Parts, body: Collected, call: &Call) -> (Error, Report) {
        let mut options = ReadOptions::new().with_table(StatusTable::Origin);
        options.to_head = call.caller.to_head;
        let status = head.status.as_u16().into();
        // The status of a service of one's own is enough, and half a body is not shown.
        let bytes = if body.note.is_some() { Bytes::new() } else { body.bytes };
        match self.writer().translator.read_http_with(status, &head.headers, &bytes, &options) {
            Ok((error, mut report)) => {
                report.notes.extend(body.note.map(str::to_owned));
                (name_field(error, &report), report)
            }
            // Only what is an error is read.
            Err(_) => (Error::new(kinds::INTERNAL_ERROR), Report::default()),
        }
    }

    /// The response for this error, in place of the one with this head.
    pub(super) fn respond(
        &self,
        head: Option<Parts>,
        error: Error,
        mut report: Report,
        call: &Call,
    ) -> Response<Bytes> {
        let Call { caller, declared, .. } = call;
        let Writer { translator, audience, .. } = self.writer();
        let mut head = head.unwrap_or_else(|| Response::new(()).into_parts().0);
        declared::note(declared.method(translator).as_ref(), &error, &mut report);
        let error = with_request_id(error, &head, caller);
        let (written, writing) = caller.response(&error, translator, *audience, self.settings.form);
        (report.trimmed, report.redacted) = (writing.trimmed, writing.redacted);
        let (written, mut bytes) = written.into_parts();
        if caller.protocol.is_any_grpc() {
            self.writer().tell(&error, &report);
            let mut response = Response::from_parts(written, bytes);
            response.extensions_mut().insert(error);
            return response;
        }
        if *audience == Audience::Public {
            if !report.redacted.is_empty() {
                // A challenge of the service may say what was withheld.
                head.headers.remove(header::WWW_AUTHENTICATE);
            }
            report.redacted.extend(fields::withhold(&mut head.headers, translator.policy()));
            // A server writes some of them: hyper takes the reason phrase of HTTP/1.1 from here, which a handler that passes the
            // response of its upstream on has never seen.
            head.extensions.clear();
        }
        self.writer().tell(&error, &report);

        fields::merge(&mut head.headers, written.headers, written.status);
        if may_leave_body_unread(written.status) {
            caller.close_unread(&mut head.headers);
        }
        head.status = written.status;
        head.extensions.insert(error);
        if caller.to_head {
            // The length that GET would get (RFC 9110, 9.3.2).
            head.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
            mem::take(&mut bytes);
        }
        Response::from_parts(head, bytes)
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
    if is_timeout(&*cause) {
        // A caller of HTTP sets no deadline, so the time limit is that of the server.
        return Error::new(kinds::REQUEST_TIMEOUT).with_source(cause);
    }
    error_source::error_of(cause)
}

#[cfg(feature = "tower")]
fn is_timeout(cause: &(dyn std::error::Error + 'static)) -> bool {
    error_source::find::<Error>(cause).is_none()
        && error_source::find::<tower::timeout::error::Elapsed>(cause).is_some()
}
