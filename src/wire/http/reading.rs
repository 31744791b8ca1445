//! What there is to read of an HTTP error response, and what is read: facts, before any rule is applied.

// docs/rules.md: R-DIALECT-1

use std::{borrow::Cow, fmt};

use bytes::Bytes;
use bytestring::ByteString;
use http::{HeaderMap, HeaderValue};
use serde_json::Value;

use super::{
    body::Media,
    json::{Json, Object},
};
use crate::model::{Code, Detail, HttpStatus, named, rpc};

/// What surrounds the body of a response.
#[derive(Clone, Copy, Debug)]
pub struct ResponseHead<'a> {
    /// The status line's number, whatever it is.
    pub status: u32,
    /// The header fields.
    pub headers: &'a HeaderMap,
    /// Whether this answers a HEAD request, so that the body is missing by design.
    pub to_head: bool,
}

/// What a response has of the fields that matter. Most have none but a content type, and one look at each name costs
/// less than a dozen look-ups, each of which hashes its own name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Survey<'a> {
    /// The first content type.
    pub(crate) content_type: Option<&'a HeaderValue>,
    /// What that says about the body.
    pub(super) media: Media,
    /// Whether there is a `content-encoding`.
    pub(crate) is_encoded: bool,
    /// Whether there is a `grpc-status` or a `grpc-status-details-bin`.
    pub(crate) has_grpc: bool,
    /// Whether there is any field that travels: those of `headers::CARRIED`.
    pub(crate) has_carried: bool,
    /// Whether there is a field that may name an error: `www-authenticate` or `x-amzn-errortype`.
    pub(crate) may_name: bool,
}

impl<'a> Survey<'a> {
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        let mut survey = Self::default();
        for (name, value) in headers {
            // A `match` on the text costs one comparison of lengths for most names.
            match name.as_str() {
                "content-type" => survey.content_type = survey.content_type.or(Some(value)),
                "content-encoding" => survey.is_encoded = true,
                "grpc-status" | "grpc-status-details-bin" => survey.has_grpc = true,
                "www-authenticate" => (survey.has_carried, survey.may_name) = (true, true),
                "allow"
                | "content-language"
                | "link"
                | "retry-after"
                | "x-request-id"
                | "retry-after-ms"
                | "x-ms-retry-after-ms" => survey.has_carried = true,
                "x-amzn-errortype" => survey.may_name = true,
                _ => {}
            }
        }
        survey.media = Media::of(survey.content_type);
        survey
    }

    /// Whether the body is to be a message of protobuf, and is there as it was written.
    pub(crate) fn is_protobuf(&self) -> bool {
        self.media == Media::Protobuf && !self.is_encoded
    }
}

/// The surroundings of the JSON that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    pub(super) head: &'a ResponseHead<'a>,
    /// The text that the JSON borrows from.
    pub(super) text: &'a ByteString,
    /// Whether anybody wants to know where each part was read.
    pub(super) is_traced: bool,
}

impl Page<'_> {
    /// The text on its own, without a copy if the body holds it as it is.
    pub(super) fn share(&self, text: Cow<'_, str>) -> ByteString {
        match text {
            Cow::Borrowed(text) if self.holds(text) => self.text.slice_ref(text),
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }

    /// Takes a member that repeats the number of the status line, as a number or as text.
    #[inline]
    pub(super) fn take_status(&self, object: &mut Object<'_>, name: &str) {
        let number = |json: &Json<'_>| json.as_integer().or_else(|| json.as_text()?.parse().ok());
        if object.get(name).and_then(number) == Some(i64::from(self.head.status)) {
            object.take(name);
        }
    }

    /// Whether a text is the phrase that stands for the number of the status line.
    pub(super) fn is_reason_phrase(&self, text: &str) -> bool {
        let status = u16::try_from(self.head.status).ok().and_then(|status| HttpStatus::new(status).ok());
        status.is_some_and(|status| status.is_reason_phrase(text))
    }

    // `slice_ref` panics on any other text.
    fn holds(&self, text: &str) -> bool {
        let (all, part) = (self.text.as_bytes().as_ptr_range(), text.as_bytes().as_ptr_range());
        all.start <= part.start && part.end <= all.end
    }
}

named! {
    /// One shape of an HTTP error body. Its name is in snake_case: `kind_message`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Dialect {
        /// `{"kind": "task_not_found", "message": "..."}`
        #[default]
        KindMessage = "kind_message",
        /// `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
        Problem = "problem",
        /// `{"error": {"code": 404, "message": "...", "status": "NOT_FOUND"}}` ([AIP-193](https://google.aip.dev/193)).
        Google = "google",
        /// `{"code": "not_found", "message": "..."}` ([Connect](https://connectrpc.com/docs/protocol#error-end-stream)).
        Connect = "connect",
        /// `{"code": 5, "message": "...", "details": []}` of gRPC-gateway.
        GrpcGateway = "grpc_gateway",
        /// `{"code": "not_found", "msg": "..."}` ([Twirp](https://twitchtv.github.io/twirp/docs/spec_v7.html)).
        Twirp = "twirp",
        /// `{"code": 404, "reason": "TASK_NOT_FOUND", "message": "..."}` of Kratos.
        Kratos = "kratos",
        /// `{"error": "invalid_token", "error_description": "..."}` ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749),
        /// [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).
        Oauth2 = "oauth2",
        /// `{"errors": [{"message": "...", "extensions": {"code": "..."}}]}` of GraphQL.
        Graphql = "graphql",
        /// `{"errors": [{"code": "...", "title": "...", "detail": "..."}]}` of [JSON:API](https://jsonapi.org/format/#errors).
        JsonApi = "json_api",
        /// `{"jsonrpc": "2.0", "error": {"code": -32601, "message": "..."}}` of [JSON-RPC](https://www.jsonrpc.org/specification#error_object).
        Jsonrpc = "jsonrpc",
        /// The common rest of JSON bodies: `{"error": {"code", "message"}}`, `{"message"}`, AWS, Azure, Spring and so on.
        Envelope = "envelope",
        /// Text or HTML, or nothing.
        Text = "text",
        /// A `google.rpc.Status` in protobuf, as [OTLP](https://opentelemetry.io/docs/specs/otlp/#failures-1) has it.
        StatusProto = "status_proto",
    }
}

/// How well a body shows that an API wrote the response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// The body was not recognised: a proxy, or something that speaks no API.
    #[default]
    None,
    /// A shape that gateways write too: an object without an identifier, a bare text in one, or a body that begins as JSON under
    /// a JSON type and could not be read whole.
    Weak,
    /// A dialect of a name, or a structured body in which an identifier or violations were found.
    Strong,
}

/// What a body says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The dialect that was recognised; [`Dialect::Text`] if none was.
    pub dialect: Dialect,
    /// The evidence that an API wrote the response.
    pub evidence: Evidence,
    /// The identifier of the error as it was spelled, not folded.
    pub kind: Option<ByteString>,
    /// The code that the dialect itself states.
    pub code: Option<Code>,
    /// The text for people. For [`Dialect::Text`] it is the stripped and bounded text.
    pub message: Option<ByteString>,
    /// The rich details that the body holds in another form than ProtoJSON, in order.
    pub details: Vec<Detail>,
    /// The members of a ProtoJSON `details` list, each with its `@type`, in order. They are turned into bytes by their
    /// descriptors, which nobody knows here.
    pub json_details: Vec<Value>,
    /// What varies in the message, by name.
    pub metadata: Vec<(String, String)>,
    /// Whether the other members carry everything that the body says. If not, the body itself is worth keeping.
    pub complete: bool,
    /// Facts for debugging.
    pub notes: Vec<String>,
    /// Where the other members of this were read.
    pub origins: Origins,
    /// What became neither: the text that may yet be the message.
    pub(super) unrecognised: Bytes,
}

/// Where each part of an error was read: a member of the body, such as `error.errors[0].reason`, `body` for the whole of it, or a
/// header field, such as `header retry-after`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origins {
    /// What names the kind.
    pub kind: Option<Cow<'static, str>>,
    /// What states the code.
    pub code: Option<Cow<'static, str>>,
    /// What holds the message.
    pub message: Option<Cow<'static, str>>,
    /// What holds the delay before a retry.
    pub delay: Option<Cow<'static, str>>,
    /// What holds the violations of fields.
    pub violations: Option<Cow<'static, str>>,
    /// What holds the rich details.
    pub(crate) details: Option<Cow<'static, str>>,
}

impl Origins {
    /// Those of a `google.rpc.Status`.
    pub(crate) fn new(
        code: Option<&'static str>,
        message: Option<&'static str>,
        details: Option<&'static str>,
    ) -> Self {
        let (code, message, details) =
            (code.map(Cow::Borrowed), message.map(Cow::Borrowed), details.map(Cow::Borrowed));
        Self { code, message, details, ..Self::default() }
    }

    /// Adds what the rich details say that nothing else has said.
    pub(crate) fn add_details(&mut self, details: &[Detail]) {
        let Some(origin) = &self.details else { return };
        let add = |is_there, origin_of: &mut Option<_>| {
            if is_there {
                origin_of.get_or_insert_with(|| origin.clone());
            }
        };
        add(details.iter().any(Detail::is::<rpc::RetryInfo>), &mut self.delay);
        add(details.iter().any(Detail::is::<rpc::BadRequest>), &mut self.violations);
    }

    /// The same, within the value at this path.
    fn under(self, path: &str) -> Self {
        let item = |member: Cow<'static, str>| Cow::Owned(format!("{path}.{member}"));
        Self {
            kind: self.kind.map(item),
            code: self.code.map(item),
            message: self.message.map(item),
            delay: self.delay.map(item),
            violations: self.violations.map(item),
            details: self.details.map(item),
        }
    }
}

impl Reading {
    /// As read within the value at this path.
    pub(super) fn under(mut self, path: impl fmt::Display, page: &Page<'_>) -> Self {
        if page.is_traced {
            self.origins = self.origins.under(&path.to_string());
        }
        self
    }

    pub(super) fn strong(dialect: Dialect) -> Self {
        Self { dialect, evidence: Evidence::Strong, ..Self::default() }
    }

    /// Written by an API, and not understood.
    pub(super) fn weak(bytes: Bytes) -> Self {
        Self { dialect: Dialect::Envelope, evidence: Evidence::Weak, unrecognised: bytes, ..Self::default() }
    }

    pub(super) fn text(bytes: Bytes) -> Self {
        Self { dialect: Dialect::Text, unrecognised: bytes, ..Self::default() }
    }
}

#[cfg(test)]
mod tests;
