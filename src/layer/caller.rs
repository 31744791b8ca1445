//! The caller of a request, as far as an error response needs it, and the response that tells it of an error.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, Version, header};

use super::classify::joined;
use crate::{
    model::{Audience, Error},
    translate::{Report, Translator, WriteGrpcOptions, WriteHttpOptions},
    wire::{
        grpc::Status,
        http::Dialect,
        protocol::{CONNECT_VERSION, Protocol},
    },
};

/// A small value, kept while the request is in flight. A header value that came over a wire is shared, not copied.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The protocol that the caller says it speaks. It decides the form of an error, and nothing else.
    pub(super) protocol: Protocol,
    /// The media type of a caller of gRPC or of gRPC-Web; else what the caller accepts.
    media_or_accept: Option<HeaderValue>,
    /// Whether the request has a body whose unread rest would be taken for the next request, as over HTTP/1.1
    /// (<https://www.rfc-editor.org/rfc/rfc9112#section-6.3>).
    has_body: bool,
    pub(super) to_head: bool,
    /// As it came.
    pub(super) accept_language: Option<HeaderValue>,
    request_id: Option<HeaderValue>,
}

/// The body of an error over HTTP, as far as the caller does not decide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyForm {
    /// The caller chooses, if `None`.
    pub(crate) dialect: Option<Dialect>,
    pub(crate) details: bool,
}

impl Caller {
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        let headers = request.headers();
        let (mut media, mut accept, mut accept_language, mut request_id) = (None, None, None, None);
        let (mut has_version, mut has_body, mut is_several) = (false, false, false);
        // Comparing each name costs less than hashing one, and most callers send few fields.
        for (name, value) in headers {
            if *name == header::ACCEPT {
                is_several |= accept.replace(value).is_some();
            } else if *name == header::ACCEPT_LANGUAGE {
                is_several |= accept_language.replace(value).is_some();
            } else if *name == header::CONTENT_TYPE {
                media = media.or(Some(value));
            } else if *name == header::CONTENT_LENGTH {
                has_body |= value != "0";
            } else if *name == header::TRANSFER_ENCODING {
                has_body = true;
            } else {
                match name.as_str() {
                    "x-request-id" => is_several |= request_id.replace(value).is_some(),
                    CONNECT_VERSION => has_version = true,
                    _ => {}
                }
            }
        }
        let value = |name, one: Option<&HeaderValue>| if is_several { joined(headers, name) } else { one.cloned() };
        let protocol = Protocol::of_caller(request.method(), request.uri().query(), media, has_version);
        Self {
            protocol,
            media_or_accept: if protocol.is_any_grpc() { media.cloned() } else { value("accept", accept) },
            has_body: has_body && request.version() < Version::HTTP_2,
            to_head: request.method() == Method::HEAD,
            accept_language: value("accept-language", accept_language),
            request_id: value("x-request-id", request_id),
        }
    }

    /// The whole response to a call that failed with this error: Trailers-Only over gRPC and gRPC-Web, in Connect's form for
    /// its callers, else in the dialect that the caller accepts.
    pub(crate) fn response(
        &self,
        error: &Error,
        translator: &Translator,
        audience: Audience,
        form: BodyForm,
    ) -> (Response<Bytes>, Report) {
        if self.protocol.is_any_grpc()
            && let Some(media) = &self.media_or_accept
        {
            let (status, report) = self.status(error, translator, audience);
            let mut response = Response::new(Bytes::new());
            response.headers_mut().insert(header::CONTENT_TYPE, media.clone());
            status.write_to(response.headers_mut());
            return (response, report);
        }
        let is_connect = self.protocol == Protocol::Connect;
        let options = WriteHttpOptions {
            audience,
            dialect: if is_connect { Some(Dialect::Connect) } else { form.dialect },
            include_details: form.details || is_connect,
            accept_language: Some(text(self.accept_language.as_ref()).to_owned()),
            accept: Some(text(self.media_or_accept.as_ref()).to_owned()),
        };
        translator.write_http_with(error, &options)
    }

    /// The trailers of a response that has begun. Only gRPC has trailers; gRPC-Web has them in the body.
    #[cfg(feature = "server")]
    pub(crate) fn trailers(&self, error: &Error, translator: &Translator) -> Option<HeaderMap> {
        if self.protocol != Protocol::Grpc {
            return None;
        }
        let mut trailers = HeaderMap::new();
        self.status(error, translator, translator.policy().audience).0.write_to(&mut trailers);
        Some(trailers)
    }

    fn status(&self, error: &Error, translator: &Translator, audience: Audience) -> (Status, Report) {
        // The media type takes its share of the block, as HTTP/2 counts it (RFC 9113, 6.5.2).
        let media =
            self.media_or_accept.as_ref().map_or(0, |media| header::CONTENT_TYPE.as_str().len() + media.len() + 32);
        let mut options = WriteGrpcOptions::new(audience).with_reserved(media);
        options.accept_language = Some(text(self.accept_language.as_ref()).to_owned()).filter(|text| !text.is_empty());
        translator.write_grpc_with(error, &options)
    }

    /// Adds `connection: close` to a response that is sent before the request body is read, if there is one: what is left of it
    /// costs an HTTP/1.1 connection, and a client without that notice loses its next request
    /// (<https://www.rfc-editor.org/rfc/rfc9112#section-9.6>).
    pub(crate) fn close_unread(&self, headers: &mut HeaderMap) {
        if self.has_body {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }

    pub(super) fn request_id(&self) -> Option<&str> {
        Some(text(self.request_id.as_ref())).filter(|id| !id.is_empty())
    }
}

fn text(value: Option<&HeaderValue>) -> &str {
    value.and_then(|value| value.to_str().ok()).unwrap_or_default()
}
