//! What all calls through one layer share, and what they do with an error.

use std::{mem, sync::Arc};

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header, request, response::Parts};

use super::{caller::Caller, merge::merge};
use crate::{
    adapter::name_field,
    layer::{
        Observer, collect::Collected, declared::NameMethod, error_source, fields, grpc_server, status_writer::Writer,
    },
    model::{Audience, BoxError, Error, HttpStatus, kinds, rpc},
    translate::{ReadOptions, Report, StatusTable, WriteHttpOptions},
    wire::{
        grpc::GRPC_STATUS,
        http::{Dialect, headers},
        protocol::Protocol,
    },
};

#[derive(Clone)]
pub(super) struct Shared<O> {
    /// Writes errors, and what a gRPC service inside answers without a layer of its own.
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

    /// The caller as the layer for gRPC servers sees it.
    pub(super) fn grpc_caller(&self, caller: &Caller) -> grpc_server::Caller<O> {
        grpc_server::Caller {
            shared: self.grpc.clone(),
            is_grpc: caller.protocol == Protocol::Grpc,
            accept_language: caller.language().cloned(),
            declared: caller.declared.clone(),
            is_marking: false,
        }
    }
}

#[derive(Clone)]
pub(super) struct Settings {
    /// The caller chooses, if `None`.
    pub(super) dialect: Option<Dialect>,
    pub(super) details: bool,
    pub(super) exempt: Vec<Predicate>,
    /// By the routes of the catalog's methods, if `None`.
    pub(super) name_method: Option<Arc<NameMethod>>,
}

/// Whether a request is exempt.
type Predicate = Arc<dyn Fn(&request::Parts) -> bool + Send + Sync>;

impl<O: Observer> Shared<O> {
    /// The error that a response holds, if it can be told without the body.
    pub(super) fn known(&self, head: &mut Parts, caller: &Caller) -> Option<(Error, Report)> {
        if let Some(error) = head.extensions.remove::<Error>() {
            // The status line was written last.
            let status = HttpStatus::new(head.status.as_u16()).ok().filter(|status| *status != error.status());
            let error = match status {
                Some(status) => error.with_status(status),
                None => error,
            };
            return Some((error, Report::default()));
        }
        (caller.to_head || head.headers.contains_key(GRPC_STATUS))
            .then(|| self.read(head, Collected::default(), caller))
    }

    /// Reads what the service inside answered.
    pub(super) fn read(&self, head: &Parts, body: Collected, caller: &Caller) -> (Error, Report) {
        let mut options = ReadOptions::new().with_table(StatusTable::Origin);
        options.to_head = caller.to_head;
        let status = head.status.as_u16().into();
        // The status of a service of our own is enough, and half of what it meant to say is not shown.
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

    /// The response that says this error, in the place of the one with this head.
    pub(super) fn respond(
        &self,
        head: Option<Parts>,
        error: Error,
        mut report: Report,
        caller: &Caller,
    ) -> Response<Bytes> {
        let mut head = head.unwrap_or_else(|| Response::new(()).into_parts().0);
        caller.declared.note(&error, &self.writer().translator, &mut report);
        let error = with_request_id(error, &head, caller);
        if let Some(media) = &caller.grpc {
            // Trailers-Only, of gRPC-Web too.
            let mut response = self.writer().response(error, report, caller.language(), Bytes::new());
            response.headers_mut().insert(header::CONTENT_TYPE, media.clone());
            return response;
        }
        let Writer { translator, audience, .. } = self.writer();
        let Settings { dialect, details, .. } = &self.settings;
        let is_connect = caller.protocol == Protocol::Connect;
        let options = WriteHttpOptions {
            audience: *audience,
            dialect: if is_connect { Some(Dialect::Connect) } else { *dialect },
            include_details: *details || is_connect,
            accept_language: Some(caller.accept_language()),
            accept: Some(caller.accept()),
        };
        let (written, writing) = translator.write_http_with(&error, &options);
        (report.trimmed, report.redacted) = (writing.trimmed, writing.redacted);
        let is_public = *audience == Audience::Public;
        if is_public {
            if !report.redacted.is_empty() {
                // A challenge of the service tells of what was withheld.
                head.headers.remove(header::WWW_AUTHENTICATE);
            }
            report.redacted.extend(fields::withhold(&mut head.headers, translator.policy()));
            // A server writes some of them: hyper takes the reason phrase of HTTP/1.1 from here, which a handler that passes the
            // response of its upstream on has never seen.
            head.extensions.clear();
        }
        self.writer().tell(&error, &report);

        let (written, mut bytes) = written.into_parts();
        merge(&mut head.headers, written.headers, written.status);
        if caller.has_body && may_leave_body_unread(written.status) {
            head.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        head.status = written.status;
        head.extensions.insert(error);
        if caller.to_head {
            // The length of what GET would get (RFC 9110, 9.3.2).
            head.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
            mem::take(&mut bytes);
        }
        Response::from_parts(head, bytes)
    }
}

/// Whether such a response is often sent before the body of the request is read. What is left of it then costs an HTTP/1.1
/// connection, and a client that was not told so loses its next request
/// (<https://www.rfc-editor.org/rfc/rfc9112#section-9.6>).
fn may_leave_body_unread(status: StatusCode) -> bool {
    matches!(status.as_u16(), 401 | 403 | 404 | 405 | 408 | 411 | 413 | 415 | 417 | 429 | 431 | 500..)
}

/// Names the request in an error that does not, so that the log and the caller speak of the same one.
fn with_request_id(error: Error, head: &Parts, caller: &Caller) -> Error {
    let Some(id) = headers::request_id(&head.headers).or_else(|| caller.request_id()) else { return error };
    if error.detail::<rpc::RequestInfo>().is_some() {
        return error;
    }
    let request_id = id.to_owned();
    error.with_detail(rpc::RequestInfo { request_id, ..Default::default() })
}

/// By its type: the `errwire::Error` in the chain, then what tower's and tonic's own layers say, else an
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
