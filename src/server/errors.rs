//! Errors that the server raises itself, and the protocol in which their caller gets them.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, Response, Version, header};
use http_body_util::Full;
use tonic::{Status, body::Body};

use crate::{
    model::{Audience, Error, kinds},
    translate::{Translator, WriteGrpcOptions, WriteHttpOptions},
    wire::{
        http::Dialect,
        protocol::{Protocol, has_body_to_read},
    },
};

/// Adds `connection: close` to a response that is sent before the request body is read.
pub(super) fn close_unread<B>(version: Version, headers: &HeaderMap, response: &mut Response<B>) {
    if has_body_to_read(version, headers) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
}

/// The facts of a request that an error response needs, once the request is gone.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    /// A status, in a head of this media type: gRPC-Web has its own.
    Grpc { media: HeaderValue, accept_language: Option<HeaderValue> },
    /// In Connect's form.
    Connect { accept_language: Option<HeaderValue> },
    /// In the dialect that the caller accepts, else in ours.
    Http { accept: Option<HeaderValue>, accept_language: Option<HeaderValue> },
}

impl Caller {
    pub(super) fn of(method: &Method, query: Option<&str>, headers: &HeaderMap) -> Self {
        let accept_language = headers.get(header::ACCEPT_LANGUAGE).cloned();
        match (Protocol::of_request(method, query, headers), headers.get(header::CONTENT_TYPE)) {
            (Protocol::Grpc | Protocol::GrpcWeb, Some(media)) => Self::Grpc { media: media.clone(), accept_language },
            (Protocol::Connect, _) => Self::Connect { accept_language },
            _ => Self::Http { accept: headers.get(header::ACCEPT).cloned(), accept_language },
        }
    }

    /// The whole response to a call that failed with this error.
    pub(super) fn answer(&self, translator: &Translator, error: &Error) -> Response<Body> {
        let mut options = WriteHttpOptions::new(Audience::Internal);
        let accept_language = match self {
            Self::Grpc { media, accept_language } => {
                let mut response = status(translator, error, accept_language.as_ref()).into_http();
                response.headers_mut().insert(header::CONTENT_TYPE, media.clone());
                return response;
            }
            Self::Connect { accept_language } => {
                options = options.with_dialect(Dialect::Connect).with_details();
                accept_language
            }
            Self::Http { accept, accept_language } => {
                if let Some(accept) = text(accept.as_ref()) {
                    options = options.with_accept(accept);
                }
                accept_language
            }
        };
        if let Some(language) = text(accept_language.as_ref()) {
            options = options.with_accept_language(language);
        }
        let (mut response, _) = translator.write_http_with(error, &options);
        if *error.kind() == kinds::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
        }
        response.map(|body| Body::new(Full::new(body)))
    }

    /// The trailers of a response that has begun. Only gRPC has trailers; gRPC-Web has them in the body, whose frames are not
    /// counted here.
    pub(super) fn trailers(&self, translator: &Translator, error: &Error) -> Option<HeaderMap> {
        let Self::Grpc { media, accept_language } = self else { return None };
        if Protocol::of_media(media) == Protocol::GrpcWeb {
            return None;
        }
        let mut trailers = HeaderMap::new();
        let status = status(translator, error, accept_language.as_ref());
        status.add_header(&mut trailers).ok().map(|()| trailers)
    }
}

fn status(translator: &Translator, error: &Error, accept_language: Option<&HeaderValue>) -> Status {
    let mut options = WriteGrpcOptions::new(translator.policy().audience);
    if let Some(language) = text(accept_language) {
        options = options.with_accept_language(language);
    }
    translator.write_grpc_with(error, &options).0.into()
}

fn text(value: Option<&HeaderValue>) -> Option<&str> {
    value.and_then(|value| value.to_str().ok())
}

/// The retry delay of refused calls.
const RETRY: Duration = Duration::from_secs(1);

/// The server has too many calls in flight. That is not the fault of one caller, so it is UNAVAILABLE.
pub(super) fn overloaded() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE)
        .with_message("Too many calls in progress. Try again later.")
        .with_retry_after(RETRY)
}

/// The calls in flight hold too much memory together.
pub(super) fn full() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE)
        .with_message("The server holds too many large requests. Try again later, or send a smaller one.")
        .with_retry_after(RETRY)
}

/// The request or its response was not complete in time.
pub(super) fn too_slow() -> Error {
    Error::new(kinds::REQUEST_TIMEOUT)
        .with_message("The call took too long. Send a smaller request, or send it faster, and try again.")
}

/// The connection ends, or the whole server.
pub(super) fn going_away() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE)
        .with_message("The server closes this connection. Try again on a new one.")
        .with_retry_after(RETRY)
}

pub(super) fn header_too_large(most: usize) -> Error {
    Error::new(kinds::HEADER_FIELDS_TOO_LARGE)
        .with_message(format!("The header fields are larger than {most} bytes. Send fewer, or shorter ones."))
}
