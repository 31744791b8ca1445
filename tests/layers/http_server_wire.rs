//! `HttpServerLayer` as seen by a peer that speaks HTTP/1.1 by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use axum::{
    Router,
    body::{Body, Bytes},
    routing::{get, post},
};
use errwire::layer::HttpServerLayer;
use http::{Response, StatusCode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::scripted::{Step, scripted};

fn app() -> Router {
    let half = || async { Body::new(scripted([Step::Data(b"half"), Step::Pause, Step::Panic])) };
    let upgrade = || async { Response::builder().status(101).header("upgrade", "echo").body(Body::empty()).unwrap() };
    let read = |_: Bytes| async { StatusCode::CONFLICT };
    let wrong = || async { (StatusCode::CONFLICT, [("connection", "x-hop"), ("x-hop", "1")], "taken") };
    // As a handler has it that passes on what its upstream responded over HTTP/1.1.
    let passed_on = || async {
        let mut response = Response::builder().status(503).body(Body::from("db-7 refused")).unwrap();
        response.extensions_mut().insert(hyper::ext::ReasonPhrase::from_static(b"db-7 refused"));
        response
    };
    Router::new()
        .route("/passed_on", get(passed_on))
        .route("/half", get(half))
        .route("/upgrade", get(upgrade))
        .route("/wrong", get(wrong))
        .route("/read", post(read))
        .layer(HttpServerLayer::default())
}

/// All that comes back for one request, until the server closes.
async fn raw(request: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, app()).await });
    let mut peer = TcpStream::connect(address).await.unwrap();
    peer.write_all(format!("{request} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset is one way to break off.
    let _ = peer.read_to_end(&mut answer).await;
    server.abort();
    String::from_utf8(answer).unwrap()
}

/// The head of the response, on a connection that the client would keep.
async fn kept(request: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, app()).await });
    let mut peer = TcpStream::connect(address).await.unwrap();
    peer.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        assert_ne!(peer.read_buf(&mut answer).await.unwrap(), 0, "no whole head");
    }
    server.abort();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn half_a_body_is_never_taken_for_a_whole_one() {
    let answer = raw("GET /half").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("transfer-encoding: chunked"), "{answer}");
    assert!(answer.ends_with("4\r\nhalf\r\n"), "without the last chunk: {answer}");
}

#[tokio::test]
async fn the_length_is_that_of_the_new_body() {
    let answer = raw("GET /wrong").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, r#"{"kind":"conflict","message":"taken"}"#);
    assert!(head.starts_with("HTTP/1.1 409 Conflict\r\n"), "{head}");
    assert!(head.contains("content-length: 37") && !head.contains("x-hop"), "{head}");

    let answer = raw("HEAD /wrong").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, "");
    assert!(head.contains("content-type: application/json"), "{head}");
}

/// The reason phrase is not a field, and says what the body said.
// docs/rules.md: R-PUBLIC-2
#[tokio::test]
async fn the_reason_phrase_of_an_upstream_is_withheld() {
    let answer = raw("GET /passed_on").await;
    assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
    assert!(!answer.contains("db-7"), "{answer}");
}

#[tokio::test]
async fn an_upgrade_passes() {
    let answer = raw("GET /upgrade").await;
    assert!(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n"), "{answer}");
    assert!(answer.contains("upgrade: echo"), "{answer}");
}

/// The rest of a body that nobody read would be taken for the next request, so that the connection ends: a client that keeps its
/// connections has to be told (<https://www.rfc-editor.org/rfc/rfc9112#section-9.6>).
#[tokio::test]
async fn a_body_that_may_be_unread_closes_the_connection() {
    let closes = |answer: &str| answer.split("\r\n").any(|line| line == "connection: close");
    for (request, status) in [("POST /nowhere", "404 Not Found"), ("POST /wrong", "405 Method Not Allowed")] {
        let answer =
            kept(&format!("{request} HTTP/1.1\r\nhost: a\r\ncontent-length: 300000\r\n\r\nthe first bytes")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")) && closes(&answer), "{answer}");
        let answer = kept(&format!("{request} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")) && !closes(&answer), "no body: {answer}");
    }
    let answer = kept("POST /read HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nbody").await;
    assert!(answer.starts_with("HTTP/1.1 409 Conflict\r\n") && !closes(&answer), "it was read: {answer}");
}
