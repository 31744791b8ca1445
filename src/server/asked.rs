//! In which protocol a caller wants its answer.

use http::{HeaderMap, HeaderValue, Response, Version, header};
use http_body_util::Full;
use tonic::{Status, body::Body};

use crate::{
    model::{Audience, Error, kinds},
    translate::{Translator, WriteGrpcOptions, WriteHttpOptions},
    wire::{http::Dialect, protocol::Protocol},
};

/// Announces that the connection closes, where a request over HTTP/1.1 is refused before its body is read: what is left of the
/// body would be taken for the next request, and a client that is not told sends that in vain
/// (<https://www.rfc-editor.org/rfc/rfc9112#section-9.6>).
pub(super) fn close_unread<B>(version: Version, headers: &HeaderMap, response: &mut Response<B>) {
    let has_body = headers.contains_key(header::TRANSFER_ENCODING)
        || headers.get(header::CONTENT_LENGTH).is_some_and(|length| length != "0");
    if version < Version::HTTP_2 && has_body {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
}

/// What has to be known of a request to answer it with an error, once it is gone.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// A status, in a head of this media type: gRPC-Web has its own.
    Grpc { media: HeaderValue, accept_language: Option<HeaderValue> },
    /// In Connect's form.
    Connect { accept_language: Option<HeaderValue> },
    /// In the dialect that the caller accepts, else in ours.
    Http { accept: Option<HeaderValue>, accept_language: Option<HeaderValue> },
}

impl Asked {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        match headers.get(header::CONTENT_TYPE) {
            Some(media) if Protocol::of_media(media).is_any_grpc() => {
                Self::Grpc { media: media.clone(), accept_language: headers.get(header::ACCEPT_LANGUAGE).cloned() }
            }
            _ => Self::over_http(headers),
        }
    }

    /// Of a request that is not a call of gRPC, whatever its media type: a GET cannot be one.
    pub(super) fn over_http(headers: &HeaderMap) -> Self {
        let accept_language = headers.get(header::ACCEPT_LANGUAGE).cloned();
        if headers.contains_key("connect-protocol-version") {
            Self::Connect { accept_language }
        } else {
            Self::Http { accept: headers.get(header::ACCEPT).cloned(), accept_language }
        }
    }

    /// The whole answer to a call that failed with this.
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

    /// The end of an answer whose beginning is sent. Only gRPC has a place for it; gRPC-Web has it in the body, of which nobody
    /// knows where it stands.
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
