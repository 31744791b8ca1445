//! What a caller may see does not depend on what its request claims. Real servers and raw requests: every field that a layer
//! reads, in every combination, against services whose response has a secret in every place.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::Router;
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use errwire::{
    Audience, Detail, Error, Translator, kinds,
    layer::{GrpcServerLayer, HttpServerLayer},
    rpc,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body_util::{BodyExt as _, StreamBody};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};
use tonic::{
    body::Body,
    service::Routes,
    transport::{Server, server::TcpIncoming},
};
use tower::service_fn;

use crate::layer_support::script::block;

const SECRET: &str = "s3cr3t";

/// No call waits longer.
const HANG: Duration = Duration::from_secs(20);

/// All that a careless handler says when it fails, and passes on of its upstream.
fn secrets() -> HeaderMap {
    let debug = rpc::DebugInfo { detail: SECRET.into(), ..Default::default() };
    let error = Error::new(kinds::INTERNAL_ERROR)
        .with_message(format!("db1: {SECRET}"))
        .with_detail(debug)
        .with_detail(Detail::new("type.example.com/acme.Custom", SECRET.as_bytes()));
    let mut fields = block(&[
        ("google.rpc.debuginfo-bin", SECRET),
        ("set-cookie", SECRET),
        ("authorization", SECRET),
        ("server", SECRET),
        ("x-envoy-peer", SECRET),
        ("proxy-status", SECRET),
        ("x-debug-exception", SECRET),
        ("server-timing", SECRET),
    ]);
    Translator::default().write_grpc(&error).write_to(&mut fields);
    fields
}

fn with(media: Option<&'static str>, status: u16, fields: HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status.try_into().unwrap();
    *response.headers_mut() = fields;
    if let Some(media) = media {
        response.headers_mut().insert("content-type", HeaderValue::from_static(media));
    }
    response
}

/// Data, then these trailers.
fn stream(data: &'static str, trailers: HeaderMap) -> Body {
    let frames = [http_body::Frame::data(Bytes::from_static(data.as_bytes())), http_body::Frame::trailers(trailers)];
    Body::new(StreamBody::new(tokio_stream::iter(frames.map(Ok::<_, Infallible>))))
}

async fn answer<B>(request: Request<B>) -> Result<Response<Body>, Infallible> {
    let plain = |media, status, body: String| Ok(with(media, status, HeaderMap::new(), Body::new(body)));
    match request.uri().path().trim_start_matches('/') {
        "trailers-only" => Ok(with(Some("application/grpc"), 200, secrets(), Body::empty())),
        "cased" => Ok(with(Some("Application/gRPC+Proto"), 200, secrets(), Body::empty())),
        "untyped" => Ok(with(None, 200, secrets(), Body::empty())),
        "typed-otherwise" => Ok(with(Some("text/plain"), 200, secrets(), Body::empty())),
        "trailers" => Ok(with(Some("application/grpc"), 200, HeaderMap::new(), stream("\0\0\0\0\0", secrets()))),
        "plain-trailers" => Ok(with(Some("text/plain"), 200, HeaderMap::new(), stream("hello", secrets()))),
        "web" => Ok(with(Some("application/grpc-web"), 200, HeaderMap::new(), Body::new(SECRET.to_owned()))),
        "web-trailers-only" => Ok(with(Some("application/grpc-web+proto"), 200, secrets(), Body::empty())),
        "panic" => panic!("{SECRET}"),
        "hang" => std::future::pending().await,
        // For the layer of HTTP alone: to the one of gRPC they are answers like any other.
        "text" => plain(None, 500, format!("stack of {SECRET}")),
        "ours" => Ok(with(
            Some("application/json"),
            503,
            secrets(),
            Body::new(format!(r#"{{"kind":"service_unavailable","message":"{SECRET}"}}"#)),
        )),
        _ => plain(None, 200, "hello".into()),
    }
}

const OF_GRPC: [&str; 10] = [
    "trailers-only",
    "cased",
    "untyped",
    "typed-otherwise",
    "trailers",
    "plain-trailers",
    "web",
    "web-trailers-only",
    "panic",
    "hang",
];

type Fields = Vec<(&'static str, &'static str)>;

/// Requests with every field that a layer reads, in values that make a difference or might.
fn heads() -> Vec<(Method, Fields)> {
    let media = [
        None,
        Some("application/grpc"),
        Some("Application/gRPC"),
        Some("application/grpcx"),
        Some("application/grpc-web"),
        Some("application/grpc-web-text"),
        Some("application/json"),
        Some("application/connect+json"),
        Some("text/plain"),
    ];
    let others: [Fields; 5] = [
        vec![],
        vec![("connect-protocol-version", "1"), ("accept", "application/connect+json")],
        vec![("accept", "application/grpc"), ("accept-language", "de"), ("te", "trailers")],
        vec![("x-request-id", "req_1"), ("accept", "application/problem+json")],
        vec![("grpc-status", "0"), ("grpc-encoding", "gzip"), ("x-grpc-web", "1")],
    ];
    let mut heads = Vec::new();
    for method in [Method::POST, Method::GET] {
        for media in media {
            for others in &others {
                // Short, so that what hangs ends.
                let mut fields = vec![("grpc-timeout", "5m")];
                fields.extend(media.map(|media| ("content-type", media)));
                fields.extend(others);
                heads.push((method.clone(), fields));
            }
        }
    }
    heads
}

/// What came back, with what is base64 in it decoded.
#[derive(Debug, Default)]
struct Seen(Vec<Vec<u8>>);

impl Seen {
    fn fields(&mut self, fields: &HeaderMap) {
        const LENIENT: GeneralPurpose = GeneralPurpose::new(
            &alphabet::STANDARD,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        for value in fields.values() {
            self.0.push(value.as_bytes().to_vec());
            self.0.extend(LENIENT.decode(value.as_bytes()));
        }
    }

    fn assert_holds_no_secret(&self, name: &str) {
        for piece in &self.0 {
            let text = String::from_utf8_lossy(piece);
            assert!(!text.contains(SECRET), "{name}: {text}");
        }
    }
}

async fn over_http_2(address: SocketAddr, path: &str, method: &Method, fields: &Fields) -> Seen {
    let (mut client, connection) = h2::client::handshake(TcpStream::connect(address).await.unwrap()).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut request = Request::new(());
    *request.method_mut() = method.clone();
    *request.uri_mut() = format!("http://{address}/{path}").parse().unwrap();
    *request.headers_mut() = block(fields);
    let (response, _) = client.send_request(request, true).unwrap();
    let mut seen = Seen::default();
    let (head, mut body) = response.await.unwrap().into_parts();
    seen.fields(&head.headers);
    while let Some(Ok(data)) = body.data().await {
        seen.0.push(data.to_vec());
    }
    if let Ok(Some(trailers)) = body.trailers().await {
        seen.fields(&trailers);
    }
    connection.abort();
    seen
}

async fn over_http_1(address: SocketAddr, path: &str, method: &Method, fields: &Fields) -> Seen {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head =
        format!("{method} /{path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 0\r\n{fields}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let mut seen = Seen(vec![answer.clone()]);
    let text = String::from_utf8_lossy(&answer).into_owned();
    for (name, value) in text.lines().filter_map(|line| line.split_once(": ")) {
        if let (Ok(name), Ok(value)) = (name.parse::<http::HeaderName>(), value.parse()) {
            seen.fields(&HeaderMap::from_iter([(name, value)]));
        }
    }
    seen
}

macro_rules! serve {
    ($layer:expr) => {{
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = Routes::from(Router::new().fallback_service(service_fn(answer)));
        let server = Server::builder().accept_http1(true).layer($layer).add_routes(routes);
        tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
        address
    }};
}

/// The paths side by side: a call that hangs, or one that panics, waits for nobody else's.
async fn try_all(address: SocketAddr, paths: &[&'static str]) {
    let mut calls: JoinSet<_> = paths.iter().map(|path| try_path(address, path)).collect();
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
}

async fn try_path(address: SocketAddr, path: &'static str) {
    for (method, fields) in heads() {
        let name = format!("{method} {path} {fields:?}");
        let seen = timeout(HANG, over_http_2(address, path, &method, &fields)).await;
        seen.unwrap_or_else(|_| panic!("{name} hangs")).assert_holds_no_secret(&name);
    }
    // Fewer here: the layers see the same, and what differs is how it is framed.
    for (method, fields) in heads().into_iter().step_by(3) {
        let name = format!("{method} {path} {fields:?} over HTTP/1.1");
        let seen = timeout(HANG, over_http_1(address, path, &method, &fields)).await;
        seen.unwrap_or_else(|_| panic!("{name} hangs")).assert_holds_no_secret(&name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_layer_of_grpc_withholds_from_all_alike() {
    try_all(serve!(GrpcServerLayer::default().with_audience(Audience::Public)), &OF_GRPC).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_layer_of_http_withholds_from_all_alike() {
    let paths: Vec<_> = OF_GRPC.into_iter().filter(|path| *path != "hang").chain(["text", "ours"]).collect();
    try_all(serve!(HttpServerLayer::default()), &paths).await;
}

/// The test would see the secret: insiders do, in each place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn insiders_see_it() {
    let address = serve!(GrpcServerLayer::default());
    let fields = vec![("content-type", "application/grpc"), ("te", "trailers")];
    for path in ["trailers-only", "cased", "untyped", "trailers", "plain-trailers"] {
        let seen = over_http_2(address, path, &Method::POST, &fields).await;
        assert!(seen.0.iter().any(|piece| String::from_utf8_lossy(piece).contains(SECRET)), "{path}");
    }
}

/// What an inner layer has written for its own audience stays, for a caller of gRPC.
#[tokio::test]
async fn an_inner_layer_decides_for_callers_of_grpc() {
    let inner = GrpcServerLayer::default();
    let layers = tower::ServiceBuilder::new().layer(HttpServerLayer::default()).layer(inner);
    let address = serve!(layers);
    let fields = vec![("content-type", "application/grpc"), ("te", "trailers")];
    for path in ["trailers-only", "trailers"] {
        let seen = over_http_2(address, path, &Method::POST, &fields).await;
        assert!(seen.0.iter().any(|piece| String::from_utf8_lossy(piece).contains(SECRET)), "{path}");
        // Not for one that only pretends.
        over_http_2(address, path, &Method::GET, &fields).await.assert_holds_no_secret(path);
    }
}

// docs/rules.md: R-BUDGET-4
/// HTTP/2 forbids some fields that handlers copy from an upstream; a peer that finds one discards the error with it.
#[tokio::test]
async fn an_error_arrives_in_spite_of_forbidden_fields() {
    async fn answer<B>(request: Request<B>) -> Result<Response<Body>, Infallible> {
        let fields = [
            ("connection", "close"),
            ("content-length", "42"),
            ("keep-alive", "timeout=5"),
            ("proxy-connection", "close"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("grpc-status", "5"),
            ("grpc-message", "none"),
        ];
        Ok(match request.uri().path() {
            "/trailers" => with(Some("application/grpc"), 200, HeaderMap::new(), stream("", block(&fields))),
            _ => with(Some("application/grpc"), 200, block(&fields), Body::empty()),
        })
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Routes::from(Router::new().fallback_service(service_fn(answer)));
    let server = Server::builder().layer(GrpcServerLayer::default()).add_routes(routes);
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    let channel = tonic::transport::Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy();
    for path in ["/trailers", "/head"] {
        let mut client = tonic::client::Grpc::new(channel.clone());
        client.ready().await.unwrap();
        let codec = tonic_prost::ProstCodec::<String, String>::default();
        let request = tonic::Request::new("a".to_owned());
        let status = client.unary(request, path.parse().unwrap(), codec).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (tonic::Code::NotFound, "none"), "{path}");
    }
}

/// A peer with a small limit for a block loses what is behind a lot of metadata.
#[tokio::test]
async fn the_status_comes_before_custom_metadata() {
    let large = "x".repeat(3_000);
    let mut fields = HeaderMap::new();
    for name in ["x-a", "x-b", "x-c"] {
        fields.insert(name, large.parse().unwrap());
    }
    fields.extend(block(&[("grpc-status", "5"), ("grpc-message", "none")]));
    for media in ["application/grpc", "application/grpc+proto"] {
        let inner = with(Some(media), 200, fields.clone(), Body::empty());
        let service = service_fn(move |_: Request<Body>| std::future::ready(Ok::<_, Infallible>(inner.clone_head())));
        let layered = tower::Layer::layer(&GrpcServerLayer::default(), service);
        let answer = tower::ServiceExt::oneshot(layered, Request::new(Body::empty())).await.unwrap();
        let first = answer.headers().keys().find(|name| *name != "content-type");
        assert_eq!(first.unwrap(), "grpc-status");
        assert_eq!(answer.headers().len(), 7, "{:?}", answer.headers().keys());
        assert!(answer.into_body().collect().await.unwrap().to_bytes().is_empty());
    }
}

/// Nor does a call that succeeded become one without a status.
#[tokio::test]
async fn the_status_of_a_success_comes_before_custom_metadata() {
    let fields = || {
        let large: HeaderValue = "x".repeat(20_000).parse().unwrap();
        let mut fields = HeaderMap::from_iter([(http::HeaderName::from_static("x-a"), large)]);
        fields.extend(block(&[("grpc-status", "0")]));
        fields
    };
    let service = service_fn(move |_: Request<Body>| {
        let response = with(Some("application/grpc"), 200, HeaderMap::new(), stream("\0\0\0\0\0", fields()));
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let layered = tower::Layer::layer(&GrpcServerLayer::default(), service);
    let response = tower::ServiceExt::oneshot(layered, Request::new(Body::empty())).await.unwrap();
    let trailers = response.into_body().collect().await.unwrap().trailers().cloned().unwrap();
    let names: Vec<_> = trailers.keys().map(http::HeaderName::as_str).collect();
    assert_eq!(names, ["grpc-status", "x-a"]);
}

trait CloneHead {
    fn clone_head(&self) -> Response<Body>;
}

impl CloneHead for Response<Body> {
    fn clone_head(&self) -> Response<Body> {
        with(None, self.status().as_u16(), self.headers().clone(), Body::empty())
    }
}
