//! What `HttpClientLayer` makes of responses, and of failures without one (docs/rules.md, R-LAYER-7).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use errwire::{
    BoxError, Code, Error, StatusTable, kinds,
    layer::{Direction, Event, HttpClientLayer},
    rpc,
};
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::Instant,
};
use tower::{Layer, ServiceBuilder, ServiceExt, service_fn};

use crate::scripted::{Scripted, Step, answering, headers, response, scripted};

async fn ask(layer: &HttpClientLayer, inner: Response<Scripted>) -> Error {
    layer.layer(answering(inner)).oneshot(Request::new(())).await.map(|_| ()).unwrap_err()
}

async fn by_default(inner: Response<Scripted>) -> Error {
    ask(&HttpClientLayer::default(), inner).await
}

const HTML: (&str, &str) = ("content-type", "text/html");
const JSON: (&str, &str) = ("content-type", "application/json");

// docs/rules.md: R-LAYER-7
#[tokio::test]
async fn a_response_of_an_api() {
    let error = by_default(response(
        404,
        &[JSON, ("x-request-id", "req_1")],
        r#"{"kind":"task_not_found","message":"No task 7."}"#,
    ))
    .await;
    assert!(error.kind() == kinds::TASK_NOT_FOUND);
    assert_eq!((error.code(), error.status().as_u16(), &*error.message()), (Code::NotFound, 404, "No task 7."));
    assert_eq!(error.detail::<rpc::RequestInfo>().unwrap().request_id, "req_1");

    let grpc = [("content-type", "application/grpc"), ("grpc-status", "7"), ("grpc-message", "No.")];
    let error = by_default(response(200, &grpc, "")).await;
    assert_eq!((error.code(), &*error.message()), (Code::PermissionDenied, "No."));
}

#[tokio::test]
async fn a_response_of_a_proxy() {
    // https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
    let rows = [
        (400, Code::Internal),
        (401, Code::Unauthenticated),
        (403, Code::PermissionDenied),
        (404, Code::Unimplemented),
        (413, Code::Unknown),
        (429, Code::Unavailable),
        (431, Code::Internal),
        (499, Code::Unknown),
        (500, Code::Unknown),
        (502, Code::Unavailable),
        (503, Code::Unavailable),
        (504, Code::Unavailable),
        (521, Code::Unknown),
        (800, Code::Unknown),
    ];
    for (status, code) in rows {
        for body in ["<html>secret</html>", "\nsecret", "\u{0}secret", "\u{1f}secret", ""] {
            let error = by_default(response(status, &[HTML], body)).await;
            assert_eq!(error.code(), code, "{status}");
            assert!(!error.message().contains("secret"), "{status}");
        }
    }
    let layer = HttpClientLayer::default().with_table(StatusTable::Origin);
    assert_eq!(ask(&layer, response(404, &[HTML], "No page.")).await.code(), Code::NotFound);
}

#[tokio::test]
async fn success_is_untouched() {
    for status in [101, 200, 204, 302, 304] {
        let lines = [("content-length", "6"), ("etag", "\"x\"")];
        let trailers = headers(&[("grpc-status", "5")]);
        let inner = response(status, &lines, scripted([Step::Data(b"abcdef"), Step::Trailers(trailers.clone())]));
        let answer = HttpClientLayer::default().layer(answering(inner)).oneshot(Request::new(())).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()), (status, &headers(&lines)));
        let mut body = answer.into_body();
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "abcdef");
        assert_eq!(body.frame().await.unwrap().unwrap().into_trailers().unwrap(), trailers);
        assert!(body.frame().await.is_none());
    }
}

#[tokio::test]
async fn a_success_that_breaks_off() {
    let inner = response(200, &[], scripted([Step::Data(b"half"), Step::Error]));
    let answer = HttpClientLayer::default().layer(answering(inner)).oneshot(Request::new(())).await.unwrap();
    let error = answer.into_body().collect().await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert!(std::error::Error::source(&error).unwrap().is::<io::Error>());
}

#[tokio::test]
async fn a_response_to_head() {
    let request = Request::builder().method(Method::HEAD).body(()).unwrap();
    let inner = response(404, &[JSON], scripted([Step::Hang]));
    let error = HttpClientLayer::default().layer(answering(inner)).oneshot(request).await.map(|_| ()).unwrap_err();
    assert_eq!(error.code(), Code::NotFound, "a JSON content type is the mark of an API");
}

/// What begins as JSON under a JSON type is the mark of an API, and weak evidence, also where it is not whole.
#[tokio::test(start_paused = true)]
async fn broken_error_bodies() {
    let whole: &[u8] = br#"{"kind":"task_not_found","message":"No task 7."}"#;
    let rows: [(&str, Vec<Step>, Code); 6] = [
        ("in pieces", vec![Step::Data(&whole[..9]), Step::Data(b""), Step::Data(&whole[9..])], Code::NotFound),
        ("reset midway", vec![Step::Data(&whole[..9]), Step::Error], Code::NotFound),
        ("reset at the end", vec![Step::Data(whole), Step::Error], Code::NotFound),
        ("no end", vec![Step::Data(whole), Step::Hang], Code::NotFound),
        ("a panic", vec![Step::Panic], Code::Unimplemented),
        ("10 GB", vec![Step::Block(16 * 1024), Step::Again], Code::Unimplemented),
    ];
    for (name, steps, code) in rows {
        let body = scripted(steps);
        let (watch, start) = (body.watch.clone(), Instant::now());
        assert_eq!(by_default(response(404, &[JSON], body)).await.code(), code, "{name}");
        assert!(watch.is_dropped() && watch.bytes() <= 80 * 1024, "{name}");
        assert!(start.elapsed() <= Duration::from_millis(2_100), "{name}");
    }
}

#[tokio::test]
async fn a_failure_without_a_response_is_never_an_application_code() {
    use io::ErrorKind::{
        AlreadyExists, BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, InvalidInput, NotFound,
        PermissionDenied, TimedOut, UnexpectedEof,
    };
    let all = [
        AlreadyExists,
        BrokenPipe,
        ConnectionAborted,
        ConnectionRefused,
        ConnectionReset,
        InvalidInput,
        NotFound,
        PermissionDenied,
        TimedOut,
        UnexpectedEof,
    ];
    for kind in all {
        let service =
            service_fn(move |_: Request<()>| async move { Err::<Response<Scripted>, _>(io::Error::from(kind)) });
        let error = HttpClientLayer::default().layer(service).oneshot(Request::new(())).await.map(|_| ()).unwrap_err();
        assert_eq!(error.code(), Code::Unavailable, "{kind}");
        assert!(std::error::Error::source(&error).unwrap().is::<io::Error>());
    }
    let own = || Box::new(io::Error::other(Error::new(kinds::TOKEN_MISSING))) as BoxError;
    let service = service_fn(move |_: Request<()>| async move { Err::<Response<Scripted>, _>(own()) });
    let error = HttpClientLayer::default().layer(service).oneshot(Request::new(())).await.map(|_| ()).unwrap_err();
    assert!(error.kind() == kinds::TOKEN_MISSING);
}

#[cfg(feature = "tower")]
#[tokio::test(start_paused = true)]
async fn the_callers_own_timeout() {
    let slow = service_fn(|_: Request<()>| std::future::pending::<Result<Response<Scripted>, BoxError>>());
    let client = ServiceBuilder::new().layer(HttpClientLayer::default()).timeout(Duration::from_secs(1)).service(slow);
    let error = client.oneshot(Request::new(())).await.map(|_| ()).unwrap_err();
    assert_eq!(error.code(), Code::DeadlineExceeded);
    // What the service inside made of a timeout stays what it is.
    let own = || Error::new(kinds::TOKEN_MISSING).with_source(tower::timeout::error::Elapsed::new());
    let service = service_fn(move |_: Request<()>| async move { Err::<Response<Scripted>, _>(own()) });
    let error = HttpClientLayer::default().layer(service).oneshot(Request::new(())).await.map(|_| ()).unwrap_err();
    assert!(error.kind() == kinds::TOKEN_MISSING, "{error:?}");
}

/// Sends one request with hyper-util's client to a peer that answers with these bytes and closes.
async fn over_tcp(answer: &'static str) -> Result<Response<Bytes>, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let peer = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 1_024]).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let client = ServiceBuilder::new().layer(HttpClientLayer::default()).service(client);
    let request = Request::builder().uri(format!("http://{address}/")).body(Empty::new()).unwrap();
    let answered = client.oneshot(request).await;
    peer.await.unwrap();
    let (head, body) = answered?.into_parts();
    Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
}

#[tokio::test]
async fn a_real_client() {
    let fine = over_tcp("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await.unwrap();
    assert_eq!(fine.body(), "ok");

    let not_found = "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 48\r\n\r\n\
                     {\"kind\":\"task_not_found\",\"message\":\"No task 7.\"}";
    assert!(over_tcp(not_found).await.unwrap_err().kind() == kinds::TASK_NOT_FOUND);
    let cut = "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n\
               {\"kind\":\"task_not_found\",\"message\":\"No task 7.\"}";
    assert_eq!(over_tcp(cut).await.unwrap_err().code(), Code::NotFound);
    let hints = format!("{}{not_found}", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(1_000));
    assert!(over_tcp(hints.leak()).await.unwrap_err().kind() == kinds::TASK_NOT_FOUND);
    for broken in ["", "HTTP/1.1 2", "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok"] {
        assert_eq!(over_tcp(broken).await.unwrap_err().code(), Code::Unavailable, "{broken}");
    }

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let request = Request::builder().uri(format!("http://{}/", listener.local_addr().unwrap()));
    drop(listener);
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let client = HttpClientLayer::default().layer(client);
    let error = client.oneshot(request.body(Empty::new()).unwrap()).await.map(|_| ()).unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn the_observer_is_called_once() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = told.clone();
    let layer = HttpClientLayer::default()
        .with_observer(move |event: &Event<'_>| log.lock().unwrap().push((event.direction, event.error.code())));
    for status in [200, 404] {
        let _ = layer.layer(answering(response(status, &[HTML], ""))).oneshot(Request::new(())).await;
    }
    assert_eq!(*told.lock().unwrap(), [(Direction::HttpClient, Code::Unimplemented)]);
}
