//! Calls over plain HTTP, next to gRPC on the same port: the unary form of the
//! [Connect protocol](https://connectrpc.com/docs/protocol#unary-request), which `curl` speaks too. And calls over
//! [gRPC-Web](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md), which become calls over gRPC.

// docs/rules.md: R-SERVICE-5

mod call;

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header, request};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use pin_project_lite::pin_project;
use tonic::{Status, body::Body};
use tonic_web::GrpcWebLayer;
use tower_layer::Layer;
use tower_service::Service;

use self::call::Message;
use super::{
    caller::{Caller, close_unread},
    config::Size,
    observe::{Call, Metrics, System},
};
use crate::{
    adapter::StatusExt,
    model::{BoxError, Error, kinds},
    service::{Codec, ErrorMapping, Unary, named, too_large},
    translate::Translator,
    wire::protocol::Protocol,
};

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
    /// `grpc` is measured already; `most` are the bytes that a body may have.
    pub(super) fn new(grpc: S, translator: Translator, metrics: Metrics, most: Size) -> Self {
        let mapping = ErrorMapping::new(translator.clone()).with_watch(Arc::new(metrics.clone()));
        let unary = Unary::new(&translator, mapping);
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
            Protocol::Grpc => return ResponseFuture { state: State::Grpc { answer: self.grpc.call(request) } },
            Protocol::GrpcWeb => {
                let answer = GrpcWebLayer::new().layer(self.grpc.clone()).call(request);
                return ResponseFuture { state: State::GrpcWeb { answer } };
            }
            Protocol::Connect | Protocol::Http => {}
        }
        let shared = self.shared.clone();
        let context = request.extensions().get().cloned();
        let mut call = Call::start(&shared.metrics, System::Connect, request.uri().path(), context);
        let answer = Box::pin(async move {
            let (head, body) = request.into_parts();
            match answer(&shared.unary, &head, body, shared.most).await {
                Ok(response) => {
                    call.end(None, "", [0, 0]);
                    response
                }
                Err(Refused { error, is_unread }) => {
                    call.end(Some(error.code()), &error.message(), [0, 0]);
                    let error = named(error, head.extensions.get());
                    let mut response =
                        Caller::of(&head.method, head.uri.query(), &head.headers).answer(&shared.translator, &error);
                    if is_unread {
                        close_unread(head.version, &head.headers, &mut response);
                    }
                    response
                }
            }
        });
        ResponseFuture { state: State::Http { answer } }
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
        Grpc { #[pin] answer: F },
        GrpcWeb { #[pin] answer: tonic_web::ResponseFuture<F> },
        // Boxed, since what reads a body has no name; calls of gRPC do not pay for it.
        Http { answer: Pin<Box<dyn Future<Output = Response<Body>> + Send>> },
    }
}

impl<F: Future<Output = Result<Response<Body>, Infallible>>> Future for ResponseFuture<F> {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Grpc { answer } => answer.poll(cx),
            StateProjection::GrpcWeb { answer } => answer.poll(cx),
            StateProjection::Http { answer } => answer.as_mut().poll(cx).map(Ok),
        }
    }
}

/// Why there is no response, and whether the body may be unread.
struct Refused {
    error: Error,
    is_unread: bool,
}

async fn answer(unary: &Unary, head: &request::Parts, body: Body, most: Size) -> Result<Response<Body>, Refused> {
    let unread = |error| Refused { error, is_unread: true };
    let call::UnaryRequest { rpc, codec, message } = call::unary_request(head, most).map_err(unread)?;
    let message = match message {
        Message::Body => read(body, most).await.map_err(unread)?,
        Message::Query(message) => message,
    };
    let answer = unary.answer(rpc, codec, &message).map_err(|error| Refused { error, is_unread: false })?;
    Ok(success(codec, answer))
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

fn success(codec: Codec, answer: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::from(answer)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(codec.content_type()));
    response
}
