//! What `HttpServerLayer` does when the service inside panics, fails, or answers with a broken body.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use std::{
    convert::Infallible,
    future::{Ready, ready},
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use errwire::{
    Audience, BoxError, Error, kinds,
    layer::{Direction, Event, HttpServerLayer},
    rpc,
};
use flate2::{Compression, write::GzEncoder};
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use tokio::time::Instant;
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::scripted::{Scripted, Step, answering, response, scripted};

const OPAQUE: &str = r#"{"kind":"internal_error","message":"An unexpected error occurred on our side. If it persists, please contact support."}"#;

type Outcome = Result<Response<Scripted>, BoxError>;

async fn read<B>(response: Response<B>) -> (u16, String)
where
    B: http_body::Body<Data = Bytes, Error = BoxError>,
{
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

/// What the default layer answers where the service does this.
async fn answer<F>(call: impl Fn() -> F + Clone) -> (u16, String)
where
    F: Future<Output = Outcome>,
{
    let service = HttpServerLayer::default().layer(service_fn(move |_: Request<()>| call()));
    read(service.oneshot(Request::new(())).await.unwrap()).await
}

#[tokio::test]
async fn a_panic_is_an_internal_error() {
    fn in_the_call() -> Ready<Outcome> {
        panic!("secret of the call")
    }
    async fn in_the_future() -> Outcome {
        tokio::task::yield_now().await;
        panic!("secret of the future")
    }
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                panic!("secret of the guard")
            }
        }
    }
    async fn in_the_future_with_a_guard() -> Outcome {
        let _bomb = Bomb;
        panic!("secret of the future")
    }
    let expected = (500, OPAQUE.to_owned());
    assert_eq!(answer(in_the_call).await, expected);
    assert_eq!(answer(in_the_future).await, expected);
    assert_eq!(answer(in_the_future_with_a_guard).await, expected);
    // Of a body that is read for its error, the status is left.
    let inner = response(404, &[], scripted([Step::Data(b"No"), Step::Panic]));
    let (status, body) =
        read(HttpServerLayer::default().layer(answering(inner)).oneshot(Request::new(())).await.unwrap()).await;
    assert_eq!((status, body.starts_with(r#"{"kind":"not_found","message":"The requested"#)), (404, true), "{body}");
}

#[tokio::test]
async fn a_panic_in_the_body_breaks_it_off() {
    let inner = response(200, &[], scripted([Step::Data(b"half"), Step::Panic, Step::Data(b"more")]));
    let answer = HttpServerLayer::default().layer(answering(inner)).oneshot(Request::new(())).await.unwrap();
    let mut body = answer.into_body();
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "half");
    let error = body.frame().await.unwrap().unwrap_err();
    assert!(error.downcast_ref::<Error>().is_some_and(|error| error.kind() == kinds::INTERNAL_ERROR));
    assert!(body.frame().await.is_none());
}

#[tokio::test]
async fn other_calls_go_on() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let mut service = HttpServerLayer::default().layer(service_fn(move |_: Request<()>| {
        let call = counted.fetch_add(1, Ordering::SeqCst);
        async move {
            assert!(!call.is_multiple_of(10), "every tenth");
            Ok::<_, Infallible>(Response::new(Full::new(Bytes::from("fine"))))
        }
    }));
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    for call in 0..1_000_usize {
        let answer = service.ready().await.unwrap().call(Request::new(())).await.unwrap();
        assert_eq!(answer.status(), if call.is_multiple_of(10) { 500 } else { 200 });
    }
    std::panic::set_hook(hook);
}

#[tokio::test]
async fn hooks_that_panic() {
    let layer = HttpServerLayer::default().with_observer(|_: &Event<'_>| panic!("observer"));
    let answer = layer.layer(answering(response(404, &[], ""))).oneshot(Request::new(())).await.unwrap();
    assert_eq!(answer.status(), 404);
    let layer = HttpServerLayer::default().exempt(|_| panic!("predicate"));
    let answer = layer.layer(answering(response(404, &[], ""))).oneshot(Request::new(())).await.unwrap();
    assert_eq!(read(answer).await, (500, OPAQUE.to_owned()));
}

#[tokio::test]
async fn a_service_that_fails_answers() {
    let internal = (500, OPAQUE.to_owned());
    let fail = |error: fn() -> BoxError| answer(move || ready(Err(error())));
    assert_eq!(fail(|| "secret".into()).await, internal);
    // The kind of an I/O error is not about the resource of the request.
    assert_eq!(fail(|| io::Error::from(io::ErrorKind::NotFound).into()).await, internal);
    let known = || io::Error::other(Error::new(kinds::TASK_NOT_FOUND).with_message("No task 7.")).into();
    assert_eq!(fail(known).await, (404, r#"{"kind":"task_not_found","message":"No task 7."}"#.to_owned()));
}

#[cfg(feature = "tower")]
#[tokio::test(start_paused = true)]
async fn tower_layers_inside() {
    let slow = || {
        service_fn(|_: Request<()>| async {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok::<_, BoxError>(Response::new(Full::new(Bytes::new())))
        })
    };
    let service =
        tower::ServiceBuilder::new().layer(HttpServerLayer::default()).timeout(Duration::from_secs(1)).service(slow());
    let (status, body) = read(service.oneshot(Request::new(())).await.unwrap()).await;
    assert_eq!((status, body.starts_with(r#"{"kind":"request_timeout","#)), (408, true));

    let mut service =
        tower::ServiceBuilder::new().layer(HttpServerLayer::default()).load_shed().concurrency_limit(1).service(slow());
    let first = service.ready().await.unwrap().call(Request::new(()));
    let second = service.ready().await.unwrap().call(Request::new(()));
    let (status, body) = read(second.await.unwrap()).await;
    assert_eq!((status, body.starts_with(r#"{"kind":"service_unavailable","#)), (503, true));
    assert_eq!(first.await.unwrap().status(), 200);
}

#[derive(Clone)]
struct NeverReady;

impl Service<Request<()>> for NeverReady {
    type Response = Response<Scripted>;
    type Error = BoxError;
    type Future = Ready<Outcome>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Err(Error::new(kinds::RATE_LIMITED).into()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        panic!("called although it was not ready")
    }
}

#[tokio::test]
async fn a_service_that_is_never_ready_answers() {
    let answer = HttpServerLayer::default().layer(NeverReady).oneshot(Request::new(())).await.unwrap();
    assert_eq!(answer.status(), 429);
}

/// It panics where a server asks whether it takes a request.
#[derive(Clone)]
struct PanicsWhenAsked;

impl Service<Request<()>> for PanicsWhenAsked {
    type Response = Response<Scripted>;
    type Error = BoxError;
    type Future = Ready<Outcome>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        panic!("a secret of the handler")
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        panic!("called although it was not ready")
    }
}

#[tokio::test]
async fn a_panic_before_the_call_is_an_internal_error() {
    let mut service = HttpServerLayer::default().layer(PanicsWhenAsked);
    for _ in 0..2 {
        let response = service.ready().await.unwrap().call(Request::new(())).await.unwrap();
        let (status, body) = read(response).await;
        assert_eq!((status, body.contains(r#""kind":"internal_error""#)), (500, true), "{body}");
        assert!(!body.contains("secret"), "{body}");
    }
}

/// The status, the body, how many bytes were taken and how long it took.
async fn fault(steps: impl IntoIterator<Item = Step>) -> (u16, String, usize, Duration) {
    let body = scripted(steps);
    let watch = body.watch.clone();
    let start = Instant::now();
    let inner = response(404, &[("content-type", "application/json")], body);
    let answer = HttpServerLayer::default().layer(answering(inner)).oneshot(Request::new(())).await.unwrap();
    assert!(watch.is_dropped(), "the stream is to be reset");
    let (status, body) = read(answer).await;
    (status, body, watch.bytes(), start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn broken_error_bodies() {
    let whole: &[u8] = br#"{"kind":"task_not_found","message":"No task 7."}"#;
    let (status, body, _, took) = fault([Step::Data(&whole[..9]), Step::Data(&whole[9..])]).await;
    assert_eq!((status, body.as_bytes(), took), (404, whole, Duration::ZERO));

    let by_status = r#"{"kind":"not_found","message":"The requested resource was not found. Verify the resource ID."}"#;
    let limit = Duration::from_millis(2_100);
    let rows: [(&str, Vec<Step>); 5] = [
        ("reset at once", vec![Step::Error]),
        ("reset midway", vec![Step::Data(&whole[..9]), Step::Error]),
        ("reset at the end", vec![Step::Data(whole), Step::Error]),
        ("no end", vec![Step::Data(whole), Step::Hang]),
        ("nothing", vec![Step::Hang]),
    ];
    for (name, steps) in rows {
        let (status, body, _, took) = fault(steps).await;
        assert_eq!((status, &*body), (404, by_status), "{name}");
        assert!(took <= limit, "{name}: {took:?}");
    }
    // 10 GB, of which one block more than 64 KiB is taken.
    let (status, _, taken, took) = fault([Step::Block(16 * 1024), Step::Again]).await;
    assert_eq!((status, taken, took), (404, 80 * 1024, Duration::ZERO));
}

#[tokio::test]
async fn frames_without_data_do_not_keep_others_from_running() {
    let (status, _, taken, took) = fault([Step::Data(b""), Step::Again]).await;
    assert_eq!((status, taken), (404, 0));
    assert!((Duration::from_millis(1_900)..Duration::from_secs(5)).contains(&took), "{took:?}");
}

#[tokio::test]
async fn a_compressed_error_is_read() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    io::Write::write_all(&mut encoder, br#"{"kind":"task_not_found","message":"No task 7."}"#).unwrap();
    let packed: &'static [u8] = encoder.finish().unwrap().leak();
    let lines = [("content-type", "application/json"), ("content-encoding", "gzip"), ("vary", "accept-encoding")];
    let inner = response(404, &lines, scripted([Step::Data(packed)]));
    let answer = HttpServerLayer::default().layer(answering(inner)).oneshot(Request::new(())).await.unwrap();
    assert!(!answer.headers().contains_key("content-encoding"));
    assert_eq!(read(answer).await, (404, r#"{"kind":"task_not_found","message":"No task 7."}"#.to_owned()));
}

#[tokio::test]
async fn the_observer_is_called_once() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = told.clone();
    let observer = move |event: &Event<'_>| {
        assert_eq!(event.direction, Direction::HttpServer);
        let id = event.error.detail::<rpc::RequestInfo>().map(|info| info.request_id);
        let cause = std::error::Error::source(event.error).map(ToString::to_string);
        log.lock().unwrap().push((event.error.kind().to_string(), event.report.redacted.clone(), id, cause));
    };
    let layer = HttpServerLayer::default().with_observer(observer).with_audience(Audience::Public);

    let request = Request::builder().method(Method::GET).header("x-request-id", "req_1").body(()).unwrap();
    let service = service_fn(|_| ready(Err::<Response<Scripted>, _>(io::Error::other("disk on fire"))));
    let _ = layer.layer(service).oneshot(request).await.unwrap();
    let _ = layer.layer(answering(response(200, &[], ""))).oneshot(Request::new(())).await.unwrap();
    let _ = layer
        .layer(answering(response(500, &[("content-type", "text/plain")], "secret")))
        .oneshot(Request::new(()))
        .await
        .unwrap();

    let told = told.lock().unwrap();
    let (kind, id) = ("internal_error".to_owned(), Some("req_1".to_owned()));
    assert_eq!(told[0], (kind.clone(), vec![], id, Some("disk on fire".to_owned())));
    assert_eq!((&told[1].0, &told[1].1[0]), (&kind, &"message".to_owned()));
    assert_eq!(told.len(), 2);
}
