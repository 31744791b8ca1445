//! One call of many on a connection gets trailers that are too large.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::{net::SocketAddr, time::Duration};

use crate::layer_support::{
    echo::{SERVER_STREAM, call},
    script::block,
};
use bytes::Bytes;
use errwire::layer::GrpcClientLayer;
use h2::{SendStream, server};
use http::{HeaderMap, Response};
use tokio::{net::TcpListener, task::JoinSet, time::timeout};
use tonic::{Code, Status, transport::Endpoint};
use tower::ServiceBuilder;

const STREAMS: usize = 100;

/// A message of one character, in its frame.
const MESSAGE: Bytes = Bytes::from_static(b"\0\0\0\0\x03\x0a\x01a");

/// Answers every call with a message. Once there are a hundred on one connection, the last gets these trailers, then all
/// others a message and success.
async fn serve(trailers: HeaderMap) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut connection) = server::handshake(socket).await else { continue };
            let mut streams: Vec<SendStream<Bytes>> = Vec::new();
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                let mut head = Response::new(());
                *head.headers_mut() = block(&[("content-type", "application/grpc")]);
                let mut stream = respond.send_response(head, false).unwrap();
                stream.send_data(MESSAGE, false).unwrap();
                streams.push(stream);
                if streams.len() == STREAMS {
                    streams.pop().unwrap().send_trailers(trailers.clone()).unwrap();
                    // Long enough for the trailers to be seen first.
                    let _ = timeout(Duration::from_millis(300), connection.accept()).await;
                    for mut stream in streams.drain(..) {
                        let _ = stream.send_data(MESSAGE, false);
                        let _ = stream.send_trailers(block(&[("grpc-status", "0")]));
                    }
                }
            }
        }
    });
    address
}

/// PERMISSION_DENIED next to so many fields, each with a value of so many bytes.
fn beside(fields: usize, len: usize) -> HeaderMap {
    let mut trailers = block(&[("grpc-status", "7")]);
    for _ in 0..fields {
        trailers.append("x-note", "x".repeat(len).parse().unwrap());
    }
    trailers
}

/// How the calls ended: those that succeeded, and the codes of the others.
async fn ask(trailers: HeaderMap) -> (usize, Vec<Code>) {
    let channel = Endpoint::from_shared(format!("http://{}", serve(trailers).await)).unwrap().connect_lazy();
    let channel = ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel);
    let mut calls = JoinSet::new();
    for _ in 0..STREAMS {
        calls.spawn(call(channel.clone(), SERVER_STREAM, &["a"], None));
    }
    let all = timeout(Duration::from_secs(30), calls.join_all()).await.expect("every call ends");
    let is_whole = |(messages, result): &(String, Result<(), Status>)| result.is_ok() && messages == "aa";
    let whole = all.iter().filter(|outcome| is_whole(outcome)).count();
    (whole, all.into_iter().filter_map(|(_, result)| result.err()).map(|status| status.code()).collect())
}

#[tokio::test]
async fn at_17_kib_the_other_99_live() {
    assert_eq!(ask(beside(17, 1_000)).await, (99, vec![Code::PermissionDenied]));
}

/// Past four times its limit h2 gives up the connection, and every call on it. They are UNAVAILABLE, never
/// RESOURCE_EXHAUSTED: they may be made again, and no caller is to blame.
#[tokio::test]
async fn at_80_kib_and_at_1_mib_all_are_unavailable() {
    for (fields, len) in [(80, 1_000), (1_024, 1_024), (25_000, 1)] {
        let (whole, codes) = ask(beside(fields, len)).await;
        assert_eq!((whole, codes), (0, vec![Code::Unavailable; STREAMS]), "{fields} fields of {len}");
    }
}

/// One field alone is not seen to be too large before it is whole, so that only its call ends.
#[tokio::test]
async fn a_field_of_63_kib_ends_one_call() {
    let (whole, codes) = ask(beside(1, 63 * 1_024)).await;
    assert_eq!((whole, codes.len()), (99, 1), "{codes:?}");
    assert_ne!(codes[0], Code::ResourceExhausted);
}
