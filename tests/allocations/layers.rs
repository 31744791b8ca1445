//! Success is free: no layer allocates for it, whole or frame by frame.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use crate::layer_support::script::{Script, Step, answer, block};
use allocation_counter::measure;
use bytes::Bytes;
use errwire::{
    BoxError, Catalog, Translator,
    catalog::{HttpRoute, Method},
    layer::{GrpcClientLayer, GrpcServerLayer, HttpClientLayer, HttpServerLayer},
};
use http::{HeaderMap, HeaderValue, Request, Response, Uri};
use http_body::Body;
use tokio::{runtime, task::yield_now};
use tower::{Layer, Service};

/// A call waits this often before there is a head, so that timers are set.
const WAITS: usize = 2;

/// Waits, then answers.
struct Answer(Option<Response<Script>>);

impl Service<Request<()>> for Answer {
    type Response = Response<Script>;
    type Error = BoxError;
    type Future = Slow;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Slow {
        Slow { response: self.0.take(), waits: WAITS }
    }
}

struct Slow {
    response: Option<Response<Script>>,
    waits: usize,
}

impl Future for Slow {
    type Output = Result<Response<Script>, BoxError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.waits > 0 {
            self.waits -= 1;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(self.response.take().unwrap()))
    }
}

/// Fields as they come from a wire: slices of what was read, which are shared already.
fn from_wire(fields: &[(&'static str, &str)]) -> HeaderMap {
    let fields = block(fields);
    let shared = |value: &HeaderValue| {
        let bytes = Bytes::copy_from_slice(value.as_bytes());
        let _ = bytes.clone();
        HeaderValue::from_maybe_shared(bytes).unwrap()
    };
    fields.iter().map(|(name, value)| (name.clone(), shared(value))).collect()
}

/// Allocations of a whole call, from the request to the end of its body.
fn allocations<L, S, B>(layer: &L, fields: &[(&'static str, &str)], response: Response<Script>, frames: usize) -> u64
where
    L: Layer<Answer, Service = S>,
    S: Service<Request<()>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let runtime = runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut service = layer.layer(Answer(Some(response)));
    let mut request = Request::new(());
    *request.headers_mut() = from_wire(fields);
    let path: Uri = "/a.v1.Tasks/Get".parse().unwrap();
    // Shared, as what comes from a wire is.
    let _ = path.clone();
    *request.uri_mut() = path;
    let call = async {
        let mut seen = 0;
        assert!(poll_fn(|cx| service.poll_ready(cx)).await.is_ok());
        let Ok(response) = service.call(request).await else { panic!("it answers") };
        let mut body = pin!(response.into_body());
        while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            assert!(frame.is_ok());
            seen += 1;
        }
        seen
    };
    let mut call = pin!(call);
    let mut count = 0;
    let seen = runtime.block_on(async {
        // The first turn, and the first task that waits for one, are the runtime's own.
        yield_now().await;
        poll_fn(|cx| {
            let mut polled = Poll::Pending;
            count += measure(|| polled = call.as_mut().poll(cx)).count_total;
            polled
        })
        .await
    });
    assert_eq!(seen, frames);
    count
}

const GRPC: (&str, &str) = ("content-type", "application/grpc");

/// Messages, each after a wait, and trailers that say OK.
fn stream(frames: usize) -> Response<Script> {
    let mut steps = Vec::new();
    for _ in 1..frames {
        steps.extend([Step::Wait, Step::Data(b"one")]);
    }
    steps.push(Step::Trailers(block(&[("grpc-status", "0"), ("x-cost", "1")])));
    answer(&[("x-a", "1")], Script::new(steps))
}

/// The same over HTTP.
fn page(frames: usize) -> Response<Script> {
    let mut response = stream(frames);
    *response.headers_mut() = block(&[("content-type", "text/plain"), ("etag", "\"x\"")]);
    response
}

/// One message, as of a unary call, and a hundred.
const FRAMES: [usize; 2] = [2, 101];

/// What the runtime allocates by itself, to be sure that it is nothing.
#[test]
fn nothing_is_counted_that_is_not_ours() {
    struct Bare;
    impl<S> Layer<S> for Bare {
        type Service = S;

        fn layer(&self, inner: S) -> S {
            inner
        }
    }
    assert_eq!(allocations(&Bare, &[GRPC], stream(101), 101), 0);
    // The counter counts.
    assert!(measure(|| drop(Box::new(Script::new([])))).count_total > 0);
}

/// By a catalog that says what the method fails with.
fn declared() -> Translator {
    let method = Method::new("a.v1.Tasks/Get", ["task_not_found"]);
    Translator::new(Catalog::builtin().with_methods([method.with_routes([HttpRoute::new("GET", "/a.v1.Tasks/{id}")])]))
}

#[test]
fn grpc_server() {
    let own = GrpcServerLayer::default().with_timeout(Duration::from_secs(60));
    let watched = GrpcServerLayer::default().with_observer(|_: &errwire::layer::Event<'_>| {});
    for frames in FRAMES {
        assert_eq!(allocations(&GrpcServerLayer::default(), &[GRPC], stream(frames), frames), 0);
        assert_eq!(allocations(&watched, &[GRPC], stream(frames), frames), 0);
        // A timer is part of the future and of the body.
        assert_eq!(allocations(&own, &[GRPC], stream(frames), frames), 0);
        let deadline = [GRPC, ("grpc-timeout", "10S"), ("accept-language", "de-DE,de;q=0.9,en;q=0.8")];
        assert_eq!(allocations(&GrpcServerLayer::default(), &deadline, stream(frames), frames), 0);
    }
    assert_eq!(allocations(&GrpcServerLayer::new(declared()), &[GRPC], stream(101), 101), 0);
    // Success in the headers alone, and what is not gRPC.
    let empty = answer(&[("grpc-status", "0")], Script::new([]));
    assert_eq!(allocations(&GrpcServerLayer::default(), &[GRPC], empty, 0), 0);
    assert_eq!(allocations(&GrpcServerLayer::default(), &[], page(101), 101), 0);
}

#[test]
fn grpc_client() {
    for frames in FRAMES {
        for fields in [&[GRPC][..], &[GRPC, ("grpc-timeout", "10S")]] {
            assert_eq!(allocations(&GrpcClientLayer::default(), fields, stream(frames), frames), 0);
        }
    }
    let empty = answer(&[("grpc-status", "0")], Script::new([]));
    assert_eq!(allocations(&GrpcClientLayer::default(), &[GRPC], empty, 0), 0);
}

/// The fields of a browser, of which the layer keeps three.
const BROWSER: [(&str, &str); 4] = [
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("accept-language", "de-DE,de;q=0.9,en;q=0.8"),
    ("x-request-id", "0191d5a2-7c1b-7f3e-9a55-3f1f6f1d2c11"),
    ("cookie", "a=b"),
];

#[test]
fn http_server() {
    let exempting = HttpServerLayer::default().exempt(|request| request.uri.path() == "/oauth/token");
    let watched = HttpServerLayer::default().with_observer(|_: &errwire::layer::Event<'_>| {});
    for frames in FRAMES {
        assert_eq!(allocations(&HttpServerLayer::default(), &BROWSER, page(frames), frames), 0);
        assert_eq!(allocations(&exempting, &BROWSER, page(frames), frames), 0);
        assert_eq!(allocations(&watched, &BROWSER, page(frames), frames), 0);
        assert_eq!(allocations(&HttpServerLayer::new(declared()), &BROWSER, page(frames), frames), 0);
        // A tonic service in the same router.
        assert_eq!(allocations(&HttpServerLayer::default(), &[GRPC], stream(frames), frames), 0);
    }
}

#[test]
fn http_client() {
    for frames in FRAMES {
        assert_eq!(allocations(&HttpClientLayer::default(), &BROWSER, page(frames), frames), 0);
    }
}
