//! Success is free: no gRPC layer allocates for it.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod layer_support;

use std::{
    convert::Infallible,
    future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use allocation_counter::measure;
use bytes::Bytes;
use errwire::{
    BoxError,
    layer::{GrpcClientLayer, GrpcServerLayer},
};
use http::{Request, Response};
use http_body::Body;
use layer_support::script::{Script, Step, answer, block, request};
use tower::{Layer, Service};

const FRAMES: usize = 100;

fn success() -> Response<Script> {
    let mut steps: Vec<_> = (0..FRAMES).map(|_| Step::Data(b"one")).collect();
    steps.push(Step::Trailers(block(&[("grpc-status", "0"), ("x-cost", "1")])));
    answer(&[("x-a", "1")], Script::new(steps))
}

/// Allocations of a whole call, all frames included.
fn allocations<L, B>(layer: &L) -> u64
where
    L: Layer<Answer, Service: Service<Request<()>, Response = Response<B>, Error = Infallible>>,
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let mut service = layer.layer(Answer(Some(success())));
    let request = request(&[]);
    let mut frames = 0;
    let count = measure(|| {
        let mut cx = Context::from_waker(Waker::noop());
        let Poll::Ready(Ok(())) = service.poll_ready(&mut cx) else { panic!("it is ready") };
        let Poll::Ready(Ok(response)) = pin!(service.call(request)).poll(&mut cx) else { panic!("it answers") };
        let mut body = pin!(response.into_body());
        while let Poll::Ready(Some(frame)) = body.as_mut().poll_frame(&mut cx) {
            assert!(frame.is_ok());
            frames += 1;
        }
    });
    assert_eq!(frames, FRAMES + 1);
    count.count_total
}

struct Answer(Option<Response<Script>>);

impl Service<Request<()>> for Answer {
    type Response = Response<Script>;
    type Error = Infallible;
    type Future = future::Ready<Result<Response<Script>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        future::ready(Ok(self.0.take().unwrap()))
    }
}

#[test]
fn success_allocates_nothing() {
    assert_eq!(allocations(&GrpcServerLayer::default()), 0);
    assert_eq!(allocations(&GrpcClientLayer::default()), 0);
}
