//! `GrpcServerLayer` around a scripted service: data, errors, trailers and panics at every point.

use std::{convert::Infallible, future, time::Duration};

use crate::layer_support::{
    script::{Script, Seen, Step, answer, block, request, see},
    watch::Watch,
};
use errwire::{
    Audience, BoxError, Error, kinds,
    layer::{Direction, Event, GrpcServer, GrpcServerLayer, Observer},
    rpc,
};
use http::{Request, Response};
use tower::{Layer as _, ServiceExt as _, service_fn};

type Fields = &'static [(&'static str, &'static str)];

/// What becomes of one response.
async fn through<O: Observer>(layer: &GrpcServerLayer<O>, request: Request<()>, response: Response<Script>) -> Seen {
    let mut response = Some(response);
    let service = service_fn(move |_| future::ready(Ok::<_, Infallible>(response.take().unwrap())));
    let Ok(response) = layer.layer(service).oneshot(request).await;
    see(response).await
}

async fn by_default(response: Response<Script>) -> Seen {
    through(&GrpcServerLayer::default(), request(&[]), response).await
}

fn trailers(fields: &[(&'static str, &str)]) -> Step {
    Step::Trailers(block(fields))
}

// docs/rules.md: R-LAYER-8
#[tokio::test]
async fn success_passes_untouched() {
    let end = &[("grpc-status", "0"), ("x-cost", "1"), ("x-cost", "2"), ("x-raw-bin", "AAE")];
    let steps = [Step::Data(b"one"), Step::Data(b"two"), trailers(end)];
    let seen = by_default(answer(&[("x-a", "1"), ("x-a", "2")], Script::new(steps))).await;
    assert_eq!(seen.head, *answer(&[("x-a", "1"), ("x-a", "2")], Script::new([])).headers());
    assert_eq!(seen.data, b"onetwo");
    assert_eq!(seen.trailers, Some(block(end)));

    // A stream of no messages may be headers alone.
    let seen = by_default(answer(&[("grpc-status", "0")], Script::new([]))).await;
    assert!(seen.was_end);
    assert_eq!(seen.code(), "0");
}

#[tokio::test]
async fn errors_get_their_kind_and_keep_the_rest() {
    let fields =
        [("grpc-status", "5"), ("grpc-message", "Gr%C3%B6%C3%9Fe"), ("x-a", "1"), ("x-a", "2"), ("b-bin", "AP8")];
    let in_headers = by_default(answer(&fields, Script::new([]))).await;
    assert!(in_headers.was_end, "Trailers-Only stays Trailers-Only");
    assert!(in_headers.extensions.get::<Error>().is_some_and(|error| *error.kind() == kinds::NOT_FOUND));
    let in_trailers = by_default(answer(&[], Script::new([Step::Data(b"one"), trailers(&fields)]))).await;
    assert_eq!(in_trailers.data, b"one");
    for seen in [in_headers, in_trailers] {
        assert_eq!(seen.code(), "5");
        assert_eq!(seen.end()["grpc-message"], "Gr%C3%B6%C3%9Fe");
        assert_eq!(seen.end().get_all("x-a").iter().collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(seen.end()["b-bin"], "AP8");
        let info = seen.read().detail::<rpc::ErrorInfo>().unwrap();
        assert_eq!((&*info.reason, &*info.domain), ("NOT_FOUND", "errwire.dev"));
    }
}

#[tokio::test]
async fn headers_count_only_at_the_end() {
    let early = &[("grpc-status", "5"), ("x-a", "1")];
    let late = &[("grpc-status", "9")];
    let seen = by_default(answer(early, Script::new([Step::Data(b"one"), trailers(late)]))).await;
    assert!(!seen.head.contains_key("grpc-status") && seen.head["x-a"] == "1");
    assert_eq!((seen.code(), &*seen.data), ("9", &b"one"[..]));
    // With data, they are not an end; without anything, they are.
    assert_eq!(by_default(answer(early, Script::new([Step::Data(b"one")]))).await.code(), "2");
    let seen = by_default(answer(early, Script::new([Step::Data(b"")]))).await;
    assert_eq!((seen.code(), seen.end()["x-a"].to_str().unwrap()), ("5", "1"));
}

#[tokio::test]
async fn every_other_end_becomes_a_status() {
    let known = || Box::new(Error::new(kinds::TASK_NOT_FOUND)) as BoxError;
    let rows: [(&str, Vec<Step>, &str); 9] = [
        ("nothing", vec![], "unknown_error"),
        ("no status", vec![Step::Data(b"one")], "unknown_error"),
        ("trailers without status", vec![trailers(&[("x-a", "1")])], "unknown_error"),
        ("two codes", vec![trailers(&[("grpc-status", "0"), ("grpc-status", "5")])], "unknown_error"),
        ("bad code", vec![trailers(&[("grpc-status", "07")])], "unknown_error"),
        ("unknown error", vec![Step::Data(b"one"), Step::Error("a secret".into())], "internal_error"),
        ("known error", vec![Step::Error(known())], "task_not_found"),
        ("status", vec![Step::Error(tonic::Status::aborted("again").into())], "conflict"),
        ("panic", vec![Step::Data(b"one"), Step::Panic], "internal_error"),
    ];
    let watch = Watch::default();
    let layer = GrpcServerLayer::default().with_observer(watch.clone());
    for (name, steps, kind) in rows {
        let seen = through(&layer, request(&[]), answer(&[], Script::new(steps))).await;
        assert!(seen.error.is_none(), "{name}");
        assert_eq!(seen.read().kind().as_str(), kind, "{name}");
        assert!(!format!("{:?}", seen.end()).contains("secret"), "{name}");
        assert_eq!(watch.kinds(), [kind], "{name}");
    }
}

// docs/rules.md: R-LAYER-3
#[tokio::test]
async fn panics_become_errors_wherever_they_are() {
    type Answer = Result<Response<Script>, BoxError>;
    let watch = Watch::default();
    let layer = GrpcServerLayer::default().with_observer(watch.clone());

    let in_call = service_fn(|_: Request<()>| -> future::Ready<Answer> { panic!("a secret") });
    let in_future =
        service_fn(|_: Request<()>| async { if true { panic!("a secret") } else { Answer::Err("".into()) } });
    let failed = service_fn(|_: Request<()>| async { Answer::Err("a secret".into()) });
    let mut seen = Vec::new();
    let Ok(response) = layer.layer(in_call).oneshot(request(&[])).await;
    seen.push(see(response).await);
    let Ok(response) = layer.layer(in_future).oneshot(request(&[])).await;
    seen.push(see(response).await);
    let Ok(response) = layer.layer(failed).oneshot(request(&[])).await;
    seen.push(see(response).await);
    let twice = Script::new([Step::Data(b"one"), Step::Panic]).panics_on_drop();
    seen.push(through(&layer, request(&[]), answer(&[], twice)).await);
    for (at, seen) in seen.iter().enumerate() {
        assert_eq!(seen.code(), "13", "{at}");
        assert_eq!(seen.head["content-type"], "application/grpc", "{at}");
        assert!(!format!("{:?}{:?}", seen.head, seen.trailers).contains("secret"), "{at}");
    }
    assert!(seen[..3].iter().all(|seen| seen.was_end));
    assert_eq!(watch.kinds(), ["internal_error"; 4]);
}

#[tokio::test]
async fn a_panic_of_the_observer_changes_nothing() {
    let layer = GrpcServerLayer::default().with_observer(|event: &Event<'_>| {
        assert_eq!(event.direction, Direction::GrpcServer);
        panic!("in a metrics callback")
    });
    for _ in 0..3 {
        let seen = through(&layer, request(&[]), answer(&[("grpc-status", "5")], Script::new([]))).await;
        assert_eq!(seen.code(), "5");
    }
}

// docs/rules.md: R-READ-GRPC-1
#[tokio::test]
async fn an_err_with_code_ok_is_not_a_success() {
    let mut response = answer(&[("grpc-status", "0"), ("grpc-message", "fine")], Script::new([]));
    response.extensions_mut().insert(tonic::Status::ok("fine"));
    let seen = by_default(response).await;
    assert!(seen.was_end);
    assert_eq!(seen.read().kind(), &kinds::UNKNOWN_ERROR);
}

// docs/rules.md: R-LAYER-4
#[tokio::test(start_paused = true)]
async fn deadlines_are_kept() {
    let own = GrpcServerLayer::default().with_timeout(Duration::from_secs(5));
    let none = GrpcServerLayer::default();
    let rows: [(&GrpcServerLayer, Fields, Option<u64>); 7] = [
        (&own, &[], Some(5_000)),
        (&own, &[("grpc-timeout", "1S")], Some(1_000)),
        (&own, &[("grpc-timeout", "1H")], Some(5_000)),
        (&none, &[("grpc-timeout", "20m")], Some(20)),
        (&none, &[("grpc-timeout", "0n")], Some(0)),
        (&none, &[("grpc-timeout", "nonsense")], None),
        (&none, &[("grpc-timeout", "99999999H")], None),
    ];
    for (layer, fields, expected) in rows {
        let hang = service_fn(|_: Request<()>| future::pending::<Result<Response<Script>, Infallible>>());
        let start = tokio::time::Instant::now();
        let call = layer.layer(hang).oneshot(request(fields));
        let answered = tokio::time::timeout(Duration::from_secs(3_600 * 24), call).await;
        assert_eq!(answered.is_ok(), expected.is_some(), "{fields:?}");
        if let (Ok(Ok(response)), Some(expected)) = (answered, expected) {
            let seen = see(response).await;
            assert_eq!((seen.code(), seen.was_end), ("4", true), "{fields:?}");
            let took = start.elapsed().as_millis();
            assert!((u128::from(expected)..u128::from(expected) + 2).contains(&took), "{fields:?}: {took} ms");
        }

        let Some(expected) = expected else { continue };
        let start = tokio::time::Instant::now();
        let seen = through(layer, request(fields), answer(&[], Script::new([Step::Data(b"one"), Step::Hang]))).await;
        // Without any time, nothing gets through.
        let expected_data = if expected == 0 { &b""[..] } else { b"one" };
        assert_eq!((seen.code(), &*seen.data), ("4", expected_data), "{fields:?}");
        let took = start.elapsed().as_millis();
        assert!((u128::from(expected)..u128::from(expected) + 2).contains(&took), "{fields:?}: {took} ms");
    }
}

/// No timer can fire meanwhile.
#[tokio::test]
async fn a_handler_that_blocks_the_thread_is_held_to_the_deadline() {
    let blocks = service_fn(|_: Request<()>| {
        std::thread::sleep(Duration::from_millis(20));
        future::ready(Ok::<_, Infallible>(answer(&[], Script::new([Step::Data(b"one")]))))
    });
    let call = GrpcServerLayer::default().layer(blocks).oneshot(request(&[("grpc-timeout", "10m")]));
    let seen = see(call.await.unwrap()).await;
    assert_eq!((seen.code(), &*seen.data), ("4", &b""[..]));
}

/// It leaves no moment for a paused clock to move by itself.
#[tokio::test]
async fn a_stream_that_never_waits_ends_too() {
    let fields = &[("grpc-timeout", "20m")];
    let body = answer(&[], Script::new([Step::Forever]));
    let seen = through(&GrpcServerLayer::default(), request(fields), body).await;
    assert_eq!(seen.code(), "4");
}

#[tokio::test]
async fn the_public_sees_what_it_may() {
    let public = GrpcServerLayer::default().with_audience(Audience::Public);
    let debug = rpc::DebugInfo { detail: "a secret".into(), ..Default::default() };
    let error = Error::new(kinds::INTERNAL_ERROR).with_message("a secret").with_detail(debug);
    let status = errwire::Translator::default().write_grpc(&error);
    let mut end = block(&[]);
    status.to_trailers().write_to(&mut end);
    let seen = through(&public, request(&[]), answer(&[], Script::new([Step::Trailers(end.clone())]))).await;
    assert_eq!(seen.code(), "13");
    let error = seen.read();
    assert!(error.detail::<rpc::DebugInfo>().is_none() && !error.message().contains("secret"));
    // Insiders see it all.
    let seen = by_default(answer(&[], Script::new([Step::Trailers(end)]))).await;
    assert!(seen.read().detail::<rpc::DebugInfo>().is_some());
}

// docs/rules.md: R-BUDGET-1
#[tokio::test]
async fn the_status_fits_next_to_the_custom_metadata() {
    let long = "x".repeat(20_000);
    let note = "n".repeat(3_000);
    let fields = [("grpc-status", "3"), ("grpc-message", &*long), ("x-note", &*note)];
    for response in [answer(&fields, Script::new([])), answer(&[], Script::new([trailers(&fields)]))] {
        let seen = by_default(response).await;
        let size: usize = seen.end().iter().map(|(name, value)| name.as_str().len() + value.len() + 32).sum();
        assert!(size <= 7_168 && size > 6_000, "{size}");
        assert_eq!(seen.code(), "3");
        assert_eq!(seen.end()["x-note"], *note);
    }
}

// docs/rules.md: R-LAYER-1, R-LAYER-2
#[tokio::test]
async fn what_is_not_grpc_passes_untouched() {
    for media in ["application/grpc-web+proto", "application/grpc-web-text", "application/json", "text/html"] {
        let steps = || Script::new([Step::Data(b"one"), Step::Error("broken".into())]);
        let response = answer(&[("content-type", media), ("content-length", "7")], steps());
        let head = response.headers().clone();
        let seen = through(&GrpcServerLayer::default(), request(&[("content-type", media)]), response).await;
        assert_eq!((seen.head, &*seen.data, seen.error.is_some()), (head, &b"one"[..], true), "{media}");

        // Where there is no response to pass on, the HTTP status says so.
        let failed = service_fn(|_: Request<()>| async { Err::<Response<Script>, _>(Error::new(kinds::RATE_LIMITED)) });
        let Ok(response) = GrpcServerLayer::default().layer(failed).oneshot(request(&[("content-type", media)])).await;
        let seen = see(response).await;
        assert_eq!((seen.status, seen.was_end, seen.head.len()), (429, true, 0), "{media}");
    }
}

#[tokio::test]
async fn a_service_that_is_not_ready_responds() {
    let broken = service_fn(|_: Request<()>| future::ready(Ok::<_, BoxError>(answer(&[], Script::new([])))));
    let broken = tower::util::MapErr::new(NeverReady(broken), |error: &str| -> BoxError { error.into() });
    let Ok(response) = GrpcServerLayer::default().layer(broken).oneshot(request(&[])).await;
    assert_eq!(see(response).await.code(), "13");
}

struct NeverReady<S>(S);

impl<S: tower::Service<Request<()>>> tower::Service<Request<()>> for NeverReady<S> {
    type Response = S::Response;
    type Error = &'static str;
    type Future = future::Ready<Result<S::Response, &'static str>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), &'static str>> {
        std::task::Poll::Ready(Err("not now"))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        unreachable!("it is never ready")
    }
}

/// Compile-time promises.
#[test]
fn types_stay_simple() {
    fn sends<T: Send + Sync + 'static>() {}
    fn clones<T: Clone>() {}
    /// Is neither `Debug` nor `Clone`.
    struct Opaque;
    impl Observer for Opaque {
        fn on_error(&self, _: &Event<'_>) {}
    }
    sends::<GrpcServerLayer>();
    sends::<GrpcServerLayer<Watch>>();
    clones::<GrpcServerLayer<Opaque>>();
    clones::<GrpcServer<(), Opaque>>();
    sends::<errwire::layer::grpc_server::ResponseBody<Script>>();
    sends::<errwire::layer::grpc_server::ResponseFuture<future::Pending<()>, Watch>>();
}
