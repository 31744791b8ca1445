//! `errwire.v1.ErrorMappingService`.

use std::sync::Arc;

use http::HeaderValue;

use super::{
    call::{Direction, Translated, Watch},
    decode,
    errors::rejected,
    pb::{self, http_to_grpc_request, translate_request},
    translation::{self, Outcome, Translation},
};
use crate::{
    layer::{self, Event, Observer, TraceErrors},
    model::{Error, rpc},
    translate::{Now, ReadOptions, Report, Translator, WriteGrpcOptions},
};

/// Serves `errwire.v1.ErrorMappingService` by a [`Translator`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ErrorMapping {
    pub(super) translator: Translator,
    watch: Option<Arc<dyn Watch>>,
    /// Of the caller, for errors of its own.
    accept_language: Option<String>,
}

impl ErrorMapping {
    /// Translates by this translator.
    pub fn new(translator: Translator) -> Self {
        Self { translator, watch: None, accept_language: None }
    }

    /// Sets the observer of translations.
    #[must_use]
    pub(crate) fn with_watch(mut self, watch: Arc<dyn Watch>) -> Self {
        self.watch = Some(watch);
        self
    }

    /// Writes errors of the caller in a language of its [`Accept-Language`](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4).
    #[must_use]
    pub(super) fn with_accept_language(mut self, value: Option<&HeaderValue>) -> Self {
        self.accept_language = value.and_then(|value| value.to_str().ok()).map(str::to_owned);
        self
    }

    /// Turns a gRPC error into an HTTP response.
    ///
    /// # Errors
    ///
    /// `request_invalid`, with the field that is missing, malformed, or not an error.
    pub fn grpc_to_http(&self, request: pb::GrpcToHttpRequest) -> Result<pb::GrpcToHttpResponse, Error> {
        self.to_http(request).map(|translation| translation.message())
    }

    /// As [`grpc_to_http`](Self::grpc_to_http), before it becomes a message.
    pub(super) fn to_http(&self, request: pb::GrpcToHttpRequest) -> Result<Translation, Error> {
        self.watched(Direction::GrpcToHttp, self.try_to_http(request))
    }

    fn try_to_http(&self, request: pb::GrpcToHttpRequest) -> Result<Translation, Error> {
        let options = decode::render_options(request.options)?;
        let (received, code_field) = decode::received(request.source)?;
        let translator = self.translator.now();
        let (error, read) = translator
            .read_grpc_with(received, &ReadOptions::default())
            .map_err(|no_error| rejected(code_field, no_error.to_string()))?;
        let (response, written) = translator.write_http_with(&error, &options);
        if !written.redacted.is_empty() {
            // The operator of the service must find what a caller does not see.
            TraceErrors.on_error(&Event::new(layer::Direction::HttpServer, &error, &written));
        }
        Ok(Translation { outcome: Outcome::Http(response), error, read, written })
    }

    /// Turns an HTTP response, or an error as data, into a gRPC error.
    ///
    /// # Errors
    ///
    /// `request_invalid`, with the field that is missing, malformed, or not an error.
    pub fn http_to_grpc(&self, request: pb::HttpToGrpcRequest) -> Result<pb::HttpToGrpcResponse, Error> {
        self.to_grpc(request).map(|translation| translation.message())
    }

    /// As [`http_to_grpc`](Self::http_to_grpc), before it becomes a message.
    pub(super) fn to_grpc(&self, request: pb::HttpToGrpcRequest) -> Result<Translation, Error> {
        self.watched(Direction::HttpToGrpc, self.try_to_grpc(request))
    }

    fn try_to_grpc(&self, request: pb::HttpToGrpcRequest) -> Result<Translation, Error> {
        let mut options = WriteGrpcOptions::default();
        options.domain = request.options.as_ref().map(|options| options.domain.clone());
        let translator = self.translator.now();
        let (error, read) = read(&translator, request)?;
        let (status, written) = translator.write_grpc_with(&error, &options);
        Ok(Translation { outcome: Outcome::Grpc(status), error, read, written })
    }

    /// Tells the observer.
    fn watched(&self, direction: Direction, outcome: Result<Translation, Error>) -> Result<Translation, Error> {
        match (&self.watch, &outcome) {
            (Some(watch), Ok(Translation { error, read, written, .. })) => watch.translated(&Translated {
                direction,
                error,
                dialect: read.dialect.or(written.dialect),
                redacted: !written.redacted.is_empty(),
                trimmed: !written.trimmed.is_empty(),
                mismatched: read.mismatch,
            }),
            (Some(watch), Err(_)) => watch.rejected(direction),
            (None, _) => {}
        }
        outcome
    }

    /// Appends the response to an item of a bulk translation. An item that cannot be translated gets a `failure`.
    pub(super) fn put_translated(&self, item: pb::TranslateRequest, out: &mut Vec<u8>) {
        match self.translation(item.request) {
            Ok(translation) => translation.put_item(&item.id, out),
            Err(error) => self.put_failure(&item.id, &error, out),
        }
    }

    /// Appends the response to an item that cannot be translated.
    pub(super) fn put_failure(&self, id: &str, error: &Error, out: &mut Vec<u8>) {
        translation::put_failure(id, &self.failure(error), out);
    }

    /// Translates a request in either direction, before it becomes a message.
    ///
    /// # Errors
    ///
    /// As for the two directions; `request_invalid` if there is no request.
    pub(crate) fn translation(&self, request: Option<translate_request::Request>) -> Result<Translation, Error> {
        match request {
            Some(translate_request::Request::GrpcToHttp(request)) => self.to_http(request),
            Some(translate_request::Request::HttpToGrpc(request)) => self.to_grpc(request),
            None => Err(rejected("request", "is missing: send `grpc_to_http` or `http_to_grpc`")),
        }
    }

    /// An error of ours as the fields of a call that fails.
    pub(crate) fn trailers(&self, error: &Error) -> pb::GrpcTrailers {
        translation::trailers(self.translator.write_grpc(error).to_trailers())
    }

    /// An error of ours as a `google.rpc.Status`.
    pub fn failure(&self, error: &Error) -> rpc::Status {
        let mut options = WriteGrpcOptions::new(self.translator.policy().audience);
        options.accept_language.clone_from(&self.accept_language);
        translation::status(&self.translator.write_grpc_with(error, &options).0)
    }
}

fn read(translator: &Now<'_>, request: pb::HttpToGrpcRequest) -> Result<(Error, Report), Error> {
    let options = decode::parse_options(request.options)?;
    match request.source {
        Some(http_to_grpc_request::Source::Response(response)) => {
            let (status, headers, body) = decode::response(response)?;
            let read = translator.read_http_with(status, &headers, &body, &options);
            read.map_err(|no_error| rejected("response.status", no_error.to_string()))
        }
        Some(http_to_grpc_request::Source::Error(error)) => decode::read(translator.catalog(), error),
        None => Err(rejected("source", "is missing: send `response` or `error`")),
    }
}
