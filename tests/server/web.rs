//! Callers in a browser: gRPC-Web and CORS, over HTTP/1.1.

use crate::support::{requests::trailers, server::Server};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use errwire::{
    Translator,
    server::{
        App,
        config::{Config, Origin},
    },
    service::pb,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use prost::Message;

const TO_HTTP: &str = "/errwire.v1.ErrorMappingService/GrpcToHttp";
const ORIGIN: &str = "https://console.example.com";

async fn send(server: &Server, request: http::request::Builder, path: &str, body: Vec<u8>) -> Response<Bytes> {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let request = request.uri(format!("http://{}{path}", server.address()));
    let (head, body) = client.request(request.body(Full::new(Bytes::from(body))).unwrap()).await.unwrap().into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}

fn post(content_type: &str) -> http::request::Builder {
    Request::post("/").header("content-type", content_type).header("x-grpc-web", "1")
}

fn framed(message: &impl Message) -> Vec<u8> {
    let message = message.encode_to_vec();
    [&[0][..], &u32::try_from(message.len()).unwrap().to_be_bytes(), &message].concat()
}

/// The frames of a body: flag and content (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md>).
fn frames(mut body: &[u8]) -> Vec<(u8, &[u8])> {
    let mut frames = Vec::new();
    while let [flag, a, b, c, d, rest @ ..] = body {
        let (frame, rest) = rest.split_at(u32::from_be_bytes([*a, *b, *c, *d]) as usize);
        frames.push((*flag, frame));
        body = rest;
    }
    assert!(body.is_empty());
    frames
}

fn assert_translated(body: &[u8]) {
    let frames = frames(body);
    assert_eq!(frames.len(), 2, "{body:?}");
    assert_eq!(frames[0].0, 0);
    let answer = pb::GrpcToHttpResponse::decode(frames[0].1).unwrap();
    assert_eq!(answer.response.unwrap().status, 404);
    assert_eq!(frames[1].0, 0x80);
    let trailers = std::str::from_utf8(frames[1].1).unwrap();
    assert!(trailers.lines().any(|line| line == "grpc-status:0"), "{trailers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_calls_over_grpc_web() {
    let server = Server::start();
    let request = framed(&trailers("5", "no such task"));
    for content_type in ["application/grpc-web+proto", "application/grpc-web"] {
        let response = send(&server, post(content_type).header("accept", content_type), TO_HTTP, request.clone()).await;
        assert_eq!(response.status(), 200);
        assert_translated(response.body());
    }

    let text = post("application/grpc-web-text+proto").header("accept", "application/grpc-web-text+proto");
    let response = send(&server, text, TO_HTTP, BASE64_STANDARD.encode(&request).into_bytes()).await;
    assert_eq!(response.headers()["content-type"], "application/grpc-web-text+proto");
    // Each piece is padded for itself, so that it can be sent when it is there.
    let groups = response.body().chunks(4).map(|group| BASE64_STANDARD.decode(group).unwrap());
    assert_translated(&groups.collect::<Vec<_>>().concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_call_keeps_its_details() {
    let server = Server::start();
    let request = framed(&trailers("0", ""));
    let response = send(&server, post("application/grpc-web+proto"), TO_HTTP, request).await;
    // 3 is INVALID_ARGUMENT. There is no message, so it is Trailers-Only: in the head, with no frame of trailers.
    assert_eq!(response.headers()["grpc-status"], "3");
    assert!(response.headers().contains_key("grpc-status-details-bin"));
    assert!(response.body().is_empty(), "{:?}", response.body());
}

#[tokio::test(flavor = "multi_thread")]
async fn grpc_web_is_posted() {
    let server = Server::start();
    let get = Request::get("/").header("content-type", "application/grpc-web");
    let response = send(&server, get, TO_HTTP, Vec::new()).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["allow"]),
        (405, &HeaderValue::from_static("GET, POST"))
    );
}

fn app(origin: &str) -> App {
    let mut config = Config::default();
    config.cors_origins = vec![Origin::new(origin).unwrap()];
    App::new(Translator::default()).with_config(config)
}

async fn cross_origin(server: &Server, method: Method, path: &str) -> HeaderMap {
    let request = Request::builder()
        .method(method)
        .header("origin", ORIGIN)
        .header("content-type", "application/json")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,x-own");
    send(server, request, path, b"{}".to_vec()).await.headers().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_named_origins_may_call() {
    let server = Server::with(app(ORIGIN));
    // A success, an error of an RPC, and one of the path: a page has to be able to read all of them.
    for path in ["/errwire.v1.CatalogService/ListKinds", TO_HTTP, "/nowhere"] {
        let headers = cross_origin(&server, Method::POST, path).await;
        assert_eq!(headers["access-control-allow-origin"], ORIGIN, "{path}");
        let exposed = headers["access-control-expose-headers"].to_str().unwrap();
        for name in ["grpc-status", "grpc-message", "grpc-status-details-bin", "retry-after"] {
            assert!(exposed.split(',').any(|exposed| exposed == name), "{exposed}");
        }
    }
    let preflight = cross_origin(&server, Method::OPTIONS, TO_HTTP).await;
    assert_eq!(preflight["access-control-allow-origin"], ORIGIN);
    assert_eq!(preflight["access-control-allow-headers"], "content-type,x-own");

    let other = Server::with(app("https://other.example"));
    assert!(!cross_origin(&other, Method::POST, TO_HTTP).await.contains_key("access-control-allow-origin"));
    let none = cross_origin(&Server::start(), Method::OPTIONS, TO_HTTP).await;
    assert!(!none.contains_key("access-control-allow-origin"));
}
