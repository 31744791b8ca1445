//! A translation as a response message: built, or encoded at once, which takes no copy of its texts.

use bytes::Bytes;
use prost::Message;

use super::{
    encode,
    pb::{self, translate_response},
};
use crate::{
    model::{Detail, Error, close, open, put_field, put_varint, rpc},
    translate::Report,
    wire::grpc::Status,
};

/// A translation in either direction.
#[derive(Debug)]
pub(crate) enum Translation {
    GrpcToHttp(ToHttp),
    HttpToGrpc(ToGrpc),
}

/// A gRPC error as an HTTP response.
#[derive(Debug)]
pub(crate) struct ToHttp {
    pub(super) response: http::Response<Bytes>,
    pub(super) error: Error,
    pub(super) read: Report,
    pub(super) written: Report,
}

/// An HTTP error as a gRPC status.
#[derive(Debug)]
pub(crate) struct ToGrpc {
    pub(super) status: Status,
    pub(super) error: Error,
    pub(super) read: Report,
    pub(super) written: Report,
}

impl Translation {
    /// The same, whose report has these notes first.
    #[cfg(feature = "cli")]
    pub(crate) fn with_notes(mut self, notes: Vec<String>) -> Self {
        let (Self::GrpcToHttp(ToHttp { read, .. }) | Self::HttpToGrpc(ToGrpc { read, .. })) = &mut self;
        read.notes.splice(0..0, notes);
        self
    }

    /// As the response to one item of a bulk translation.
    pub(crate) fn message(self) -> translate_response::Response {
        match self {
            Self::GrpcToHttp(answer) => translate_response::Response::GrpcToHttp(answer.message()),
            Self::HttpToGrpc(answer) => translate_response::Response::HttpToGrpc(answer.message()),
        }
    }

    /// The name of its message in `errwire.v1`.
    #[cfg(feature = "cli")]
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::GrpcToHttp(_) => "GrpcToHttpResponse",
            Self::HttpToGrpc(_) => "HttpToGrpcResponse",
        }
    }

    /// Appends its message.
    pub(crate) fn put(self, out: &mut Vec<u8>) {
        match self {
            Self::GrpcToHttp(answer) => answer.put(out),
            Self::HttpToGrpc(answer) => answer.put(out),
        }
    }

    /// Appends `TranslateResponse {string id = 1; oneof {GrpcToHttpResponse = 2; HttpToGrpcResponse = 3; Status failure = 4}}`.
    pub(crate) fn put_item(self, id: &str, out: &mut Vec<u8>) {
        put_field(out, 0x0a, id.as_bytes());
        let key = match self {
            Self::GrpcToHttp(_) => 0x12,
            Self::HttpToGrpc(_) => 0x1a,
        };
        within(key, out, |out| self.put(out));
    }
}

impl ToHttp {
    pub(super) fn message(self) -> pb::GrpcToHttpResponse {
        pb::GrpcToHttpResponse {
            response: Some(encode::response(self.response)),
            error: Some(encode::record(&self.error)),
            report: Some(encode::report(self.read, self.written)),
        }
    }

    /// `GrpcToHttpResponse {HttpResponse response = 1; ErrorRecord error = 2; Report report = 3}`
    fn put(self, out: &mut Vec<u8>) {
        within(0x0a, out, |out| response(&self.response, out));
        within(0x12, out, |out| record(&self.error, out));
        within(0x1a, out, |out| message(&encode::report(self.read, self.written), out));
    }
}

impl ToGrpc {
    pub(super) fn message(self) -> pb::HttpToGrpcResponse {
        pb::HttpToGrpcResponse {
            status: Some(encode::status(&self.status)),
            trailers: Some(encode::trailers(self.status.to_trailers())),
            error: Some(encode::record(&self.error)),
            report: Some(encode::report(self.read, self.written)),
        }
    }

    /// `HttpToGrpcResponse {Status status = 1; GrpcTrailers trailers = 2; ErrorRecord error = 3; Report report = 4}`
    fn put(self, out: &mut Vec<u8>) {
        within(0x0a, out, |out| out.extend_from_slice(&self.status.encode()));
        within(0x12, out, |out| message(&encode::trailers(self.status.to_trailers()), out));
        within(0x1a, out, |out| record(&self.error, out));
        within(0x22, out, |out| message(&encode::report(self.read, self.written), out));
    }
}

/// Appends a [`TranslateResponse`](pb::TranslateResponse) that fails.
pub(super) fn put_failure(id: &str, failure: &rpc::Status, out: &mut Vec<u8>) {
    put_field(out, 0x0a, id.as_bytes());
    within(0x22, out, |out| message(failure, out));
}

/// `HttpResponse {uint32 status = 1; repeated Header headers = 2; oneof {string text = 3; bytes raw = 4}}`
// docs/rules.md: R-SERVICE-4
fn response(response: &http::Response<Bytes>, out: &mut Vec<u8>) {
    number(0x08, response.status().as_u16().into(), out);
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
fn record(error: &Error, out: &mut Vec<u8>) {
    put_field(out, 0x0a, error.kind().as_str().as_bytes());
    put_field(out, 0x12, error.message().as_bytes());
    number(0x18, error.code() as usize, out);
    number(0x20, error.status().as_u16().into(), out);
    error.details().iter().for_each(|detail| within(0x2a, out, |out| put_any(detail, out)));
}

/// `Any {string type_url = 1; bytes value = 2}`
fn put_any(detail: &Detail, out: &mut Vec<u8>) {
    put_field(out, 0x0a, detail.type_url().as_bytes());
    put_field(out, 0x12, detail.value());
}

/// A number that is not the default, which no code and no status of ours is.
fn number(key: u8, number: usize, out: &mut Vec<u8>) {
    out.push(key);
    put_varint(out, number);
}

fn message(message: &impl Message, out: &mut Vec<u8>) {
    // A vector has room for any message.
    let _ = message.encode(out);
}

fn within(key: u8, out: &mut Vec<u8>, content: impl FnOnce(&mut Vec<u8>)) {
    let at = open(key, out);
    content(out);
    close(at, out);
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{
        service::{
            ErrorMapping,
            pb::{grpc_to_http_request, http_response::Body, http_to_grpc_request, translate_request::Request},
        },
        translate::Translator,
    };

    fn any_detail() -> impl Strategy<Value = prost_types::Any> {
        ("[a-z./]{0,8}", vec(any::<u8>(), 0..200)).prop_map(|(type_url, value)| prost_types::Any { type_url, value })
    }

    fn any_request() -> impl Strategy<Value = Request> {
        let status = (1..17_i32, "\\PC{0,200}", vec(any_detail(), 0..3)).prop_map(|(code, message, details)| {
            let source = grpc_to_http_request::Source::Status(rpc::Status { code, message, details });
            Request::GrpcToHttp(pb::GrpcToHttpRequest { source: Some(source), options: None })
        });
        let body = prop_oneof![
            "\\PC{0,300}".prop_map(|text| Some(Body::Text(text))),
            vec(any::<u8>(), 0..40).prop_map(|raw| Some(Body::Raw(raw.into()))),
            Just(None),
        ];
        let headers = vec(("[a-z]{1,8}", "[ -~ä]{0,20}").prop_map(|(name, value)| pb::Header { name, value }), 0..4);
        let response = (400..600_u32, headers, body).prop_map(|(status, headers, body)| {
            let source = http_to_grpc_request::Source::Response(pb::HttpResponse { status, headers, body });
            Request::HttpToGrpc(pb::HttpToGrpcRequest { source: Some(source), options: None })
        });
        prop_oneof![status, response]
    }

    fn translate(request: Request) -> Translation {
        ErrorMapping::new(Translator::default()).translation(Some(request)).unwrap()
    }

    proptest! {
        #[test]
        fn is_encoded_as_the_message_is(request in any_request(), id in "\\PC{0,9}") {
            let mut encoded = Vec::new();
            translate(request.clone()).put_item(&id, &mut encoded);
            let message = pb::TranslateResponse { id, response: Some(translate(request).message()) };
            prop_assert_eq!(encoded, message.encode_to_vec());
        }

        #[test]
        fn header_and_body_are_encoded_as_the_message_is(
            header in vec((1_u8..).prop_filter("no control character", |byte| *byte >= b' ' && *byte != 0x7f), 0..9),
            body in vec(any::<u8>(), 0..9),
        ) {
            let made = http::Response::builder().status(404).header("x-a", &*header).body(Bytes::from(body)).unwrap();
            let mut encoded = Vec::new();
            response(&made, &mut encoded);
            prop_assert_eq!(encoded, encode::response(made).encode_to_vec());
        }

        #[test]
        fn a_failure_is_encoded_as_the_message_is(id in "\\PC{0,9}", message in "\\PC{0,200}") {
            let failure = rpc::Status { code: 3, message, details: Vec::new() };
            let mut encoded = Vec::new();
            put_failure(&id, &failure, &mut encoded);
            let response = Some(translate_response::Response::Failure(failure));
            prop_assert_eq!(encoded, pb::TranslateResponse { id, response }.encode_to_vec());
        }
    }
}
