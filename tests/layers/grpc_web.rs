//! Errors over gRPC-Web, with tonic-web around the layers:
//! <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md>.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::{convert::Infallible, future::ready};

use crate::layer_support::{
    echo::{SERVER_STREAM, UNARY, call},
    script::{Script, Step, answer, block},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use bytes::Bytes;
use errwire::{
    layer::{GrpcClientLayer, GrpcServerLayer},
    rpc,
};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Full};
use prost::Message as _;
use tonic::{Code, Status, body::Body};
use tonic_web::{GrpcWebClientLayer, GrpcWebLayer};
use tower::{ServiceBuilder, ServiceExt as _, service_fn};

/// A message of one character, in its frame.
const MESSAGE: &[u8] = b"\0\0\0\0\x03\x0a\x01a";

const BINARY: &str = "application/grpc-web+proto";
const TEXT: &str = "application/grpc-web-text+proto";

/// What the service below ends the call with: a message with every sort of character, a detail of a foreign type, and custom
/// metadata that is there twice.
fn failure(code: i32) -> HeaderMap {
    let detail = prost_types::Any { type_url: "type.example.com/acme.Custom".into(), value: vec![8, 1] };
    let status = rpc::Status { code, message: "Größe 50%\n".into(), details: vec![detail] };
    let details = STANDARD_NO_PAD.encode(status.encode_to_vec());
    block(&[
        ("grpc-status", &code.to_string()),
        ("grpc-message", "Gr%C3%B6%C3%9Fe 50%25%0A"),
        ("grpc-status-details-bin", &details),
        ("x-a", "1"),
        ("x-a", "2"),
        ("raw-bin", "AP8"),
        ("raw-bin", "AQ"),
    ])
}

/// The response of `GrpcServerLayer` behind tonic-web: its head, and its body without base64.
async fn over_web(media: &'static str, response: Response<Script>) -> (HeaderMap, Vec<u8>) {
    let mut response = Some(response);
    let service = service_fn(move |_: Request<Body>| ready(Ok::<_, Infallible>(response.take().unwrap())));
    let stack = ServiceBuilder::new().layer(GrpcWebLayer::new()).layer(GrpcServerLayer::default()).service(service);
    let message = if media == TEXT { STANDARD.encode(MESSAGE).into() } else { Bytes::from_static(MESSAGE) };
    let request = Request::post(UNARY).header("content-type", media).header("accept", media);
    let (head, body) = stack.oneshot(request.body(Body::new(Full::new(message))).unwrap()).await.unwrap().into_parts();
    assert_eq!((head.status.as_u16(), &head.headers["content-type"]), (200, &HeaderValue::from_static(media)));
    let body = body.collect().await.unwrap().to_bytes();
    // Each piece is padded for itself.
    let plain = |group: &[u8]| STANDARD.decode(group).unwrap();
    let body = if media == TEXT { body.chunks(4).flat_map(plain).collect() } else { body.to_vec() };
    (head.headers, body)
}

/// The frames of a body: flag and content.
fn frames(mut body: &[u8]) -> Vec<(u8, &[u8])> {
    let mut frames = Vec::new();
    while let [flag, a, b, c, d, rest @ ..] = body {
        let (frame, rest) = rest.split_at(u32::from_be_bytes([*a, *b, *c, *d]) as usize);
        frames.push((*flag, frame));
        body = rest;
    }
    assert!(body.is_empty(), "{body:?}");
    frames
}

/// The fields of a frame of trailers, in order. Their names are in lower case.
fn fields(frame: &[u8]) -> HeaderMap {
    let text = std::str::from_utf8(frame).unwrap();
    let mut fields = HeaderMap::new();
    for line in text.split_terminator("\r\n") {
        let (name, value) = line.split_once(':').unwrap();
        assert_eq!(name, name.to_ascii_lowercase());
        fields.append(HeaderName::try_from(name).unwrap(), value.trim().parse().unwrap());
    }
    fields
}

fn assert_whole(end: &HeaderMap, code: i32) {
    let status = Status::from_header_map(end).unwrap();
    assert_eq!((status.code(), status.message()), (Code::from(code), "Größe 50%\n"));
    let inside = rpc::Status::decode(status.details()).unwrap();
    assert_eq!((inside.code, &*inside.message), (code, "Größe 50%\n"));
    let [info, custom] = &inside.details[..] else { panic!("{:?}", inside.details) };
    assert_eq!(info.type_url, "type.googleapis.com/google.rpc.ErrorInfo");
    assert_eq!((&*custom.type_url, &*custom.value), ("type.example.com/acme.Custom", &[8, 1][..]));
    for (name, values) in [("x-a", ["1", "2"]), ("raw-bin", ["AP8", "AQ"])] {
        assert_eq!(end.get_all(name).iter().collect::<Vec<_>>(), values, "{name}");
    }
    for name in ["grpc-status", "grpc-message", "grpc-status-details-bin"] {
        assert_eq!(end.get_all(name).iter().count(), 1, "{name}");
    }
}

#[tokio::test]
async fn every_code_keeps_all_it_has() {
    for media in [BINARY, TEXT] {
        for code in 1..=16 {
            // Trailers-Only: all is in the head, and there is no frame of trailers.
            let mut only = answer(&[], Script::new([]));
            only.headers_mut().extend(failure(code));
            let (head, body) = over_web(media, only).await;
            assert!(body.is_empty(), "{media} {code}: {body:?}");
            assert_whole(&head, code);

            let steps = [Step::Data(MESSAGE), Step::Data(MESSAGE), Step::Trailers(failure(code))];
            let (head, body) = over_web(media, answer(&[], Script::new(steps))).await;
            assert!(!head.contains_key("grpc-status"));
            let frames = frames(&body);
            let [(0, one), (0, two), (0x80, end)] = frames[..] else { panic!("{media} {code}: {frames:?}") };
            assert_eq!((one, two), (&MESSAGE[5..], &MESSAGE[5..]));
            assert_whole(&fields(end), code);
        }
    }
}

#[tokio::test]
async fn every_end_has_one_frame_of_trailers() {
    let ends: [(&str, Vec<Step>, &str); 5] = [
        ("success", vec![Step::Trailers(block(&[("grpc-status", "0")]))], "0"),
        ("nothing", vec![], "2"),
        ("no status", vec![Step::Trailers(block(&[("x-a", "1")]))], "2"),
        ("an error", vec![Step::Error("a secret".into())], "13"),
        ("a panic", vec![Step::Panic], "13"),
    ];
    for (name, end, code) in ends {
        let steps = [Step::Data(MESSAGE)].into_iter().chain(end);
        let (_, body) = over_web(BINARY, answer(&[], Script::new(steps))).await;
        let frames = frames(&body);
        let [(0, _), (0x80, end)] = frames[..] else { panic!("{name}: {frames:?}") };
        assert_eq!(fields(end)["grpc-status"], code, "{name}");
    }
}

/// What a caller makes of this response: tonic-web below `GrpcClientLayer` reads gRPC-Web.
async fn read(fields: &[(&'static str, &str)], body: Vec<u8>) -> (String, Result<(), Status>) {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.headers_mut() = block(fields);
    let peer = service_fn(move |_: Request<_>| ready(Ok::<_, Infallible>(response.clone())));
    let stack = ServiceBuilder::new().layer(GrpcClientLayer::default()).layer(GrpcWebClientLayer::new()).service(
        peer.map_request(|request: Request<tonic_web::GrpcWebCall<Body>>| {
            assert_eq!(request.headers()["content-type"], "application/grpc-web");
            request
        }),
    );
    call(stack, SERVER_STREAM, &["a"], None).await
}

fn with_trailers(lines: &str) -> Vec<u8> {
    let len = u32::try_from(lines.len()).unwrap().to_be_bytes();
    [MESSAGE, &[0x80], &len, lines.as_bytes()].concat()
}

#[tokio::test]
async fn mixed_case_is_read() {
    let media = [("content-type", BINARY)];
    for lines in [
        "grpc-status:5\r\ngrpc-message:no task\r\nx-a:1\r\n",
        "Grpc-Status: 5\r\nGRPC-MESSAGE: no task\r\nX-A: 1\r\n",
        "GRPC-STATUS:5\r\nGrpc-Message:\tno task\r\nx-A:1\r\n",
    ] {
        let (messages, result) = read(&media, with_trailers(lines)).await;
        let status = result.unwrap_err();
        assert_eq!((&*messages, status.code(), status.message()), ("a", Code::NotFound, "no task"), "{lines:?}");
        assert_eq!(status.metadata().get("x-a").unwrap(), "1", "{lines:?}");
    }
    let (messages, result) = read(&media, with_trailers("Grpc-Status: 0\r\n")).await;
    assert_eq!((&*messages, result.is_ok()), ("a", true));
    // Said twice, and broken: never a success.
    for (lines, code) in [
        ("grpc-status:5\r\nGrpc-Status:5\r\n", Code::NotFound),
        ("Grpc-Status:05\r\n", Code::Unknown),
        ("x-a:1\r\n", Code::Unknown),
    ] {
        assert_eq!(read(&media, with_trailers(lines)).await.1.unwrap_err().code(), code, "{lines:?}");
    }
    // Trailers-Only.
    let only = [media[0], ("grpc-status", "5"), ("grpc-message", "no task"), ("x-a", "1"), ("x-a", "2")];
    let status = read(&only, Vec::new()).await.1.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::NotFound, "no task"));
    assert_eq!(status.metadata().get_all("x-a").iter().count(), 2);
}
