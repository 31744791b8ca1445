//! Calls over plain HTTP, beside gRPC on the same port: the unary form of the
//! [Connect protocol](https://connectrpc.com/docs/protocol#unary-request), which `curl` speaks too.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use pin_project_lite::pin_project;
use tonic::{Status, body::Body};
use tower_service::Service;

use super::{
    asked::{Asked, is_grpc},
    config::Size,
};
use crate::{
    BoxError, Error, StatusExt, Translator, kinds,
    service::{Codec, Rpc, Unary, too_large},
};

/// Answers what is no gRPC, and hands the rest to the service inside.
#[derive(Clone, Debug)]
pub(super) struct WithUnary<S> {
    grpc: S,
    translator: Translator,
    unary: Unary,
    most: Size,
}

impl<S> WithUnary<S> {
    /// `most` are the bytes that a body may have.
    pub(super) fn new(grpc: S, translator: Translator, most: Size) -> Self {
        Self { grpc, unary: Unary::new(&translator), translator, most }
    }
}

impl<S, F> Service<Request<Body>> for WithUnary<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future = F>,
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture<F>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.grpc.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if is_grpc(request.headers()) {
            return ResponseFuture { state: State::Grpc { answer: self.grpc.call(request) } };
        }
        let (translator, unary, most) = (self.translator.clone(), self.unary.clone(), self.most);
        let answer = Box::pin(async move {
            let (head, body) = request.into_parts();
            let answer = match target(&head) {
                Ok((rpc, codec)) => read(body, most).await.and_then(|body| {
                    let answer = unary.answer(rpc, codec, &body)?;
                    Ok(success(codec, answer))
                }),
                Err(error) => Err(error),
            };
            answer.unwrap_or_else(|error| Asked::of(&head.headers).answer(&translator, &error))
        });
        ResponseFuture { state: State::Http { answer } }
    }
}

pin_project! {
    /// The answer of [`WithUnary`].
    pub(super) struct ResponseFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F> {
        Grpc { #[pin] answer: F },
        // Boxed, since what reads a body has no name; calls of gRPC do not pay for it.
        Http { answer: Pin<Box<dyn Future<Output = Response<Body>> + Send>> },
    }
}

impl<F: Future<Output = Result<Response<Body>, Infallible>>> Future for ResponseFuture<F> {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Grpc { answer } => answer.poll(cx),
            StateProjection::Http { answer } => answer.as_mut().poll(cx).map(Ok),
        }
    }
}

/// What is asked for.
fn target(head: &http::request::Parts) -> Result<(Rpc, Codec), Error> {
    let path = head.uri.path();
    let Some(rpc) = Rpc::of(path) else {
        let message = "There is no such RPC here. POST to /errwire.v1.ErrorMappingService/HttpToGrpc, for example.";
        return Err(Error::new(kinds::NOT_FOUND).with_message(message));
    };
    if head.method != Method::POST {
        return Err(Error::new(kinds::METHOD_NOT_ALLOWED).with_message("Only POST is supported here. Send a POST."));
    }
    if let Some(encoding) = head.headers.get(header::CONTENT_ENCODING).filter(|encoding| *encoding != "identity") {
        let message = format!("The content encoding {encoding:?} is not supported. Send the body as it is.");
        return Err(Error::new(kinds::UNIMPLEMENTED).with_message(message));
    }
    let content_type = head.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    match content_type.split(|c| *c == b';').next().unwrap_or_default().trim_ascii() {
        b"application/json" => Ok((rpc, Codec::Json)),
        b"application/proto" => Ok((rpc, Codec::Proto)),
        _ => Err(Error::new(kinds::UNSUPPORTED_MEDIA_TYPE)
            .with_message("The content type is not supported. Send application/json or application/proto.")),
    }
}

async fn read(body: Body, most: Size) -> Result<Bytes, Error> {
    match Limited::new(body, most.as_usize()).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(why) if why.is::<LengthLimitError>() => Err(too_large(most.as_usize())),
        // Whoever let the request in may have thought better of it; else the body broke off.
        Err(why) => Err(match why.downcast::<Status>() {
            Ok(status) if !status.details().is_empty() => status.to_errwire(),
            Ok(status) => broken_off(status),
            Err(why) => broken_off(why),
        }),
    }
}

fn broken_off(why: impl Into<BoxError>) -> Error {
    Error::new(kinds::REQUEST_INVALID).with_message("The body broke off. Send it whole.").with_source(why)
}

fn success(codec: Codec, answer: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::from(answer)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(codec.content_type()));
    response
}
