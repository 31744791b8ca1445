//! Calls over plain HTTP, next to gRPC on the same port: the unary form of the
//! [Connect protocol](https://connectrpc.com/docs/protocol#unary-request), which `curl` speaks too. And calls over
//! [gRPC-Web](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md), which become calls over gRPC.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use base64::{
    Engine,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, Version, header, request::Parts};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use pin_project_lite::pin_project;
use tonic::{Status, body::Body};
use tonic_web::GrpcWebLayer;
use tower_layer::Layer;
use tower_service::Service;

use super::{
    config::Size,
    errors,
    observe::{Call, Metrics, System},
};
use crate::{
    adapter::StatusExt,
    layer::Caller,
    model::{BoxError, Error, kinds},
    service::{Codec, ErrorMapping, Rpc, Unary, named, too_large},
    translate::Translator,
    wire::protocol::{Protocol, is_media},
};

// docs/rules.md: R-SERVICE-5
/// Responds to what is not gRPC, and passes the rest to the service inside.
#[derive(Clone, Debug)]
pub(super) struct WithUnary<S> {
    grpc: S,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    translator: Translator,
    unary: Unary,
    metrics: Metrics,
    most: Size,
}

impl<S> WithUnary<S> {
    /// `grpc` is measured already; `most` limits the bytes of a body.
    pub(super) fn new(grpc: S, translator: Translator, metrics: Metrics, most: Size) -> Self {
        let mapping = ErrorMapping::new(translator.clone()).with_watch(metrics.translations());
        let unary = Unary::new(translator.clone(), mapping);
        Self { grpc, shared: Arc::new(Shared { translator, unary, metrics, most }) }
    }
}

impl<S, F> Service<Request<Body>> for WithUnary<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future = F> + Clone,
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture<F>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.grpc.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match Protocol::of_request(request.method(), request.uri().query(), request.headers()) {
            Protocol::Grpc => return ResponseFuture { state: State::Grpc { future: self.grpc.call(request) } },
            Protocol::GrpcWeb => {
                let future = GrpcWebLayer::new().layer(self.grpc.clone()).call(request);
                return ResponseFuture { state: State::GrpcWeb { future } };
            }
            Protocol::Connect | Protocol::Http => {}
        }
        let shared = self.shared.clone();
        let context = request.extensions().get().cloned();
        let mut call = Call::start(&shared.metrics, System::Connect, request.uri().path(), context);
        let response = Box::pin(async move {
            let caller = Caller::of(&request);
            let (head, body) = request.into_parts();
            match respond(&shared.unary, &head, body, shared.most).await {
                Ok(response) => {
                    call.end(None, "", [0, 0]);
                    response
                }
                Err(Refused { error, is_unread }) => {
                    call.end(Some(error.code()), &error.message(), [0, 0]);
                    let error = named(error, head.extensions.get());
                    errors::response(&caller, &error, &shared.translator, is_unread)
                }
            }
        });
        ResponseFuture { state: State::Http { response } }
    }
}

pin_project! {
    /// The response of [`WithUnary`].
    pub(super) struct ResponseFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        Grpc { #[pin] future: F },
        GrpcWeb { #[pin] future: tonic_web::ResponseFuture<F> },
        // Boxed, since the future that reads a body has no name; gRPC calls do not pay for it.
        Http { response: Pin<Box<dyn Future<Output = Response<Body>> + Send>> },
    }
}

impl<F: Future<Output = Result<Response<Body>, Infallible>>> Future for ResponseFuture<F> {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Grpc { future } => future.poll(cx),
            StateProjection::GrpcWeb { future } => future.poll(cx),
            StateProjection::Http { response } => response.as_mut().poll(cx).map(Ok),
        }
    }
}

/// The error of a failed call, and whether the body may be unread.
struct Refused {
    error: Error,
    is_unread: bool,
}

async fn respond(unary: &Unary, head: &Parts, body: Body, most: Size) -> Result<Response<Body>, Refused> {
    let unread = |error| Refused { error, is_unread: true };
    let UnaryRequest { rpc, codec, message } = unary_request(head, most).map_err(unread)?;
    let message = match message {
        Some(message) => message,
        None => read(body, most).await.map_err(unread)?,
    };
    let message = unary.call(rpc, codec, &message).map_err(|error| Refused { error, is_unread: false })?;
    Ok(success(codec, message))
}

async fn read(body: Body, most: Size) -> Result<Bytes, Error> {
    match Limited::new(body, most.as_usize()).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(why) if why.is::<LengthLimitError>() => Err(too_large(most.as_usize())),
        // The limits may have ended the request; else the body broke off.
        Err(why) => Err(match why.downcast::<Status>() {
            Ok(status) if !status.details().is_empty() => status.to_errwire(),
            Ok(status) => broken_off(status),
            Err(why) => broken_off(why),
        }),
    }
}

fn broken_off(why: impl Into<BoxError>) -> Error {
    Error::new(kinds::REQUEST_INVALID).with_message("The request body is incomplete. Send all of it.").with_source(why)
}

fn success(codec: Codec, message: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::from(message)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(codec.content_type()));
    response
}

/// Unpadded where it is written, and either where it is read
/// (<https://connectrpc.com/docs/protocol#unary-get-request>).
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A call of a unary RPC.
struct UnaryRequest {
    rpc: Rpc,
    codec: Codec,
    /// Of the query; without it, the message is in the body.
    message: Option<Bytes>,
}

/// The version of the Connect protocol that a caller speaks.
const CONNECT_VERSION: &str = "connect-protocol-version";

/// The RPC that a request calls, and where its message is.
///
/// # Errors
///
/// Why the request is not such a call.
fn unary_request(head: &Parts, most: Size) -> Result<UnaryRequest, Error> {
    // https://www.rfc-editor.org/rfc/rfc9112#section-3.2
    if head.version == Version::HTTP_11 && head.headers.get_all(header::HOST).iter().count() != 1 {
        return Err(Error::new(kinds::REQUEST_INVALID).with_message("HTTP/1.1 requires one host header. Send one."));
    }
    let path = head.uri.path();
    let Some(rpc) = Rpc::of(path) else {
        let message = "There is no such RPC here. POST to /errwire.v1.ErrorMappingService/HttpToGrpc, for example.";
        return Err(Error::new(kinds::NOT_FOUND).with_message(message));
    };
    match head.method {
        Method::POST => post(rpc, head),
        // The RPCs have no side effects. A GET without a query is probably a person with a browser.
        Method::GET if head.uri.query().is_some() => get(rpc, head, most),
        _ => Err(Error::new(kinds::METHOD_NOT_ALLOWED)
            .with_message("Only POST, and GET with a message in the query, are supported here. Send a POST.")),
    }
}

fn post(rpc: Rpc, head: &Parts) -> Result<UnaryRequest, Error> {
    // https://connectrpc.com/docs/protocol#unary-request
    if head.headers.get_all(CONNECT_VERSION).iter().any(|version| version != "1") {
        let remedy = "is not a version that is supported: send 1";
        return Err(Error::new(kinds::REQUEST_INVALID)
            .with_message(format!("The header {CONNECT_VERSION} {remedy}."))
            .with_field_violation(CONNECT_VERSION.to_owned(), remedy.to_owned()));
    }
    if let Some(encoding) = head.headers.get(header::CONTENT_ENCODING).filter(|encoding| *encoding != "identity") {
        let message = format!("The content encoding {encoding:?} is not supported. Send the body as it is.");
        return Err(Error::new(kinds::UNIMPLEMENTED).with_message(message));
    }
    let is = |media| head.headers.get(header::CONTENT_TYPE).is_some_and(|value| is_media(value, media));
    let codec = match () {
        () if is("application/json") => Codec::Json,
        () if is("application/proto") => Codec::Proto,
        () => {
            return Err(Error::new(kinds::UNSUPPORTED_MEDIA_TYPE)
                .with_message("The content type is not supported. Send application/json or application/proto."));
        }
    };
    Ok(UnaryRequest { rpc, codec, message: None })
}

/// <https://connectrpc.com/docs/protocol#unary-get-request>
fn get(rpc: Rpc, head: &Parts, most: Size) -> Result<UnaryRequest, Error> {
    let query = head.uri.query().unwrap_or_default().as_bytes();
    let value = |name| form_urlencoded::parse(query).find(|(key, _)| key == name).map(|(_, value)| value);
    let codec = match value("encoding").as_deref() {
        Some("json") => Codec::Json,
        Some("proto") => Codec::Proto,
        _ => return Err(mistake("encoding", "send json or proto")),
    };
    if value("compression").is_some_and(|compression| compression != "identity") {
        let message = "Compression is not supported in a query. Send the message as it is.";
        return Err(Error::new(kinds::UNIMPLEMENTED).with_message(message));
    }
    if value("connect").is_some_and(|version| version != "v1") {
        return Err(mistake("connect", "send v1"));
    }
    let message = value("message").ok_or_else(|| mistake("message", "is missing: send the request"))?;
    let message = match value("base64").as_deref() {
        Some("1") => {
            BASE64.decode(message.as_bytes()).map_err(|why| mistake("message", &format!("is not base64: {why}")))?
        }
        _ => message.into_owned().into_bytes(),
    };
    if message.len() > most.as_usize() {
        return Err(too_large(most.as_usize()));
    }
    Ok(UnaryRequest { rpc, codec, message: Some(message.into()) })
}

/// An invalid query parameter.
fn mistake(parameter: &str, remedy: &str) -> Error {
    Error::new(kinds::REQUEST_INVALID)
        .with_message(format!("Query parameter `{parameter}`: {remedy}"))
        .with_metadata("field", parameter.to_owned())
        .with_field_violation(parameter.to_owned(), remedy.to_owned())
}
