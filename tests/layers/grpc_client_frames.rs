//! `GrpcClientLayer` and a peer of HTTP/2 that is written frame by frame.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::{net::SocketAddr, time::Duration};

use crate::layer_support::{
    echo::{UNARY, call},
    frames::{self, DATA, END_STREAM, HEADERS, Peer, RST_STREAM},
};
use errwire::{
    StatusExt as _,
    layer::{GrpcClient, GrpcClientLayer},
    rpc,
};
use tokio::{task::JoinHandle, time::timeout};
use tonic::{
    Code, Status,
    transport::{Channel, Endpoint},
};
use tower::ServiceBuilder;

/// How long nothing may take, lest a test hang.
const GUARD: Duration = Duration::from_secs(30);

/// The codes of RFC 9113, 7.
const NO_ERROR: u32 = 0;
const CANCEL: u32 = 8;
const ENHANCE_YOUR_CALM: u32 = 11;

fn channel_to(address: SocketAddr) -> GrpcClient<Channel> {
    let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy();
    ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel)
}

async fn ask(channel: &GrpcClient<Channel>) -> Status {
    timeout(GUARD, call(channel.clone(), UNARY, &["a"], None)).await.expect("an answer").1.unwrap_err()
}

async fn refuse(peer: &mut Peer, stream: u32) {
    let fields =
        [(":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "5"), ("grpc-message", "none")];
    peer.head(stream, &fields, END_STREAM).await;
}

/// What the peer does once there is a call, of which the first has stream 1.
#[derive(Clone, Copy)]
enum Then {
    Answer,
    Cut,
    Wait,
}

async fn gone(last_stream: u32, reason: u32, then: Then) -> Status {
    let (listener, address) = frames::bind().await;
    let peer: JoinHandle<()> = tokio::spawn(async move {
        let mut peer = Peer::accept(&listener).await;
        let call = peer.wait_for(HEADERS).await.unwrap();
        assert_eq!(call.stream, 1);
        peer.go_away(last_stream, reason).await;
        match then {
            Then::Answer => refuse(&mut peer, 1).await,
            // What was sent arrives first.
            Then::Cut => return,
            Then::Wait => {}
        }
        while peer.next().await.is_some() {}
    });
    let status = ask(&channel_to(address)).await;
    timeout(GUARD, peer).await.expect("the connection ends").unwrap();
    status
}

/// A call is safe to make again if the peer says that it did not begin it: its stream is above the last
/// (RFC 9113, 6.8).
#[tokio::test]
async fn a_goaway_counts_by_its_last_stream() {
    let below = gone(0, NO_ERROR, Then::Wait).await;
    let metadata = below.to_errwire().metadata();
    assert_eq!((below.code(), &*metadata["fault"], &*metadata["processed"]), (Code::Unavailable, "goaway", "false"));

    for last in [1, 3, 0x7fff_ffff] {
        let status = gone(last, NO_ERROR, Then::Answer).await;
        assert_eq!((status.code(), status.message()), (Code::NotFound, "none"), "the call goes on: {last}");

        // Nobody knows how far it got.
        let status = gone(last, NO_ERROR, Then::Cut).await;
        let metadata = status.to_errwire().metadata();
        assert_eq!((status.code(), metadata.get("processed")), (Code::Unavailable, None), "{last}: {metadata:?}");
    }

    // The reason is that of the connection, and blames no caller.
    let calm = gone(0, ENHANCE_YOUR_CALM, Then::Wait).await;
    assert_eq!((calm.code(), &*calm.to_errwire().metadata()["h2_reason"]), (Code::Unavailable, "ENHANCE_YOUR_CALM"));
}

/// Sends so many frames of a page that has no end, and gives the reason with which the stream is reset.
async fn page(data_frames: usize) -> (Status, u32) {
    let (listener, address) = frames::bind().await;
    let peer = tokio::spawn(async move {
        let mut peer = Peer::accept(&listener).await;
        let call = peer.wait_for(HEADERS).await.unwrap();
        peer.head(call.stream, &[(":status", "503"), ("content-type", "text/html")], 0).await;
        for _ in 0..data_frames {
            peer.send(DATA, 0, call.stream, &[b'x'; 16_384]).await;
        }
        let reset = peer.wait_for(RST_STREAM).await.expect("a reset before the connection ends");
        assert_eq!(reset.stream, call.stream);
        // The connection is not lost over it.
        let next = peer.wait_for(HEADERS).await.expect("another call");
        refuse(&mut peer, next.stream).await;
        while peer.next().await.is_some() {}
        u32::from_be_bytes(reset.payload.try_into().unwrap())
    });
    let channel = channel_to(address);
    let status = ask(&channel).await;
    assert_eq!(ask(&channel).await.code(), Code::NotFound);
    drop(channel);
    (status, timeout(GUARD, peer).await.expect("a reset").unwrap())
}

#[tokio::test]
async fn a_long_body_is_read_up_to_the_limit() {
    let (status, reason) = page(5).await;
    assert_eq!((status.code(), reason), (Code::Unavailable, CANCEL));
    // 2 KiB of it are sent on.
    assert_eq!(status.to_errwire().detail::<rpc::HttpResponse>().unwrap().body.len(), 2_048);
}

#[tokio::test]
async fn a_slow_body_is_read_up_to_the_timeout() {
    let (status, reason) = page(1).await;
    assert_eq!((status.code(), reason), (Code::Unavailable, CANCEL));
}

/// 1xx responses come before the final one, and are not it (RFC 9110, 15.2).
#[tokio::test]
async fn a_thousand_informational_responses() {
    let (listener, address) = frames::bind().await;
    let peer = tokio::spawn(async move {
        let mut peer = Peer::accept(&listener).await;
        let call = peer.wait_for(HEADERS).await.unwrap();
        for _ in 0..1_000 {
            peer.head(call.stream, &[(":status", "103"), ("link", "</a>; rel=preload")], 0).await;
        }
        refuse(&mut peer, call.stream).await;
        while peer.next().await.is_some() {}
    });
    let channel = channel_to(address);
    assert_eq!(ask(&channel).await.code(), Code::NotFound);
    drop(channel);
    timeout(GUARD, peer).await.expect("the connection ends").unwrap();
}
