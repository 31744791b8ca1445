//! The facts of a request that its error response needs.

use http::{
    HeaderName, HeaderValue, Method, Request,
    header::{ACCEPT, ACCEPT_LANGUAGE},
};

use crate::{
    layer::{call::joined, declared::Declared},
    wire::protocol::{Protocol, has_body_to_read},
};

/// A small value, kept while the request is in flight. A header value that came over a wire is shared, not copied.
#[derive(Debug)]
pub(super) struct Caller {
    /// Whether the response passes as it is, errors included: the owner of the service exempts the request.
    pub(super) hands_off: bool,
    /// The protocol that the caller says it speaks. It decides the form of an error, and nothing else.
    pub(super) protocol: Protocol,
    /// The media type of a caller of gRPC or of gRPC-Web.
    pub(super) grpc: Option<HeaderValue>,
    /// Whether the request has a body whose unread rest would be taken for the next request.
    pub(super) has_body: bool,
    pub(super) to_head: bool,
    /// The errors that the method declares.
    pub(super) declared: Declared,
    accept: Option<HeaderValue>,
    accept_language: Option<HeaderValue>,
    request_id: Option<HeaderValue>,
}

impl Caller {
    pub(super) fn of<B>(request: &Request<B>) -> Self {
        let headers = request.headers();
        let (mut media, mut accept, mut accept_language, mut request_id) = (None, None, None, None);
        let mut is_several = false;
        // To hash a name costs more than to look at it, and most callers send few fields.
        for (name, value) in headers {
            let field = match name.as_str() {
                "accept" => &mut accept,
                "accept-language" => &mut accept_language,
                "x-request-id" => &mut request_id,
                "content-type" => {
                    media = media.or(Some(value));
                    continue;
                }
                _ => continue,
            };
            is_several |= field.replace(value).is_some();
        }
        let value = |name, one: Option<&HeaderValue>| if is_several { joined(headers, name) } else { one.cloned() };
        let protocol = Protocol::of_request(request.method(), request.uri().query(), headers);
        Self {
            hands_off: false,
            protocol,
            grpc: media.filter(|_| protocol.is_any_grpc()).cloned(),
            has_body: has_body_to_read(request.version(), headers),
            to_head: request.method() == Method::HEAD,
            declared: Declared::Unknown,
            accept: value(ACCEPT, accept),
            accept_language: value(ACCEPT_LANGUAGE, accept_language),
            request_id: value(HeaderName::from_static("x-request-id"), request_id),
        }
    }

    /// `Accept`, empty if there was none.
    pub(super) fn accept(&self) -> String {
        text(self.accept.as_ref()).to_owned()
    }

    /// `Accept-Language`, as it came.
    pub(super) fn language(&self) -> Option<&HeaderValue> {
        self.accept_language.as_ref()
    }

    /// `Accept-Language`, empty if there was none.
    pub(super) fn accept_language(&self) -> String {
        text(self.accept_language.as_ref()).to_owned()
    }

    pub(super) fn request_id(&self) -> Option<&str> {
        Some(text(self.request_id.as_ref())).filter(|id| !id.is_empty())
    }
}

fn text(value: Option<&HeaderValue>) -> &str {
    value.and_then(|value| value.to_str().ok()).unwrap_or_default()
}
