//! `GrpcClientLayer` around a scripted transport.

use std::{convert::Infallible, future, io, time::Duration};

use crate::layer_support::{
    script::{Script, Seen, Step, answer, block, request, see},
    watch::Watch,
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use errwire::{
    BoxError, Error, Translator, kinds,
    layer::{Event, GrpcClient, GrpcClientLayer, Observer},
    rpc,
};
use http::Response;
use prost::Message as _;
use tower::{Layer as _, ServiceExt as _, service_fn};

type Fields<'a> = &'a [(&'static str, &'a str)];

async fn through<O: Observer>(layer: &GrpcClientLayer<O>, response: Response<Script>) -> Seen {
    let mut response = Some(response);
    let service = service_fn(move |_| future::ready(Ok::<_, Infallible>(response.take().unwrap())));
    let Ok(response) = layer.layer(service).oneshot(request(&[])).await;
    let seen = see(response).await;
    assert!(seen.error.is_none());
    seen
}

async fn by_default(response: Response<Script>) -> Seen {
    through(&GrpcClientLayer::default(), response).await
}

fn trailers(fields: &[(&'static str, &str)]) -> Step {
    Step::Trailers(block(fields))
}

fn details(code: i32, message: &str) -> String {
    let detail = prost_types::Any { type_url: "type.example.com/acme.Custom".into(), value: vec![8, 1] };
    STANDARD_NO_PAD.encode(rpc::Status { code, message: message.into(), details: vec![detail] }.encode_to_vec())
}

// docs/rules.md: R-LAYER-5
#[tokio::test]
async fn what_is_valid_passes_unchanged() {
    let with_details = details(5, "Größe");
    let padded = format!("{with_details}{}", &"=="[..(4 - with_details.len() % 4) % 4]);
    let rows: [Fields<'_>; 6] = [
        &[("grpc-status", "0"), ("x-a", "1"), ("x-a", "2")],
        &[("grpc-status", "0"), ("grpc-message", "fine")],
        &[("grpc-status", "16")],
        &[("grpc-status", "5"), ("grpc-message", "no task"), ("x-a", "1"), ("x-a", "2"), ("raw-bin", "AP8")],
        &[("grpc-status", "5"), ("grpc-message", "Gr%C3%B6%c3%9fe"), ("grpc-status-details-bin", &with_details)],
        &[("grpc-status", "5"), ("grpc-message", "Größe"), ("grpc-status-details-bin", &padded)],
    ];
    let watch = Watch::default();
    for layer in [GrpcClientLayer::default().with_observer(watch.clone())] {
        for fields in rows {
            let head = answer(fields, Script::new([])).headers().clone();
            let seen = through(&layer, answer(fields, Script::new([]))).await;
            assert_eq!((seen.head, seen.was_end), (head, true), "{fields:?}");
            let seen = through(&layer, answer(&[], Script::new([Step::Data(b"one"), trailers(fields)]))).await;
            assert_eq!((&*seen.data, seen.trailers), (&b"one"[..], Some(block(fields))), "{fields:?}");
            let expected: &[&str] = match fields[0].1 {
                "0" => &[],
                "16" => &["unauthenticated"; 2],
                _ => &["not_found"; 2],
            };
            assert_eq!(watch.kinds(), expected, "{fields:?}");
        }
    }
}

#[tokio::test]
async fn what_is_broken_is_repaired() {
    let good = details(7, "no");
    let other = details(13, "other");
    let joined = format!("@@@,{good}");
    let trailing = format!("{good} ");
    // Fields, code, message, number of details of the peer.
    let rows: [(Fields<'_>, &str, &str, usize); 17] = [
        (&[("grpc-status", "7"), ("grpc-message", "no"), ("grpc-status-details-bin", "@@@")], "7", "no", 0),
        (&[("grpc-status", "7"), ("grpc-message", "no"), ("grpc-status-details-bin", &joined)], "7", "no", 1),
        (&[("grpc-status", "7"), ("grpc-message", "no"), ("grpc-status-details-bin", &trailing)], "7", "no", 1),
        (
            &[
                ("grpc-status", "7"),
                ("grpc-message", "no"),
                ("grpc-status-details-bin", &good),
                ("grpc-status-details-bin", &good),
            ],
            "7",
            "no",
            1,
        ),
        (&[("grpc-status", "5"), ("grpc-message", "no"), ("grpc-status-details-bin", &other)], "5", "no", 1),
        (&[("grpc-status", "5"), ("grpc-message", "no"), ("grpc-status-details-bin", "AAAA")], "5", "no", 0),
        (&[("grpc-status", "5"), ("grpc-message", "%FF")], "5", "\u{fffd}", 0),
        (&[("grpc-status", "5"), ("grpc-message", "a"), ("grpc-message", "b")], "5", "a", 0),
        (&[("grpc-status", "")], "2", "", 0),
        (&[("grpc-status", "00")], "2", "", 0),
        (&[("grpc-status", "07"), ("grpc-message", "no")], "2", "no", 0),
        (&[("grpc-status", "17")], "2", "", 0),
        (&[("grpc-status", "-1")], "2", "", 0),
        (&[("grpc-status", "4294967296")], "2", "", 0),
        (&[("grpc-status", "x")], "2", "", 0),
        (&[("grpc-status", "5"), ("grpc-status", "7")], "2", "", 0),
        (&[("grpc-status", "0"), ("grpc-status", "7")], "2", "", 0),
    ];
    for (fields, code, message, own) in rows {
        for response in
            [answer(fields, Script::new([])), answer(&[], Script::new([Step::Data(b"one"), trailers(fields)]))]
        {
            let seen = by_default(response).await;
            assert_eq!(seen.code(), code, "{fields:?}");
            // As tonic reads it, which panics on what is broken.
            let status = tonic::Status::from_header_map(seen.end()).unwrap();
            assert_eq!(status.message(), message, "{fields:?}");
            let inside = rpc::Status::decode(status.details()).unwrap();
            assert_eq!((inside.code.to_string(), &*inside.message), (code.to_owned(), message), "{fields:?}");
            let kept = inside.details.iter().filter(|any| any.type_url.ends_with("acme.Custom")).count();
            assert_eq!(kept, own, "{fields:?}");
        }
    }
    // Next to OK they mean nothing, and success stays success.
    let fields = &[("grpc-status", "0"), ("grpc-message", "%FF"), ("grpc-status-details-bin", "@@@"), ("x-a", "1")];
    let seen = by_default(answer(&[], Script::new([trailers(fields)]))).await;
    assert_eq!(seen.trailers, Some(block(&[("grpc-status", "0"), ("x-a", "1")])));
}

#[tokio::test]
async fn headers_count_only_at_the_end() {
    let early = &[("grpc-status", "5"), ("x-a", "1")];
    let seen = by_default(answer(early, Script::new([Step::Data(b"one"), trailers(&[("grpc-status", "0")])]))).await;
    assert!(!seen.head.contains_key("grpc-status"));
    assert_eq!(seen.code(), "0");
    assert_eq!(by_default(answer(early, Script::new([trailers(&[("grpc-status", "9")])]))).await.code(), "9");
    assert_eq!(by_default(answer(early, Script::new([trailers(&[("x-b", "1")])]))).await.code(), "2");
    assert_eq!(by_default(answer(early, Script::new([Step::Data(b"one")]))).await.code(), "2");
    // A proxy that ends the stream in a frame of its own.
    let seen = by_default(answer(early, Script::new([Step::Data(b"")]))).await;
    assert_eq!((seen.code(), seen.end()["x-a"].to_str().unwrap()), ("5", "1"));
}

#[tokio::test]
async fn a_call_without_status_has_not_succeeded() {
    let rows: [(&str, Vec<Step>); 4] = [
        ("nothing", vec![]),
        ("data", vec![Step::Data(b"one")]),
        ("trailers", vec![Step::Data(b"one"), trailers(&[("x-a", "1")])]),
        ("message alone", vec![trailers(&[("grpc-message", "fine")])]),
    ];
    for (name, steps) in rows {
        assert_eq!(by_default(answer(&[], Script::new(steps))).await.code(), "2", "{name}");
    }
    for (status, code) in [(503, "14"), (404, "12"), (401, "16"), (418, "2")] {
        let mut response = answer(&[], Script::new([Step::Data(b"")]));
        *response.status_mut() = status.try_into().unwrap();
        assert_eq!(by_default(response).await.code(), code, "{status}");
    }
}

// docs/rules.md: R-LAYER-5
#[tokio::test]
async fn responses_that_are_not_grpc_are_read() {
    let ours = br#"{"kind":"task_not_found","message":"No task 7."}"#;
    let html = b"<html><h1>a secret of the proxy";
    let rows: [(u16, &str, &'static [u8], &str, &str); 15] = [
        (404, "application/json", ours, "5", "task_not_found"),
        (404, "text/html", html, "12", "unimplemented"),
        (400, "text/html", html, "13", "internal_error"),
        (401, "text/html", html, "16", "unauthenticated"),
        (403, "text/html", html, "7", "permission_denied"),
        (429, "text/html", b"\0", "14", "service_unavailable"),
        (431, "text/html", b"", "13", "internal_error"),
        (502, "text/html", html, "14", "bad_gateway"),
        (503, "text/html", b"\n", "14", "service_unavailable"),
        (504, "text/html", b"\x01", "14", "service_unavailable"),
        (520, "text/html", html, "2", "unknown_error"),
        (800, "text/html", html, "2", "unknown_error"),
        (200, "text/html", html, "2", "unknown_error"),
        (302, "text/html", html, "2", "unknown_error"),
        (204, "", b"", "2", "unknown_error"),
    ];
    for (status, media, body, code, kind) in rows {
        let mut response = answer(&[("content-type", media)], Script::new([Step::Data(body)]));
        *response.status_mut() = status.try_into().unwrap();
        let seen = by_default(response).await;
        assert_eq!((seen.code(), seen.status, seen.was_end), (code, 200, true), "{status} {media}");
        assert_eq!(seen.head["content-type"], "application/grpc");
        let error = seen.read();
        assert_eq!(error.kind().as_str(), kind, "{status} {media}");
        assert!(error.detail::<rpc::ErrorInfo>().is_some(), "{status} {media}");
        assert!(!error.message().contains("secret"), "{status} {media}");
        if body == html {
            let kept: rpc::HttpResponse = error.detail().expect("the facts are kept");
            assert_eq!((kept.status, &*kept.body), (status.into(), &html[..]), "{status}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn reading_is_bounded() {
    let page = |steps: Vec<Step>| {
        let mut response = answer(&[("content-type", "text/html")], Script::new(steps));
        *response.status_mut() = http::StatusCode::BAD_GATEWAY;
        response
    };
    let start = tokio::time::Instant::now();
    assert_eq!(by_default(page(vec![Step::Data(b"<"), Step::Forever])).await.code(), "14");
    assert_eq!(by_default(page(vec![Step::Data(b"<"), Step::Error("reset".into())])).await.code(), "14");
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(by_default(page(vec![Step::Data(b"<"), Step::Hang])).await.code(), "14");
    assert!((2_000..2_003).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn faults_are_recognised_by_their_type() {
    let rows: [(BoxError, &str); 9] = [
        (io::Error::from(io::ErrorKind::ConnectionRefused).into(), "service_unavailable"),
        (io::Error::from(io::ErrorKind::UnexpectedEof).into(), "service_unavailable"),
        (io::Error::from(io::ErrorKind::NotFound).into(), "service_unavailable"),
        ("a secret".into(), "service_unavailable"),
        (tonic::TimeoutExpired(()).into(), "deadline_exceeded"),
        (tonic::Status::unauthenticated("no key").into(), "unauthenticated"),
        (tonic::Status::from_error(io::Error::from(io::ErrorKind::UnexpectedEof).into()).into(), "service_unavailable"),
        (tonic::ConnectError("a secret".into()).into(), "service_unavailable"),
        (Error::new(kinds::RATE_LIMITED).into(), "rate_limited"),
    ];
    for (error, kind) in rows {
        let text = format!("{error:?}");
        let mut error = Some(error);
        let service =
            service_fn(|_| future::ready(Err::<Response<Script>, _>(error.take().unwrap_or_else(|| "".into()))));
        let Ok(response) = GrpcClientLayer::default().layer(service).oneshot(request(&[])).await;
        let seen = see(response).await;
        assert!(seen.was_end);
        assert_eq!(seen.read().kind().as_str(), kind, "{text}");
        assert!(!format!("{:?}", seen.head).contains("secret"), "{text}");
    }
    let broken = Script::new([Step::Data(b"one"), Step::Error(io::Error::from(io::ErrorKind::UnexpectedEof).into())]);
    assert_eq!(by_default(answer(&[], broken)).await.code(), "14");
}

/// A call past its deadline has failed by that, whatever the transport says.
#[tokio::test(start_paused = true)]
async fn after_the_deadline_only_the_deadline_counts() {
    for (wait, kind) in [(20, "deadline_exceeded"), (5, "request_cancelled")] {
        let service = service_fn(move |_| async move {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            Err::<Response<Script>, BoxError>(tonic::Status::cancelled("").into())
        });
        let Ok(response) = GrpcClientLayer::default().layer(service).oneshot(request(&[("grpc-timeout", "10m")])).await;
        assert_eq!(see(response).await.read().kind().as_str(), kind);
    }
}

#[tokio::test]
async fn what_is_not_grpc_is_left_alone() {
    let response = answer(&[("content-type", "text/html"), ("grpc-status", "07")], Script::new([Step::Data(b"one")]));
    let head = response.headers().clone();
    let mut response = Some(response);
    let service = service_fn(move |_| future::ready(Ok::<_, Infallible>(response.take().unwrap())));
    let layer = GrpcClientLayer::new(Translator::default());
    let Ok(response) = layer.layer(service).oneshot(request(&[("content-type", "application/grpc-web")])).await;
    let seen = see(response).await;
    assert_eq!((seen.head, &*seen.data), (head, &b"one"[..]));
}

#[test]
fn types_stay_simple() {
    fn sends<T: Send + Sync + 'static>() {}
    fn clones<T: Clone>() {}
    /// Is neither `Debug` nor `Clone`.
    struct Opaque;
    impl Observer for Opaque {
        fn on_error(&self, _: &Event<'_>) {}
    }
    sends::<GrpcClientLayer<Watch>>();
    clones::<GrpcClientLayer<Opaque>>();
    clones::<GrpcClient<(), Opaque>>();
    sends::<errwire::layer::grpc_client::ResponseBody<Script>>();
    sends::<errwire::layer::grpc_client::ResponseFuture<future::Pending<()>, Script, Watch>>();
}
