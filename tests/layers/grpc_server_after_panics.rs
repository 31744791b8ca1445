//! A panic ends one call, and no other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::{
    convert::Infallible,
    future::{Future, Ready, poll_fn, ready},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use crate::layer_support::script::{Script, Step, answer, block, request, see};
use errwire::layer::{Event, GrpcServerLayer};
use http::{Request, Response};
use tower::{Layer as _, Service};

/// Does what the field `do` of a request says: panics somewhere, fails or succeeds.
#[derive(Clone)]
struct Obedient;

impl Service<Request<()>> for Obedient {
    type Response = Response<Script>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Script>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        let end = Step::Trailers(block(&[("grpc-status", "0")]));
        let steps = match request.headers()["do"].to_str().unwrap() {
            "call" => panic!("a secret"),
            "future" => return Box::pin(async { panic!("a secret") }),
            "first" => vec![Step::Panic],
            "later" => vec![Step::Data(b"one"), Step::Data(b"two"), Step::Panic],
            "fail" => vec![Step::Data(b"one"), Step::Trailers(block(&[("grpc-status", "5")]))],
            _ => vec![Step::Data(b"one"), end],
        };
        let body = Script::new(steps);
        let body = if request.headers()["do"] == "later" { body.panics_on_drop() } else { body };
        let answered: Ready<_> = ready(Ok(answer(&[], body)));
        Box::pin(answered)
    }
}

#[tokio::test]
async fn ten_thousand_calls_are_fine_afterwards() {
    let breaks = Arc::new(AtomicBool::new(true));
    let armed = breaks.clone();
    // The observer panics as well, at first.
    let layer = GrpcServerLayer::default().with_observer(move |_: &Event<'_>| {
        assert!(!armed.load(Ordering::Relaxed), "in a metrics callback");
    });
    let mut service = layer.layer(Obedient);
    let mut ask = async |what: &str| {
        poll_fn(|cx| service.poll_ready(cx)).await.unwrap();
        let Ok(response) = service.call(request(&[("do", what)])).await;
        see(response).await
    };
    for place in ["call", "future", "first", "later"].repeat(10) {
        let seen = ask(place).await;
        assert_eq!(seen.code(), "13", "{place}");
        assert!(!format!("{:?} {:?}", seen.head, seen.trailers).contains("secret"), "{place}");
    }
    breaks.store(false, Ordering::Relaxed);
    for n in 0..10_000 {
        let (what, code) = if n % 10 == 0 { ("fail", "5") } else { ("go on", "0") };
        let seen = ask(what).await;
        assert_eq!((seen.code(), &*seen.data, seen.error.is_none()), (code, &b"one"[..], true), "{n}");
    }
}
