//! What layers outside of ours see and change, as `docs/guide.md` says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::layer_support::{
    echo::{Echo, SERVER_STREAM, UNARY, failure},
    script::{block, see},
};
use axum::{Router, routing::get};
use bytes::Bytes;
use errwire::{
    Audience, Error, kinds,
    layer::{GrpcServerLayer, HttpServerLayer},
    rpc,
};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Full};
use tonic::{Status, body::Body, codec::CompressionEncoding, server::Grpc};
use tonic_prost::ProstCodec;
use tonic_web::GrpcWebLayer;
use tower::{Layer as _, ServiceBuilder, ServiceExt as _, service_fn};
use tower_http::{
    classify::{GrpcFailureClass, ServerErrorsFailureClass},
    compression::CompressionLayer,
    cors::CorsLayer,
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    trace::TraceLayer,
};
use tracing::Span;

/// What was seen, in order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: impl ToString) {
        self.0.lock().unwrap().push(line.to_string());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// A message of gRPC in its frame: a string in field 1.
fn message(text: &str) -> Bytes {
    let field = [&[0x0a, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    [&[0, 0, 0, 0, u8::try_from(field.len()).unwrap()], &field[..]].concat().into()
}

fn post(path: &str, fields: &[(&'static str, &str)], text: &str) -> Request<Body> {
    let mut request = Request::post(path).body(Body::new(Full::new(message(text)))).unwrap();
    *request.headers_mut() = block(fields);
    request
}

const GRPC: (&str, &str) = ("content-type", "application/grpc");

#[tokio::test]
async fn trace_sees_the_status_over_http() {
    let log = Log::default();
    let (seen, failed) = (log.clone(), log.clone());
    let trace = TraceLayer::new_for_http()
        .on_response(move |response: &Response<_>, _: Duration, _: &Span| seen.add(response.status().as_u16()))
        .on_failure(move |class: ServerErrorsFailureClass, _: Duration, _: &Span| failed.add(class));
    let app = Router::new()
        .route("/fine", get(|| async { "fine" }))
        .route("/panic", get(|| async { panic!("a secret") as String }))
        .layer(HttpServerLayer::default())
        .layer(trace);
    for (path, expected) in
        [("/fine", &["200"][..]), ("/none", &["404"]), ("/panic", &["500", "Status code: 500 Internal Server Error"])]
    {
        let answer = app.clone().oneshot(Request::get(path).body(axum::body::Body::empty()).unwrap()).await.unwrap();
        drop(answer);
        assert_eq!(log.take(), expected, "{path}");
    }
}

#[tokio::test]
async fn trace_sees_the_status_of_grpc() {
    let log = Log::default();
    let failed = log.clone();
    let trace =
        TraceLayer::new_for_grpc().on_failure(move |class: GrpcFailureClass, _: Duration, _: &Span| failed.add(class));
    let stack = ServiceBuilder::new().layer(trace).layer(GrpcServerLayer::default()).service(Echo);
    // 5 is NOT_FOUND, 13 INTERNAL, 4 DEADLINE_EXCEEDED.
    for (path, words, expected) in [
        (UNARY, "a", &[][..]),
        (UNARY, "fail", &["Code: 5"]),
        (UNARY, "panic", &["Code: 13"]),
        (UNARY, "hang", &["Code: 4"]),
        (SERVER_STREAM, "a fail", &["Code: 5"]),
        (SERVER_STREAM, "a panic", &["Code: 13"]),
        (SERVER_STREAM, "a hang", &["Code: 4"]),
    ] {
        let request = post(path, &[GRPC, ("grpc-timeout", "300m")], words);
        let answer = stack.clone().oneshot(request).await.unwrap();
        see(answer).await;
        assert_eq!(log.take(), expected, "{path} {words}");
    }
}

#[derive(Clone)]
struct Seven;

impl MakeRequestId for Seven {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        Some(RequestId::new("req_7".parse().unwrap()))
    }
}

#[tokio::test]
async fn the_id_of_tower_https_layer_is_named() {
    let stack = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(Seven))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(HttpServerLayer::default())
        .service(Router::<()>::new());
    let answer = stack.oneshot(Request::get("/none").body(axum::body::Body::empty()).unwrap()).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["x-request-id"].as_bytes()), (404, &b"req_7"[..]));
    let named: rpc::RequestInfo = answer.extensions().get::<Error>().unwrap().detail().unwrap();
    assert_eq!(named.request_id, "req_7");
}

/// The trailers in the body of gRPC-Web: a frame with 0x80 as its first byte
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md>).
fn web_trailers(body: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = body;
    while let Some((head, tail)) = rest.split_first_chunk::<5>() {
        let len = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        if head[0] == 0x80 {
            found.push(String::from_utf8(tail[..len].to_vec()).unwrap());
        }
        rest = &tail[len..];
    }
    found
}

#[tokio::test]
async fn tonic_web_and_cors_outside() {
    let stack = ServiceBuilder::new()
        .layer(CorsLayer::permissive())
        .layer(GrpcWebLayer::new())
        .layer(GrpcServerLayer::default())
        .service(Echo);
    let web = [("content-type", "application/grpc-web+proto"), ("origin", "https://app.example")];
    // Before there is a stream, behind a message, and a panic that tonic knows nothing of.
    for (words, status) in [("now fail", "5"), ("a fail", "5"), ("a panic", "13")] {
        let answer = stack.clone().oneshot(post(SERVER_STREAM, &web, words)).await.unwrap();
        let (head, body) = answer.into_parts();
        assert_eq!((head.status.as_u16(), &head.headers["content-type"]), (200, &web[0].1.parse().unwrap()), "{words}");
        assert_eq!(head.headers["access-control-allow-origin"], "*", "{words}");
        assert_eq!(head.headers["access-control-expose-headers"], "*", "{words}");
        let trailers = web_trailers(&body.collect().await.unwrap().to_bytes());
        if head.headers.contains_key("grpc-status") {
            assert_eq!((&head.headers["grpc-status"], trailers.len()), (&status.parse().unwrap(), 0), "{words}");
            assert!(head.headers.contains_key("grpc-status-details-bin"), "{words}");
        } else {
            let [trailers] = &trailers[..] else { panic!("{words}: {trailers:?}") };
            assert!(trailers.contains(&format!("grpc-status:{status}\r\n")), "{words}: {trailers}");
            assert!(trailers.contains("grpc-status-details-bin:"), "{words}: {trailers}");
        }
    }
    // A preflight does not reach the service.
    let mut preflight = post(UNARY, &[web[1], ("access-control-request-method", "POST")], "");
    *preflight.method_mut() = http::Method::OPTIONS;
    let answer = stack.oneshot(preflight).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["access-control-allow-methods"]),
        (200, &"*".parse().unwrap())
    );
}

/// The wrong way round the layer sees the status of gRPC-Web in headers alone. One in the body is hidden from it: it passes
/// to insiders, and the public is refused.
#[tokio::test]
async fn tonic_web_inside_hides_the_errors() {
    let stack = ServiceBuilder::new().layer(GrpcServerLayer::default()).layer(GrpcWebLayer::new());
    let refuse =
        service_fn(|_: Request<Body>| async { Ok::<_, Infallible>(Status::not_found("none").into_http::<Body>()) });
    let web = [("content-type", "application/grpc-web+proto")];
    let answer = stack.service(refuse).oneshot(post(UNARY, &web, "a")).await.unwrap();
    assert_eq!(answer.headers()["grpc-status"], "5");
    assert!(answer.headers().contains_key("grpc-status-details-bin"));

    let hidden = "the body that hides a status";
    for (audience, status, text) in [(Audience::Internal, 200, hidden), (Audience::Public, 500, "")] {
        let answers = service_fn(move |_: Request<Body>| async move {
            let answer = Response::builder().header("content-type", "Application/gRPC-Web+proto");
            Ok::<_, Infallible>(answer.body(Body::new(hidden.to_owned())).unwrap())
        });
        let layer = GrpcServerLayer::default().with_audience(audience);
        let answer = layer.layer(answers).oneshot(post(UNARY, &web, "a")).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{audience:?}");
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), text, "{audience:?}");
    }
}

#[tokio::test]
async fn messages_are_compressed_and_errors_stay_whole() {
    async fn words(_: tonic::Request<String>) -> Result<tonic::Response<Words>, Status> {
        Ok(tonic::Response::new(tokio_stream::iter([Ok("a".repeat(1_000)), Err(failure())])))
    }
    type Words = tokio_stream::Iter<std::array::IntoIter<Result<String, Status>, 2>>;

    let service = service_fn(|request: Request<Body>| async {
        let codec = ProstCodec::<String, String>::default();
        let mut grpc = Grpc::new(codec).send_compressed(CompressionEncoding::Gzip);
        Ok::<_, Infallible>(grpc.server_streaming(service_fn(words), request).await)
    });
    let fields = [GRPC, ("grpc-accept-encoding", "gzip"), ("accept-encoding", "gzip")];
    // tower-http's layer leaves gRPC alone, so that it does no harm outside.
    let stack = ServiceBuilder::new().layer(CompressionLayer::new()).layer(GrpcServerLayer::default()).service(service);
    let answer = see(stack.oneshot(post(SERVER_STREAM, &fields, "a")).await.unwrap()).await;
    assert_eq!((answer.head.get("content-encoding"), &answer.head["grpc-encoding"]), (None, &"gzip".parse().unwrap()));
    assert_eq!(answer.data[0], 1, "the message is compressed");
    assert!(answer.data.len() < 100, "{}", answer.data.len());
    assert_eq!((answer.code(), answer.read().kind()), ("5", &kinds::TASK_NOT_FOUND));
}

/// A layer of ours outside changes nothing that tonic-web wrote.
#[tokio::test]
async fn an_http_layer_outside_leaves_grpc_web_alone() {
    let stack = ServiceBuilder::new().layer(GrpcWebLayer::new()).layer(GrpcServerLayer::default()).service(Echo);
    let web = [("content-type", "application/grpc-web+proto")];
    let alone = stack.clone().oneshot(post(SERVER_STREAM, &web, "a fail")).await.unwrap();
    let inside = HttpServerLayer::default().layer(stack).oneshot(post(SERVER_STREAM, &web, "a fail")).await.unwrap();
    let sorted = |headers: &HeaderMap| {
        let mut lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(alone.headers()), sorted(inside.headers()));
    let (alone, inside) = (alone.into_body().collect().await.unwrap(), inside.into_body().collect().await.unwrap());
    assert_eq!(alone.to_bytes(), inside.to_bytes());
}
