//! What `HttpServerLayer` makes of what axum and tower-http answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use std::{collections::HashMap, time::Duration};

use axum::{
    Extension, Form, Json, Router,
    body::Body,
    extract::{DefaultBodyLimit, Path, Query},
    routing::{get, post},
};
use errwire::layer::HttpServerLayer;
use http::{Method, Request, StatusCode, response::Parts};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt;
use tower_http::{compression::CompressionLayer, cors::CorsLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct Task {
    url: String,
    run: Run,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct Run {
    retries: u8,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct Page {
    page: u32,
}

fn router() -> Router {
    Router::new()
        .route("/", get(|| async { "home" }).delete(|| async {}))
        .route("/tasks", post(|_: Json<Task>| async {}))
        .route("/tasks/{id}", get(|_: Path<u32>| async {}))
        .route("/pairs/{a}/{b}", get(|_: Path<(u8, u8)>| async {}))
        .route("/query", get(|_: Query<Page>| async {}))
        .route("/form", get(|_: Form<Page>| async {}).post(|_: Form<Page>| async {}))
        .route("/text", post(|_: String| async {}))
        .route("/state", get(|_: Extension<HashMap<u8, u8>>| async {}))
        .route("/missing", get(|_: Path<u32>| async {}))
        .route("/panic", get(panics))
        .route("/slow", get(std::future::pending::<()>))
        .layer(DefaultBodyLimit::max(1_000))
}

async fn panics() {
    panic!("secret")
}

async fn send(app: Router, request: Request<Body>) -> (Parts, Value) {
    let (head, body) = app.oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (head, serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("no JSON: {bytes:?}")))
}

fn request(method: Method, uri: &str, content_type: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder().method(method).uri(uri);
    let request = if content_type.is_empty() { request } else { request.header("content-type", content_type) };
    request.body(body.into()).unwrap()
}

/// What is sent, and the status, the kind and the field that come back.
type Row<'a> = (&'a Method, &'static str, &'a str, &'static str, u16, &'a str, Option<&'a str>);

#[tokio::test]
async fn every_rejection() {
    const JSON: &str = "application/json";
    const FORM: &str = "application/x-www-form-urlencoded";
    let (get, post) = (Method::GET, Method::POST);
    let rows: [Row<'_>; 19] = [
        (&get, "/nowhere", "", "", 404, "not_found", None),
        (&post, "/", "", "", 405, "method_not_allowed", None),
        (&post, "/tasks", "", "{}", 415, "unsupported_media_type", None),
        (&post, "/tasks", "text/plain", "{}", 415, "unsupported_media_type", None),
        (&post, "/tasks", JSON, "{", 400, "request_invalid", None),
        (&post, "/tasks", JSON, r#"{"run":{"retries":1}}"#, 422, "unprocessable_content", Some("url")),
        (&post, "/tasks", JSON, r#"{"url":"u","run":{}}"#, 422, "unprocessable_content", Some("run.retries")),
        (
            &post,
            "/tasks",
            JSON,
            r#"{"url":"u","run":{"retries":-1}}"#,
            422,
            "unprocessable_content",
            Some("run.retries"),
        ),
        (&post, "/tasks", JSON, r#"{"url":7}"#, 422, "unprocessable_content", Some("url")),
        (&get, "/tasks/abc", "", "", 400, "request_invalid", None),
        (&get, "/pairs/1/x", "", "", 400, "request_invalid", None),
        (&get, "/query", "", "", 400, "request_invalid", Some("page")),
        (&get, "/query?page=x", "", "", 400, "request_invalid", Some("page")),
        (&get, "/form?page=", "", "", 400, "request_invalid", Some("page")),
        (&post, "/form", "", "page=1", 415, "unsupported_media_type", None),
        (&post, "/form", FORM, "page=x", 422, "unprocessable_content", Some("page")),
        (&post, "/text", "", "\u{0}", 200, "", None),
        (&get, "/state", "", "", 500, "internal_error", None),
        (&get, "/panic", "", "", 500, "internal_error", None),
    ];
    for (method, uri, content_type, body, status, kind, field) in rows {
        let app = router().layer(HttpServerLayer::default().with_details());
        let sent = request(method.clone(), uri, content_type, body);
        if kind.is_empty() {
            assert_eq!(app.oneshot(sent).await.unwrap().status(), status);
            continue;
        }
        let (head, answer) = send(app, sent).await;
        assert_eq!((head.status.as_u16(), answer["kind"].as_str()), (status, Some(kind)), "{uri} {body}: {answer}");
        assert_eq!(head.headers["content-type"], "application/json", "{uri}");
        let named = answer["details"]
            .as_array()
            .unwrap()
            .iter()
            .find_map(|detail| detail["fieldViolations"][0]["field"].as_str());
        assert_eq!(named, field, "{uri} {body}: {answer}");
        assert!(!answer.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn the_path_parameter_is_named() {
    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Params {
        id: u32,
    }
    let app = Router::new().route("/tasks/{id}", get(|_: Path<Params>| async {}));
    let app = app.layer(HttpServerLayer::default().with_details());
    let (head, answer) = send(app, request(Method::GET, "/tasks/abc", "", "")).await;
    assert_eq!(head.status, 400);
    assert!(answer.to_string().contains(r#""field":"id""#), "{answer}");
}

#[tokio::test]
async fn too_large_is_413() {
    let large = || request(Method::POST, "/text", "text/plain", vec![b'x'; 2_000]);
    let (head, answer) = send(router().layer(HttpServerLayer::default()), large()).await;
    assert_eq!((head.status.as_u16(), &answer["kind"]), (413, &"content_too_large".into()));
    let app = router().layer(RequestBodyLimitLayer::new(10)).layer(HttpServerLayer::default());
    let mut sent = large();
    sent.headers_mut().insert("content-length", 2_000.into());
    let (head, answer) = send(app, sent).await;
    assert_eq!((head.status.as_u16(), &answer["kind"]), (413, &"content_too_large".into()));
}

#[tokio::test]
async fn method_not_allowed_has_allow() {
    let (head, _) = send(router().layer(HttpServerLayer::default()), request(Method::POST, "/", "", "")).await;
    let mut methods: Vec<_> = head.headers["allow"].to_str().unwrap().split(',').map(str::trim).collect();
    methods.sort_unstable();
    assert_eq!(methods, ["DELETE", "GET", "HEAD"]);
}

#[tokio::test(start_paused = true)]
async fn timeouts() {
    for (status, kind) in [(408, "request_timeout"), (503, "service_unavailable"), (504, "deadline_exceeded")] {
        let timeout = TimeoutLayer::with_status_code(StatusCode::from_u16(status).unwrap(), Duration::from_secs(1));
        let app = router().layer(timeout).layer(HttpServerLayer::default());
        let (head, answer) = send(app, request(Method::GET, "/slow", "", "")).await;
        assert_eq!((head.status.as_u16(), &answer["kind"]), (status, &kind.into()));
    }
}

#[tokio::test]
async fn cors_outside() {
    let app = router().layer(HttpServerLayer::default()).layer(CorsLayer::permissive());
    for path in ["/nowhere", "/panic", "/tasks/abc"] {
        let mut sent = request(Method::GET, path, "", "");
        sent.headers_mut().insert("origin", "https://a.example".parse().unwrap());
        let (head, _) = send(app.clone(), sent).await;
        assert_eq!(head.headers["access-control-allow-origin"], "*", "{path}");
        assert_eq!(head.headers["access-control-expose-headers"], "*", "{path}");
    }
    let mut preflight = request(Method::OPTIONS, "/nowhere", "", "");
    preflight.headers_mut().insert("origin", "https://a.example".parse().unwrap());
    preflight.headers_mut().insert("access-control-request-method", "PUT".parse().unwrap());
    let answer = app.oneshot(preflight).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["access-control-allow-methods"].as_bytes()),
        (200, &b"*"[..])
    );
}

#[tokio::test]
async fn compression_outside_and_inside() {
    let accept = |mut request: Request<Body>| {
        request.headers_mut().insert("accept-encoding", "gzip".parse().unwrap());
        request
    };
    let outside = router().layer(HttpServerLayer::default()).layer(CompressionLayer::new());
    let answer = outside.oneshot(accept(request(Method::GET, "/nowhere", "", ""))).await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let packed = answer.into_body().collect().await.unwrap().to_bytes();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&packed[..]), &mut text).unwrap();
    assert!(text.starts_with(r#"{"kind":"not_found","#), "{text}");

    let long = "This page was moved to another place, and nobody knows where that is.";
    let inside = Router::new().route("/", get(move || async move { (StatusCode::GONE, long) }));
    let inside = inside.layer(CompressionLayer::new()).layer(HttpServerLayer::default());
    let (head, answer) = send(inside, accept(request(Method::GET, "/", "", ""))).await;
    assert!(!head.headers.contains_key("content-encoding"));
    assert_eq!(answer, serde_json::json!({"kind": "gone", "message": long}));
}

#[tokio::test]
async fn head_requests() {
    let answer = router().layer(HttpServerLayer::default());
    let answer = answer.oneshot(request(Method::HEAD, "/nowhere", "", "")).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (404, &"application/json".parse().unwrap())
    );
    let length: usize = answer.headers()["content-length"].to_str().unwrap().parse().unwrap();
    assert!(length > 20);
    assert!(answer.into_body().collect().await.unwrap().to_bytes().is_empty());
}

#[tokio::test]
async fn success_passes() {
    let answer = router().layer(HttpServerLayer::default()).oneshot(request(Method::GET, "/", "", "")).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "home");
}

#[cfg(feature = "axum")]
mod into_response {
    use errwire::{Audience, Error, kinds};

    use super::*;

    async fn fails() -> errwire::Result<&'static str> {
        Err(Error::new(kinds::INTERNAL_ERROR).with_message("disk on fire"))
    }

    async fn overrides() -> (StatusCode, Error) {
        (StatusCode::GONE, Error::new(kinds::TASK_NOT_FOUND))
    }

    fn app() -> Router {
        Router::new().route("/fails", get(fails)).route("/overrides", get(overrides))
    }

    #[tokio::test]
    async fn alone_it_is_public() {
        let (head, answer) = send(app(), request(Method::GET, "/fails", "", "")).await;
        assert_eq!((head.status.as_u16(), &answer["kind"]), (500, &"internal_error".into()));
        assert!(!answer.to_string().contains("fire"));
        assert_eq!(head.extensions.get::<Error>().unwrap().message(), "disk on fire");
    }

    #[tokio::test]
    async fn under_the_layer_it_is_for_its_audience() {
        let app = app().layer(HttpServerLayer::default().with_audience(Audience::Internal));
        let (head, answer) = send(app.clone(), request(Method::GET, "/fails", "", "")).await;
        assert_eq!(answer["message"], "disk on fire");
        assert!(head.headers.contains_key("grpc-status-details-bin"));
        let (head, answer) = send(app, request(Method::GET, "/overrides", "", "")).await;
        assert_eq!((head.status.as_u16(), &answer["kind"]), (410, &"task_not_found".into()));
    }
}
