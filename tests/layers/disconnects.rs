//! A caller that goes away takes its call along, through every layer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::{
    convert::Infallible,
    future::{Future, Pending, pending, ready},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use crate::scripted::{Scripted, Step, Watch, response, scripted};
use bytes::Bytes;
use errwire::layer::{GrpcClientLayer, GrpcServerLayer, HttpClientLayer, HttpServerLayer};
use http::{Request, Response};
use http_body::Body;
use tower::{Layer, Service, util::BoxCloneService};

type Answer = Result<Response<Scripted>, Infallible>;
type Inner = BoxCloneService<Request<()>, Response<Scripted>, Infallible>;

/// Work that never ends, and tells when it is given up.
struct Work(Pending<Answer>, Arc<AtomicBool>);

impl Future for Work {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.1.store(true, Ordering::SeqCst);
    }
}

fn request() -> Request<()> {
    Request::post("/a.B/C").header("content-type", "application/grpc").body(()).unwrap()
}

/// The caller leaves before there is a head.
fn leaves_early<L, S>(layer: &L)
where
    L: Layer<Inner, Service = S>,
    S: Service<Request<()>>,
{
    let given_up = Arc::new(AtomicBool::new(false));
    let work = given_up.clone();
    let inner = BoxCloneService::new(tower::service_fn(move |_| Work(pending(), work.clone())));
    let mut service = layer.layer(inner);
    let mut cx = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut cx).is_ready());
    let mut call = Box::pin(service.call(request()));
    assert!(call.as_mut().poll(&mut cx).is_pending() && !given_up.load(Ordering::SeqCst));
    drop(call);
    assert!(given_up.load(Ordering::SeqCst), "the work goes with the call");
}

/// The caller leaves in the middle of a body, or while an error is read.
fn leaves_late<L, S, B>(layer: &L, status: u16)
where
    L: Layer<Inner, Service = S>,
    S: Service<Request<()>, Response = Response<B>>,
    B: Body<Data = Bytes>,
{
    let body = scripted([Step::Data(b"\0\0\0\0\0"), Step::Hang]);
    let watch: Watch = body.watch.clone();
    let media = if status == 200 { "application/grpc" } else { "text/html" };
    let answer = Arc::new(std::sync::Mutex::new(Some(response(status, &[("content-type", media)], body))));
    let inner = BoxCloneService::new(tower::service_fn(move |_| ready(Ok(answer.lock().unwrap().take().unwrap()))));
    let mut service = layer.layer(inner);
    let mut cx = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut cx).is_ready());
    let mut call = Box::pin(service.call(request()));
    if let Poll::Ready(answer) = call.as_mut().poll(&mut cx) {
        let Ok(answer) = answer else { panic!("the body never ends") };
        let mut body = Box::pin(answer.into_body());
        assert!(body.as_mut().poll_frame(&mut cx).is_ready() && body.as_mut().poll_frame(&mut cx).is_pending());
        assert!(!watch.is_dropped());
    } else {
        assert!(status != 200 && !watch.is_dropped());
    }
    drop(call);
    assert!(watch.is_dropped(), "{status}: the body goes with the call");
}

#[tokio::test]
async fn the_work_goes_with_the_caller() {
    leaves_early(&GrpcServerLayer::default());
    leaves_early(&GrpcClientLayer::default());
    leaves_early(&HttpServerLayer::default());
    leaves_early(&HttpClientLayer::default());
    for status in [200, 503] {
        leaves_late(&GrpcServerLayer::default(), status);
        leaves_late(&GrpcClientLayer::default(), status);
        leaves_late(&HttpServerLayer::default(), status);
        leaves_late(&HttpClientLayer::default(), status);
    }
}
