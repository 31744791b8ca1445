//! A translation as a response message, encoded at once, which takes no copy of its texts.

use bytes::Bytes;
use prost::Message;

use super::pb::{self, translate_response};
use crate::{
    model::{Detail, Error, close, close_long, open, open_long, put_field, put_varint, rpc},
    translate::Report,
    wire::grpc::{Status, Trailers},
};

/// A translation in either direction.
#[derive(Debug)]
pub(crate) struct Translation {
    pub(super) outcome: Outcome,
    pub(super) error: Error,
    pub(super) read: Report,
    pub(super) written: Report,
}

#[derive(Debug)]
pub(super) enum Outcome {
    /// Of a gRPC error.
    Http(http::Response<Bytes>),
    /// Of an HTTP error.
    Grpc(Status),
}

impl Translation {
    /// The same, whose report has these notes first.
    pub(crate) fn with_notes(mut self, notes: Vec<String>) -> Self {
        self.read.notes.splice(0..0, notes);
        self
    }

    /// As the response to one item of a bulk translation.
    pub(crate) fn response(&self) -> translate_response::Response {
        match self.outcome {
            Outcome::Http(_) => translate_response::Response::GrpcToHttp(self.message()),
            Outcome::Grpc(_) => translate_response::Response::HttpToGrpc(self.message()),
        }
    }

    /// Its message: a `GrpcToHttpResponse` or an `HttpToGrpcResponse`.
    pub(super) fn message<M: Message + Default>(&self) -> M {
        // It decodes: we encoded it, so that there is one place which knows its fields.
        M::decode(Bytes::from(self.encoded())).unwrap_or_default()
    }

    /// The name of its message in `errwire.v1`.
    #[cfg(feature = "cli")]
    pub(crate) fn name(&self) -> &'static str {
        match self.outcome {
            Outcome::Http(_) => "GrpcToHttpResponse",
            Outcome::Grpc(_) => "HttpToGrpcResponse",
        }
    }

    /// Its message, encoded.
    pub(crate) fn encoded(&self) -> Vec<u8> {
        encoded(|out| self.put(out))
    }

    /// A `TranslateResponse`, encoded.
    #[cfg(any(feature = "cli", test))]
    pub(crate) fn encoded_item(&self, id: &str) -> Vec<u8> {
        encoded(|out| self.put_item(id, out))
    }

    /// Appends `TranslateResponse {string id = 1; oneof {GrpcToHttpResponse = 2; HttpToGrpcResponse = 3; Status failure = 4}}`.
    pub(super) fn put_item(&self, id: &str, out: &mut Vec<u8>) {
        put_field(out, 0x0a, id.as_bytes());
        let key = match self.outcome {
            Outcome::Http(_) => 0x12,
            Outcome::Grpc(_) => 0x1a,
        };
        within_long(key, out, |out| self.put(out));
    }

    fn put(&self, out: &mut Vec<u8>) {
        let (error_key, report_key) = match &self.outcome {
            // `GrpcToHttpResponse {HttpResponse response = 1; ErrorRecord error = 2; Report report = 3}`
            Outcome::Http(response) => {
                within_long(0x0a, out, |out| put_response(response, out));
                (0x12, 0x1a)
            }
            // `HttpToGrpcResponse {Status status = 1; GrpcTrailers trailers = 2; ErrorRecord error = 3; Report report = 4}`
            Outcome::Grpc(status) => {
                // Not empty: no status of ours says `OK`.
                put_field(out, 0x0a, &status.encode());
                within_long(0x12, out, |out| put_trailers(&status.to_trailers(), out));
                (0x1a, 0x22)
            }
        };
        within_long(error_key, out, |out| put_record(&self.error, out));
        within(report_key, out, |out| put_report(&self.read, &self.written, out));
    }
}

/// About the size of most responses.
const USUAL_BYTES: usize = 1_024;

fn encoded(put: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::with_capacity(USUAL_BYTES);
    put(&mut out);
    out
}

/// Appends a [`TranslateResponse`](pb::TranslateResponse) that fails.
pub(super) fn put_failure(id: &str, failure: &rpc::Status, out: &mut Vec<u8>) {
    put_field(out, 0x0a, id.as_bytes());
    within(0x22, out, |out| put_message(failure, out));
}

/// `HttpResponse {uint32 status = 1; repeated Header headers = 2; oneof {string text = 3; bytes raw = 4}}`
// docs/rules.md: R-SERVICE-4
fn put_response(response: &http::Response<Bytes>, out: &mut Vec<u8>) {
    put_number(0x08, response.status().as_u16().into(), out);
    for (name, value) in response.headers() {
        within(0x12, out, |out| {
            put_field(out, 0x0a, name.as_str().as_bytes());
            match str::from_utf8(value.as_bytes()) {
                Ok(text) => put_field(out, 0x12, text.as_bytes()),
                Err(_) => put_field(out, 0x12, String::from_utf8_lossy(value.as_bytes()).as_bytes()),
            }
        });
    }
    let is_text = str::from_utf8(response.body()).is_ok();
    put_field(out, if is_text { 0x1a } else { 0x22 }, response.body());
}

/// `ErrorRecord {string kind = 1; string message = 2; Code code = 3; uint32 status = 4; repeated Any details = 5}`
fn put_record(error: &Error, out: &mut Vec<u8>) {
    put_field(out, 0x0a, error.kind().as_str().as_bytes());
    put_field(out, 0x12, error.message().as_bytes());
    put_number(0x18, error.code() as usize, out);
    put_number(0x20, error.status().as_u16().into(), out);
    error.details().iter().for_each(|detail| within(0x2a, out, |out| put_any(detail, out)));
}

/// `GrpcTrailers {string grpc_status = 1; string grpc_message = 2; string grpc_status_details_bin = 3}`
fn put_trailers(trailers: &Trailers, out: &mut Vec<u8>) {
    put_field(out, 0x0a, trailers.grpc_status.as_bytes());
    put_field(out, 0x12, trailers.grpc_message.as_bytes());
    put_field(out, 0x1a, trailers.grpc_status_details_bin.as_bytes());
}

/// The reports of reading and of writing, as one: `Report {Dialect dialect = 1; Rule kind_rule = 2; Rule code_rule = 3; Rule
/// status_rule = 4; Evidence evidence = 5; repeated string trimmed = 6; repeated string redacted = 7; bool mismatch = 8; repeated
/// string notes = 9; string kind_from = 10; string code_from = 11; string message_from = 12; string delay_from = 13; string
/// violations_from = 14}`
fn put_report(read: &Report, written: &Report, out: &mut Vec<u8>) {
    put_choice(0x08, read.dialect.or(written.dialect).map(pb::Dialect::from), out);
    for (key, rule) in [(0x10, read.kind_rule), (0x18, read.code_rule), (0x20, read.status_rule)] {
        put_choice(key, rule.map(pb::Rule::from), out);
    }
    put_choice(0x28, read.basis.map(pb::Evidence::from), out);
    put_list(0x32, &read.trimmed, &written.trimmed, out);
    put_list(0x3a, &read.redacted, &written.redacted, out);
    if read.mismatch || written.mismatch {
        put_number(0x40, 1, out);
    }
    put_list(0x4a, &read.notes, &written.notes, out);
    if let Some(from) = &read.origins {
        let from = [&from.kind, &from.code, &from.message, &from.delay, &from.violations];
        for (key, origin) in [0x52, 0x5a, 0x62, 0x6a, 0x72].into_iter().zip(from) {
            put_field(out, key, origin.as_deref().unwrap_or_default().as_bytes());
        }
    }
}

/// What the proto gives a name to; no number there is negative.
fn put_choice(key: u8, choice: Option<impl Into<i32>>, out: &mut Vec<u8>) {
    if let Some(number @ 1..) = choice.and_then(|choice| usize::try_from(choice.into()).ok()) {
        put_number(key, number, out);
    }
}

/// All texts, empty ones too.
fn put_list(key: u8, read: &[String], written: &[String], out: &mut Vec<u8>) {
    for text in read.iter().chain(written) {
        put_number(key, text.len(), out);
        out.extend_from_slice(text.as_bytes());
    }
}

/// `Any {string type_url = 1; bytes value = 2}`
fn put_any(detail: &Detail, out: &mut Vec<u8>) {
    put_field(out, 0x0a, detail.type_url().as_bytes());
    put_field(out, 0x12, detail.value());
}

/// A number that is not the default, which no code and no status of ours is; or a length.
fn put_number(key: u8, number: usize, out: &mut Vec<u8>) {
    out.push(key);
    put_varint(out, number);
}

fn put_message(message: &impl Message, out: &mut Vec<u8>) {
    // A vector has room for any message.
    let _ = message.encode(out);
}

fn within(key: u8, out: &mut Vec<u8>, content: impl FnOnce(&mut Vec<u8>)) {
    let at = open(key, out);
    content(out);
    close(at, out);
}

/// As [`within`], for content of mostly 128 bytes and more.
fn within_long(key: u8, out: &mut Vec<u8>, content: impl FnOnce(&mut Vec<u8>)) {
    let at = open_long(key, out);
    content(out);
    close_long(at, out);
}

pub(super) fn status(status: &Status) -> rpc::Status {
    rpc::Status {
        code: status.code.number(),
        message: status.message.to_string(),
        details: status.details.iter().map(to_any).collect(),
    }
}

pub(super) fn trailers(trailers: Trailers) -> pb::GrpcTrailers {
    let Trailers { grpc_status, grpc_message, grpc_status_details_bin } = trailers;
    pb::GrpcTrailers { grpc_status: grpc_status.into_owned(), grpc_message, grpc_status_details_bin }
}

fn to_any(detail: &Detail) -> prost_types::Any {
    prost_types::Any { type_url: detail.type_url().to_owned(), value: detail.value().to_vec() }
}

#[cfg(test)]
mod tests;
