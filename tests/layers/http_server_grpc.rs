//! What `HttpServerLayer` answers itself to a caller of gRPC, and what it tells of a body that panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use std::{
    future::Ready,
    sync::{Arc, Mutex},
};

use errwire::{
    BoxError, Error, ReadOptions, Translator, kinds,
    layer::{Direction, Event, HttpServerLayer},
    rpc,
    wire::grpc::Received,
};
use http::{Request, Response};
use http_body::Body as _;
use http_body_util::BodyExt;
use tower::{Layer, ServiceExt, service_fn};

use crate::scripted::{Scripted, Step, answering, response, scripted};

type Outcome = Result<Response<Scripted>, BoxError>;

fn ask(media: &str) -> Request<()> {
    Request::post("/a.B/C").header("content-type", media).header("x-request-id", "req_1").body(()).unwrap()
}

fn panics(_: Request<()>) -> Ready<Outcome> {
    panic!("secret of the call")
}

async fn panics_later(_: Request<()>) -> Outcome {
    tokio::task::yield_now().await;
    panic!("secret of the future")
}

async fn fails(_: Request<()>) -> Outcome {
    Err(Error::new(kinds::RATE_LIMITED).with_message("Slow down.").into())
}

/// What a caller of this media type is answered: Trailers-Only, in the media type that it speaks.
async fn status<S, F>(service: S, media: &str) -> (String, Error)
where
    S: FnMut(Request<()>) -> F,
    F: Future<Output = Outcome>,
{
    let answer = HttpServerLayer::default().layer(service_fn(service)).oneshot(ask(media)).await.unwrap();
    let (head, body) = answer.into_parts();
    assert_eq!((head.status.as_u16(), head.headers["content-type"].to_str().unwrap()), (200, media));
    assert!(body.is_end_stream(), "Trailers-Only is one frame");
    assert!(!format!("{:?}", head.headers).contains("secret"));
    assert!(head.extensions.get::<Error>().is_some());
    let received = Received::from_headers(&head.headers);
    let (error, _) = Translator::default().read_grpc_with(received, &ReadOptions::new()).unwrap();
    (head.headers["grpc-status"].to_str().unwrap().to_owned(), error)
}

#[tokio::test]
async fn a_caller_of_grpc_gets_a_status() {
    for media in
        ["application/grpc", "application/grpc+proto", "application/grpc-web+proto", "application/grpc-web-text"]
    {
        for (code, error) in [status(panics, media).await, status(panics_later, media).await] {
            assert_eq!((&*code, error.kind()), ("13", &kinds::INTERNAL_ERROR), "{media}");
            let opaque = "An unexpected error occurred on our side. If it persists, please contact support.";
            assert_eq!(error.message(), opaque);
            assert_eq!(error.detail::<rpc::ErrorInfo>().unwrap().reason, "INTERNAL_ERROR");
            assert_eq!(error.detail::<rpc::RequestInfo>().unwrap().request_id, "req_1");
        }
        let (code, error) = status(fails, media).await;
        assert_eq!((&*code, error.kind(), &*error.message()), ("8", &kinds::RATE_LIMITED, "Slow down."), "{media}");
    }
}

#[tokio::test]
async fn any_other_caller_gets_json() {
    let answer = HttpServerLayer::default().layer(service_fn(panics)).oneshot(ask("application/json")).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (500, &"application/json".parse().unwrap())
    );
    assert!(!answer.headers().contains_key("grpc-status"));
}

/// Directions, kinds and causes, in order.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn layer(&self) -> HttpServerLayer<impl Fn(&Event<'_>) + Clone + use<>> {
        let log = self.0.clone();
        HttpServerLayer::default().with_observer(move |event: &Event<'_>| {
            assert_eq!(event.direction, Direction::HttpServer);
            let cause = std::error::Error::source(event.error).unwrap().to_string();
            log.lock().unwrap().push(format!("{}: {cause}", event.error.kind()));
        })
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

#[tokio::test]
async fn the_observer_gets_a_panic_once() {
    let told = Told::default();
    told.layer().layer(service_fn(panics)).oneshot(ask("application/grpc")).await.unwrap();
    assert_eq!(told.take(), ["internal_error: panicked: secret of the call"]);

    // Behind the head of a success, over HTTP and over gRPC.
    for media in ["application/json", "application/grpc"] {
        let inner = response(200, &[], scripted([Step::Data(b"half"), Step::Panic, Step::Data(b"more")]));
        let answer = told.layer().layer(answering(inner)).oneshot(ask(media)).await.unwrap();
        assert!(told.take().is_empty(), "nothing has happened yet");
        let mut body = answer.into_body();
        assert!(body.frame().await.unwrap().is_ok());
        assert!(body.frame().await.unwrap().is_err());
        assert!(body.frame().await.is_none());
        assert_eq!(told.take(), ["internal_error: panicked: secret of the body"], "{media}");
    }

    let fine = response(200, &[], scripted([Step::Data(b"whole")]));
    told.layer().layer(answering(fine)).oneshot(ask("text/plain")).await.unwrap().collect().await.unwrap();
    assert!(told.take().is_empty());
}
