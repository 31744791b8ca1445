//! Requests whose head is too large, or is none: each caller is told so in the own protocol.

use std::net::SocketAddr;

use crate::support::{requests::trailers, server::Server};
use errwire::{Code, StatusExt, server::config::Size};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tonic::Request;

/// All that comes back for these bytes. The server may close before it has read all of them.
async fn tell(address: SocketAddr, bytes: &[u8]) -> String {
    let (mut read, mut write) = TcpStream::connect(address).await.unwrap().into_split();
    let bytes = bytes.to_vec();
    let writing = tokio::spawn(async move {
        let _ = write.write_all(&bytes).await;
        write
    });
    let mut answer = Vec::new();
    let _ = read.read_to_end(&mut answer).await;
    drop(writing.await);
    String::from_utf8(answer).unwrap()
}

/// The status and the body of a response that ends its connection.
fn parse(answer: &str) -> (u16, serde_json::Value) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
    let lines: Vec<_> = head.split("\r\n").collect();
    assert!(lines[0].starts_with("HTTP/1.1 "), "{answer}");
    for field in ["content-type: application/json", "cache-control: no-store", "connection: close"] {
        assert_eq!(lines.iter().filter(|line| **line == field).count(), 1, "{field}: {answer}");
    }
    assert_eq!(lines.iter().filter(|line| **line == format!("content-length: {}", body.len())).count(), 1, "{answer}");
    for field in ["x-request-id: ", "date: "] {
        assert_eq!(lines.iter().filter(|line| line.starts_with(field)).count(), 1, "{field}: {answer}");
    }
    (lines[0][9..12].parse().unwrap(), serde_json::from_str(body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_request_gets_an_error_in_our_dialect() {
    let server = Server::start();
    let long = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(70_000));
    let large = format!("GET / HTTP/1.1\r\nhost: a\r\nx-a: {}\r\n\r\n", "a".repeat(70_000));
    for (request, status, kind) in [
        ("GET / HTTP/1.1\r\nno field\r\n\r\n", 400, "request_invalid"),
        ("GET http://[ HTTP/1.1\r\nhost: a\r\n\r\n", 400, "request_invalid"),
        ("GET / HTTP/7.7\r\nhost: a\r\n\r\n", 400, "request_invalid"),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n", 400, "request_invalid"),
        // https://www.rfc-editor.org/rfc/rfc9112#section-3.2: one host, and not more.
        ("POST /errwire.v1.CatalogService/GetKind HTTP/1.1\r\ncontent-length: 9\r\n\r\n", 400, "request_invalid"),
        ("POST / HTTP/1.1\r\nhost: a\r\nhost: b\r\ncontent-length: 9\r\n\r\n", 400, "request_invalid"),
        ("\x16\x03\x01\x02\x00\x01\x00", 400, "request_invalid"),
        (&*long, 431, "header_fields_too_large"),
        (&*large, 431, "header_fields_too_large"),
    ] {
        let (said, body) = parse(&tell(server.address(), request.as_bytes()).await);
        assert_eq!((said, body["kind"].as_str()), (status, Some(kind)), "{request:.40}");
        assert!(!body["message"].as_str().unwrap().is_empty());
    }
    // The response to the earlier request is unchanged.
    let twice = tell(server.address(), b"GET /nope HTTP/1.1\r\nhost: a\r\n\r\nnonsense\r\n\r\n").await;
    let second = twice.rfind("HTTP/1.1 400 ").unwrap();
    assert!(twice[..second].starts_with("HTTP/1.1 404 ") && twice[..second].ends_with("}"), "{twice}");
    assert_eq!(parse(&twice[second..]).0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_above_the_limit_is_refused_in_the_protocol_of_its_caller() {
    let server = Server::set(|config| config.max_header_list_bytes = Size::kib(8));
    let value = "a".repeat(8_192);

    let mut client = server.mapping().await;
    let mut request = Request::new(trailers("5", ""));
    request.metadata_mut().insert("x-a", value.parse().unwrap());
    let error = client.grpc_to_http(request).await.unwrap_err().to_errwire();
    assert_eq!((error.kind().as_str(), error.code()), ("header_fields_too_large", Code::ResourceExhausted));
    assert_eq!(error.message(), "The header fields are larger than 8192 bytes. Send fewer, or shorter ones.");
    client.grpc_to_http(trailers("5", "")).await.expect("the connection goes on");

    for (field, expected) in [
        ("x-b: c", r#"{"kind":"header_fields_too_large","#),
        ("connect-protocol-version: 1", r#"{"code":"resource_exhausted","#),
    ] {
        let request = format!(
            "GET /nope HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{field}\r\nx-request-id: mine\r\nx-a: {value}\r\n\r\n"
        );
        let answer = tell(server.address(), request.as_bytes()).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(body.starts_with(expected), "{answer}");
        assert!(head.contains("\r\nx-request-id: mine"), "{answer}");
    }

    let stream = TcpStream::connect(server.address()).await.unwrap();
    let (mut send, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = http::Request::get("http://a/nope").header("x-a", value).body(Empty::<bytes::Bytes>::new()).unwrap();
    let answer = send.send_request(request).await.unwrap();
    assert_eq!(answer.status(), 431);
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert!(body.starts_with(br#"{"kind":"header_fields_too_large","#), "{body:?}");
    connection.abort();
}

/// A refusal before the body is read closes the connection, and says so: the next call of a client that keeps its connections
/// would fail otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_before_the_body_is_read_closes_the_connection() {
    let server = Server::start();
    let rows = [
        ("POST /nowhere", "application/json", 404),
        ("PUT /errwire.v1.ErrorMappingService/HttpToGrpc", "application/json", 405),
        ("POST /errwire.v1.ErrorMappingService/HttpToGrpc", "text/plain", 415),
    ];
    for (line, media, status) in rows {
        let request = format!(
            "{line} HTTP/1.1\r\nhost: a\r\ncontent-type: {media}\r\ncontent-length: 100000\r\n\r\nthe first bytes"
        );
        let answer = tell(server.address(), request.as_bytes()).await;
        assert_eq!(parse(&answer).0, status, "{line}");
    }
    // One whose body was read keeps it: both requests of one connection are answered.
    let bad = "{}";
    let request = format!(
        "POST /errwire.v1.ErrorMappingService/HttpToGrpc HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        bad.len()
    );
    let two = format!("{request}\r\n{bad}{request}connection: close\r\n\r\n{bad}");
    let answers = tell(server.address(), two.as_bytes()).await;
    assert_eq!(answers.matches("HTTP/1.1 400 ").count(), 2, "{answers}");
}
