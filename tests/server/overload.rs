//! What is over a limit is refused at once, in the protocol of the caller, with when to come again.

use std::{
    net::SocketAddr,
    num::{NonZeroU32, NonZeroUsize},
    time::{Duration, Instant},
};

use crate::support::{
    raw::{DATA, END_STREAM, HEADERS, PING, RST_STREAM, Raw},
    requests::{items, post, response, trailers},
    server::Server,
};
use errwire::{
    Error, StatusExt,
    server::config::Size,
    service::pb::{self, translate_request::Request, translate_response::Response},
};
use http::uri::PathAndQuery;
use prost::Message;
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tokio_stream::StreamExt;
use tonic::Status;
use tonic_prost::ProstCodec;

const TO_GRPC: &str = "/errwire.v1.ErrorMappingService/HttpToGrpc";
const HOUR: Duration = Duration::from_secs(3600);

const SOON: Option<Duration> = Some(Duration::from_millis(300));

/// The error of a failed item.
fn failure(answer: pb::TranslateResponse) -> Error {
    match answer.response.unwrap() {
        Response::Failure(status) => {
            let details = status.encode_to_vec().into();
            Status::with_details(status.code.into(), status.message, details).to_errwire()
        }
        other => panic!("it is not a failure: {other:?}"),
    }
}

/// Holds a place with calls that never send their request; each gives way after a second.
fn hold(address: SocketAddr, path: &'static str) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut raw = Raw::open(address, 65_535).await;
        for stream in (1..).step_by(2) {
            raw.call(stream, path).await;
            raw.until(HEADERS).await.unwrap();
        }
    })
}

/// Calls until it is refused.
async fn until_refused<T: std::fmt::Debug>(mut call: impl AsyncFnMut() -> Result<T, Status>) -> Status {
    let begin = Instant::now();
    loop {
        match call().await {
            Err(refused) => return refused,
            Ok(_) => assert!(begin.elapsed() < Duration::from_secs(30), "it is never refused"),
        }
    }
}

fn assert_retry_delay(refused: &Status) {
    assert_eq!(refused.code(), tonic::Code::Unavailable);
    let error = refused.to_errwire();
    assert_eq!((error.kind().as_str(), error.domain()), ("service_unavailable", Some("errwire.dev")));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_above_the_limit_gets_a_retry_delay() {
    let server = Server::set(|config| {
        config.max_concurrent_requests = NonZeroUsize::new(1).unwrap();
        config.request_timeout = Some(HOUR);
    });
    let holds = hold(server.address(), TO_GRPC);
    // Over another connection, too: the limit is the server's.
    let mut client = server.mapping().await;
    assert_retry_delay(&until_refused(async || client.grpc_to_http(trailers("5", "")).await).await);
    let until = async |fields: &str, expected: &str| {
        let begin = Instant::now();
        loop {
            let answer = post(server.address(), TO_GRPC, fields, "{}").await.to_ascii_lowercase();
            if answer.starts_with("http/1.1 503 service unavailable\r\n") {
                assert!(answer.contains(expected), "{answer}");
                return answer;
            }
            assert!(begin.elapsed() < Duration::from_secs(30), "{answer}");
        }
    };
    let answer = until("", r#"{"kind":"service_unavailable","message":""#).await;
    assert!(answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
    let answer = until("connect-protocol-version: 1\r\n", r#"{"code":"unavailable","message":""#).await;
    assert!(answer.contains("google.rpc.retryinfo"), "{answer}");
    holds.abort();
}

/// Streams have their own places: however many are open, unary calls are answered.
#[tokio::test(flavor = "multi_thread")]
async fn open_streams_take_no_place_of_unary_calls() {
    let server = Server::set(|config| {
        config.max_concurrent_requests = NonZeroUsize::new(1).unwrap();
        config.max_open_streams = NonZeroUsize::new(3).unwrap();
    });
    let mut catalog = server.catalog().await;
    let mut watches = Vec::new();
    for _ in 0..3 {
        let mut watch = catalog.watch_catalog(pb::WatchCatalogRequest {}).await.unwrap().into_inner();
        assert!(watch.message().await.unwrap().is_some());
        watches.push(watch);
    }
    let mut client = server.mapping().await;
    let refused = catalog.watch_catalog(pb::WatchCatalogRequest {}).await.unwrap_err();
    assert_retry_delay(&refused);
    assert_retry_delay(&client.translate(tokio_stream::empty()).await.unwrap_err());
    for _ in 0..20 {
        client.grpc_to_http(trailers("5", "")).await.unwrap();
        catalog.get_kind(pb::GetKindRequest { kind: "gone".into() }).await.unwrap();
    }
    // A place is free again once its stream is over.
    drop(watches.pop());
    let begin = Instant::now();
    while catalog.watch_catalog(pb::WatchCatalogRequest {}).await.is_err() {
        assert!(begin.elapsed() < Duration::from_secs(30), "the place is held for ever");
    }
}

/// A subscription whose request never comes, and a bulk translation that is silent, give way when others find no place.
#[tokio::test(flavor = "multi_thread")]
async fn silent_streams_make_room_for_others() {
    for path in [
        "/errwire.v1.ErrorMappingService/Translate",
        "/errwire.v1.CatalogService/WatchCatalog",
        "/grpc.health.v1.Health/Watch",
    ] {
        let server = Server::set(|config| {
            config.max_open_streams = NonZeroUsize::new(2).unwrap();
            config.request_timeout = Some(HOUR);
        });
        let mut raw = Raw::open(server.address(), 65_535).await;
        for stream in [1, 3] {
            raw.call(stream, path).await;
        }
        let (mut client, begin) = (server.catalog().await, Instant::now());
        while client.watch_catalog(pb::WatchCatalogRequest {}).await.is_err() {
            assert!(begin.elapsed() < Duration::from_secs(30), "{path} holds its place for ever");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Each of them ends with a status.
        while raw.until(HEADERS).await.unwrap().flags & END_STREAM == 0 {}
    }
}

/// One that is at work is not silent.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_at_work_keeps_its_place() {
    let server = Server::set(|config| config.max_open_streams = NonZeroUsize::new(1).unwrap());
    let mut client = server.mapping().await;
    let (send, requests) = tokio::sync::mpsc::channel(1);
    let mut answers =
        client.translate(tokio_stream::wrappers::ReceiverStream::new(requests)).await.unwrap().into_inner();
    for _ in 0..30 {
        for item in items([Request::GrpcToHttp(trailers("5", ""))]) {
            send.send(item).await.unwrap();
        }
        answers.next().await.unwrap().unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(send);
    assert!(answers.next().await.is_none());
}

/// A request whose response is larger than itself.
fn with_large_details(bytes: usize) -> pb::GrpcToHttpRequest {
    let detail = prost_types::Any { type_url: "type.googleapis.com/a.Large".into(), value: vec![7; bytes] };
    let status = errwire::rpc::Status { code: 5, message: "gone".into(), details: vec![detail] };
    let options = pb::RenderOptions { include_details: true, ..Default::default() };
    pb::GrpcToHttpRequest { source: Some(pb::grpc_to_http_request::Source::Status(status)), options: Some(options) }
}

/// What waits for peers that read nothing counts, and is given back.
#[tokio::test(flavor = "multi_thread")]
async fn unread_responses_are_limited() {
    const TO_HTTP: &str = "/errwire.v1.ErrorMappingService/GrpcToHttp";
    let server = Server::set(|config| {
        config.max_buffered_bytes = Size::mib(2);
        config.write_timeout = Some(HOUR);
    });
    let message = with_large_details(150_000).encode_to_vec();
    let mut raw = Raw::open(server.address(), 0).await;
    let (mut refused, mut streams) = (0, (1..).step_by(2));
    for _ in 0..30 {
        let stream = streams.next().unwrap();
        raw.call(stream, TO_HTTP).await;
        let len = u32::try_from(message.len()).unwrap().to_be_bytes();
        let framed = [&[0], &len[..], &message[..]].concat();
        for (at, piece) in framed.chunks(16_000).enumerate() {
            let last = (at + 1) * 16_000 >= framed.len();
            raw.send(DATA, if last { END_STREAM } else { 0 }, stream, piece).await.unwrap();
        }
        // The head of a response needs no window, and neither does the end of one that is refused.
        loop {
            let frame = raw.next().await.unwrap();
            if frame.kind == HEADERS && frame.stream == stream {
                break;
            }
            refused += usize::from(frame.kind == HEADERS && frame.flags & END_STREAM > 0);
        }
    }
    for _ in 0..2 {
        raw.send(PING, 0, 0, &[0; 8]).await.unwrap();
        while let Some(frame) = raw.next().await {
            refused += usize::from(frame.kind == HEADERS && frame.flags & END_STREAM > 0);
            if frame.kind == PING {
                break;
            }
        }
    }
    // 2 MiB are about six responses of 450,000 bytes, less 64 KiB each.
    assert!((15..30).contains(&refused), "{refused} of 30 were refused");

    // Over HTTP the whole response is another one. A small one still fits.
    let body = r#"{"trailers":{"grpcStatus":"5"}}"#;
    assert!(post(server.address(), TO_HTTP, "", body).await.starts_with("HTTP/1.1 200 "));
    drop(raw);
    let (mut client, begin) = (server.mapping().await, Instant::now());
    while client.grpc_to_http(with_large_details(400_000)).await.is_err() {
        assert!(begin.elapsed() < Duration::from_secs(30), "it is held for ever");
    }
}

/// Holds the only slot of a server whose timeouts are too long to be of help, and waits until another caller has one.
async fn a_slot_is_free_again(window: u32, flags: u8, message: &[u8]) -> Raw {
    let server = Server::set(|config| {
        config.max_concurrent_requests = NonZeroUsize::new(1).unwrap();
        (config.request_timeout, config.write_timeout) = (Some(HOUR), Some(HOUR));
    });
    let mut raw = Raw::open(server.address(), window).await;
    raw.call(1, TO_GRPC).await;
    raw.send(DATA, flags, 1, message).await.unwrap();
    // The connection begins a call before it reads on: when it has answered twice, the slot is held.
    for _ in 0..2 {
        raw.send(PING, 0, 0, &[0; 8]).await.unwrap();
        raw.until(PING).await.unwrap();
    }
    let (mut client, begin) = (server.mapping().await, Instant::now());
    client.grpc_to_http(trailers("5", "")).await.unwrap_err();
    while client.grpc_to_http(trailers("5", "")).await.is_err() {
        assert!(begin.elapsed() < Duration::from_secs(30), "the slot is held for ever");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    raw
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_reads_nothing_makes_room_for_others() {
    let message = response(404, "{}").encode_to_vec();
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    let mut raw = a_slot_is_free_again(0, END_STREAM, &[&[0], &length[..], &message[..]].concat()).await;
    assert_eq!(raw.until(RST_STREAM).await.unwrap().stream, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_sends_no_request_makes_room_for_others() {
    let mut raw = a_slot_is_free_again(65_535, 0, &[0, 0]).await;
    let answer = raw.until(HEADERS).await.unwrap();
    assert_eq!((answer.stream, answer.flags & END_STREAM), (1, END_STREAM), "a status, and no message");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_above_the_limit_is_refused() {
    let server = Server::set(|config| config.max_message_bytes = Size::kib(1));
    let mut client = server.mapping().await;
    client.http_to_grpc(response(502, &"x".repeat(900))).await.unwrap();

    let large = response(502, &"x".repeat(1100));
    let error = client.http_to_grpc(large.clone()).await.unwrap_err().to_errwire();
    assert_eq!((error.kind().as_str(), error.code()), ("content_too_large", errwire::Code::ResourceExhausted));
    assert_eq!(error.message(), "A message may have 1024 bytes at most. Send a smaller one.");

    let stream = tokio_stream::iter(items([Request::HttpToGrpc(large), Request::GrpcToHttp(trailers("5", ""))]));
    let mut answers = client.translate(stream).await.unwrap().into_inner();
    assert_eq!(failure(answers.next().await.unwrap().unwrap()).kind().as_str(), "content_too_large");
    assert!(matches!(answers.next().await.unwrap().unwrap().response, Some(Response::GrpcToHttp(_))));

    let answer = post(server.address(), TO_GRPC, "", &" ".repeat(1025)).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let answer = post(server.address(), TO_GRPC, "", &" ".repeat(1024)).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

/// Begins a message of a bulk translation, and stops in the middle of it.
async fn hold_some(raw: &mut Raw, stream: u32) {
    raw.call(stream, "/errwire.v1.ErrorMappingService/Translate").await;
    let mut beginning = vec![0];
    beginning.extend(1_000_000_u32.to_be_bytes());
    beginning.resize(15_000, 0);
    raw.send(DATA, 0, stream, &beginning).await.unwrap();
    for _ in 0..5 {
        raw.send(DATA, 0, stream, &[0; 15_000]).await.unwrap();
    }
}

/// The first 64 KiB of each call are free.
#[tokio::test(flavor = "multi_thread")]
async fn what_all_calls_hold_is_limited() {
    let server = Server::set(|config| config.max_buffered_bytes = Size::kib(64));
    let mut client = server.mapping().await;
    let unavailable = |error: Error| {
        assert_eq!((error.kind().as_str(), error.code()), ("service_unavailable", errwire::Code::Unavailable));
        assert!(error.retry_after().is_some());
    };
    let large = || response(502, &"x".repeat(200_000));
    unavailable(client.http_to_grpc(large()).await.unwrap_err().to_errwire());
    let answer = post(server.address(), TO_GRPC, "", &" ".repeat(200_000)).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    client.http_to_grpc(response(502, &"x".repeat(100_000))).await.unwrap();

    // One that stops in the middle of a message holds 90,000 bytes, of which 24,464 count. That leaves too few of the 65,536 for
    // the 44,464 of another one. What the calls before held may not be given back yet when it comes, so that it is refused
    // itself, and has to come again.
    let mut raw = Raw::open(server.address(), 65_535).await;
    let (begin, mut stream) = (Instant::now(), 1);
    hold_some(&mut raw, stream).await;
    while client.http_to_grpc(response(502, &"x".repeat(110_000))).await.is_ok() {
        assert!(begin.elapsed() < Duration::from_secs(30), "nothing is held");
        if begin.elapsed() > Duration::from_secs(stream.into()) {
            stream += 2;
            hold_some(&mut raw, stream).await;
        }
    }
    // Small requests pass, and so do long streams of them.
    client.http_to_grpc(response(502, &"x".repeat(50_000))).await.unwrap();
    let stream = tokio_stream::iter(items((0..50).map(|_| Request::HttpToGrpc(response(502, &"x".repeat(20_000))))));
    let answers: Vec<_> = client.translate(stream).await.unwrap().into_inner().collect().await;
    assert!(answers.len() == 50 && answers.iter().all(Result::is_ok));

    // What was held is free again once the call is gone.
    drop(raw);
    let begin = Instant::now();
    while client.http_to_grpc(response(502, &"x".repeat(110_000))).await.is_err() {
        assert!(begin.elapsed() < Duration::from_secs(30), "it is held for ever");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_above_the_rate_fails_alone() {
    let server = Server::set(|config| config.max_stream_items_per_second = NonZeroU32::new(1).unwrap());
    let mut client = server.mapping().await;
    // So many that the test cannot be slower than the limit.
    let stream = tokio_stream::iter(items((0..60).map(|_| Request::GrpcToHttp(trailers("5", "")))));
    let answers: Vec<_> = client.translate(stream).await.unwrap().into_inner().collect().await;
    let answers: Vec<pb::TranslateResponse> = answers.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().zip(0..60).all(|(answer, id)| answer.id == id.to_string()), "each has its id");
    assert!(matches!(answers[0].response, Some(Response::GrpcToHttp(_))), "{answers:?}");
    let refused = answers.into_iter().find(|answer| matches!(answer.response, Some(Response::Failure(_))));
    let error = failure(refused.expect("one is above the limit"));
    assert_eq!((error.kind().as_str(), error.code()), ("rate_limited", errwire::Code::ResourceExhausted));
    let wait = error.retry_after().expect("it says when to come again");
    assert!(!wait.is_zero() && wait <= Duration::from_secs(1), "{wait:?}");

    // Each connection has a limit of its own.
    let one = tokio_stream::iter(items([Request::GrpcToHttp(trailers("5", ""))]));
    let mut answers = server.mapping().await.translate(one).await.unwrap().into_inner();
    assert!(matches!(answers.next().await.unwrap().unwrap().response, Some(Response::GrpcToHttp(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_request_gets_an_error() {
    let server = Server::set(|config| config.request_timeout = SOON);
    let mut grpc = tonic::client::Grpc::new(server.channel().await);
    grpc.ready().await.unwrap();
    let codec = ProstCodec::<pb::HttpToGrpcRequest, pb::HttpToGrpcResponse>::default();
    let endless = tonic::Request::new(tokio_stream::pending());
    let slow = grpc.client_streaming(endless, PathAndQuery::from_static(TO_GRPC), codec).await.unwrap_err();
    assert_eq!(slow.code(), tonic::Code::DeadlineExceeded);
    assert_eq!(slow.to_errwire().kind().as_str(), "request_timeout");
    assert!(slow.metadata().contains_key("x-request-id"), "{slow:?}");

    let (_send, requests) = tokio::sync::mpsc::channel::<pb::TranslateRequest>(1);
    let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
    let mut client = server.mapping().await;
    let mut under_way = client.translate(requests).await.unwrap().into_inner();
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let head = format!(
        "POST {TO_GRPC} HTTP/1.1\r\nhost: a\r\nx-request-id: req_9\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = String::from_utf8(crate::support::raw::until_closed(&mut stream).await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    assert!(answer.contains("\r\nx-request-id: req_9\r\n"), "{answer}");
    assert!(answer.contains(r#"{"kind":"request_timeout","message":""#), "{answer}");

    // A stream may take its time.
    let pending = tokio::time::timeout(Duration::from_millis(500), under_way.next()).await;
    assert!(pending.is_err(), "{pending:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deadline_of_a_caller_counts() {
    let server = Server::start();
    let mut client = server.mapping().await;
    let mut request = tonic::Request::new(tokio_stream::pending::<pb::TranslateRequest>());
    request.metadata_mut().insert("grpc-timeout", "200m".parse().unwrap());
    let mut answers = client.translate(request).await.unwrap().into_inner();
    let late = answers.next().await.unwrap().unwrap_err();
    assert_eq!(late.code(), tonic::Code::DeadlineExceeded);
}
