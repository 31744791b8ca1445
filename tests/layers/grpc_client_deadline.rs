//! The deadline of a call, and the CANCEL of a peer that saw it too.

use std::{convert::Infallible, future, io, time::Duration};

use crate::layer_support::{
    echo::{SERVER_STREAM, call},
    script::{Script, Step, answer, block, request, see},
};
use bytes::Bytes;
use errwire::layer::GrpcClientLayer;
use h2::{Reason, server};
use http::Response;
use hyper_util::rt::TokioIo;
use tokio::{
    io::DuplexStream,
    task::JoinSet,
    time::{Instant, sleep},
};
use tonic::{
    Code,
    transport::{Channel, Endpoint, Uri},
};
use tower::{Layer as _, ServiceBuilder, ServiceExt as _, service_fn};

const LIMIT: Duration = Duration::from_millis(20);

/// Where a call is when the peer gives it up.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Place {
    BeforeHeaders,
    BehindHeaders,
    BehindData,
}

/// Resets every call with CANCEL this long after it came.
async fn cancel(socket: DuplexStream, after: Duration, place: Place) {
    // More resets than a server has to put up with by default.
    let mut builder = server::Builder::new();
    builder.max_concurrent_reset_streams(10_000).max_pending_accept_reset_streams(10_000);
    let mut connection = builder.handshake(socket).await.unwrap();
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        tokio::spawn(async move {
            // A client that drops the body resets the stream.
            let _held = request;
            if place == Place::BeforeHeaders {
                sleep(after).await;
                return respond.send_reset(Reason::CANCEL);
            }
            let mut head = Response::new(());
            *head.headers_mut() = block(&[("content-type", "application/grpc")]);
            let mut stream = respond.send_response(head, false).unwrap();
            if place == Place::BehindData {
                stream.send_data(Bytes::from_static(b"\0\0\0\0\x03\x0a\x01a"), false).unwrap();
            }
            sleep(after).await;
            stream.send_reset(Reason::CANCEL);
        });
    }
}

fn channel_to(after: Duration, place: Place) -> Channel {
    let connector = service_fn(move |_: Uri| {
        let (near, far) = tokio::io::duplex(64 * 1_024);
        tokio::spawn(cancel(far, after, place));
        future::ready(Ok::<_, io::Error>(TokioIo::new(near)))
    });
    Endpoint::from_static("http://tasks.test").connect_with_connector_lazy(connector)
}

/// Ten thousand calls. Before the deadline the peer's word counts; from then on it is the deadline, whoever notices it first.
#[tokio::test(start_paused = true)]
async fn a_cancel_around_the_deadline() {
    for place in [Place::BeforeHeaders, Place::BehindHeaders, Place::BehindData] {
        for (after, expected) in
            [(18, Code::Cancelled), (19, Code::Cancelled), (20, Code::DeadlineExceeded), (21, Code::DeadlineExceeded)]
        {
            let channel = channel_to(Duration::from_millis(after), place);
            for _ in 0..14 {
                let mut calls = JoinSet::new();
                for _ in 0..60 {
                    let stack = ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel.clone());
                    calls.spawn(call(stack, SERVER_STREAM, &["a"], Some(LIMIT)));
                }
                for (messages, result) in calls.join_all().await {
                    let code = result.unwrap_err().code();
                    assert_eq!(code, expected, "{place:?} after {after} ms");
                    assert_eq!(messages.len(), usize::from(place == Place::BehindData), "{place:?} after {after} ms");
                }
            }
        }
    }
}

/// The layer keeps the deadline where the transport does not.
#[tokio::test(start_paused = true)]
async fn a_transport_without_a_timer() {
    for (name, steps) in [
        ("head", None),
        ("body", Some(vec![Step::Hang])),
        ("stream", Some(vec![Step::Data(b"one"), Step::Wait, Step::Data(b"two"), Step::Hang])),
    ] {
        let mut steps = steps;
        let transport = service_fn(move |_| {
            let body = steps.take().map(Script::new);
            async move {
                let Some(body) = body else { return future::pending().await };
                Ok::<_, Infallible>(answer(&[], body))
            }
        });
        let start = Instant::now();
        let Ok(response) =
            GrpcClientLayer::default().layer(transport).oneshot(request(&[("grpc-timeout", "20m")])).await;
        let seen = see(response).await;
        assert_eq!((seen.code(), seen.read().kind().as_str()), ("4", "deadline_exceeded"), "{name}");
        assert_eq!(seen.data, if name == "stream" { &b"onetwo"[..] } else { b"" }, "{name}");
        // The clock is paused, and moves by whole milliseconds.
        assert!((20..22).contains(&start.elapsed().as_millis()), "{name}: {:?}", start.elapsed());
    }
}

/// What has arrived is delivered, however late the caller reads it.
#[tokio::test(start_paused = true)]
async fn a_slow_caller_gets_what_is_there() {
    let end = Step::Trailers(block(&[("grpc-status", "0")]));
    let mut response = Some(answer(&[], Script::new([Step::Data(b"one"), Step::Data(b"two"), end])));
    let transport = service_fn(move |_| future::ready(Ok::<_, Infallible>(response.take().unwrap())));
    let Ok(response) = GrpcClientLayer::default().layer(transport).oneshot(request(&[("grpc-timeout", "20m")])).await;
    sleep(2 * LIMIT).await;
    let seen = see(response).await;
    assert_eq!((seen.code(), &*seen.data), ("0", &b"onetwo"[..]));
}
