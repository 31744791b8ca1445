//! Errors that a method does not declare: seen by observers, and answered all the same.

use std::{convert::Infallible, future};

use bytes::Bytes;
use errwire::{
    Catalog, Error, Kind, Translator,
    catalog::{HttpRoute, Method},
    kinds,
    layer::{GrpcServerLayer, HttpServerLayer, RequireDeclared},
};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tower::{Layer as _, ServiceExt as _, service_fn};

fn catalog() -> Catalog {
    Catalog::builtin().with_methods([
        Method::new("a.Tasks", ["token_missing"]),
        Method::new("a.Tasks/Get", ["task_not_found", "token_missing"])
            .with_routes([HttpRoute::new("GET", "/v1/tasks/{task_id}")]),
        Method::new("a.Tasks/Drop", [""; 0]).with_routes([HttpRoute::new("DELETE", "/v1/tasks/{task_id}")]),
    ])
}

/// The fields of a gRPC error, as a tonic service writes them.
fn trailers_only(kind: &Kind) -> Response<Full<Bytes>> {
    let mut response = Response::builder().header("content-type", "application/grpc").body(Full::default()).unwrap();
    Translator::default().write_grpc(&Error::new(kind.clone())).write_to(response.headers_mut());
    response
}

/// What is not declared of a gRPC call that fails with this kind; the response is the same as without declarations.
async fn undeclared_call(path: &str, kind: Kind) -> Vec<String> {
    let declared = RequireDeclared::new();
    let mut answers = Vec::new();
    for catalog in [Catalog::builtin(), catalog()] {
        let layer = GrpcServerLayer::new(Translator::new(catalog)).with_observer(declared.observer());
        let service = service_fn(|_| future::ready(Ok::<_, Infallible>(trailers_only(&kind))));
        let request = Request::post(path).header("content-type", "application/grpc").body(()).unwrap();
        let response = layer.layer(service).oneshot(request).await.unwrap();
        answers.push(response.headers().clone());
    }
    assert_eq!(answers[0], answers[1]);
    declared.take()
}

// docs/rules.md: R-CATALOG-6
#[tokio::test]
async fn of_grpc_calls() {
    let rows: [(&str, Kind, &[&str]); 8] = [
        ("/a.Tasks/Get", kinds::TASK_NOT_FOUND, &[]),
        ("/a.Tasks/Get", kinds::TOKEN_MISSING, &[]),
        ("/a.Tasks/Get", kinds::DEADLINE_EXCEEDED, &[]),
        ("/a.Tasks/Get", kinds::RUN_NOT_FOUND, &["a.Tasks/Get does not declare run_not_found"]),
        ("/a.Tasks/Drop", kinds::TASK_NOT_FOUND, &["a.Tasks/Drop does not declare task_not_found"]),
        // What the service declares holds for methods that are not listed.
        ("/a.Tasks/New", kinds::TOKEN_MISSING, &[]),
        ("/a.Tasks/New", kinds::GONE, &["a.Tasks does not declare gone"]),
        ("/b.Other/Get", kinds::GONE, &[]),
    ];
    for (path, kind, expected) in rows {
        assert_eq!(undeclared_call(path, kind.clone()).await, expected, "{path} {kind}");
    }
}

/// What is not declared of an HTTP request that fails with this kind.
async fn undeclared_request(layer: HttpServerLayer, verb: &str, path: &str, kind: Kind) -> Vec<String> {
    let declared = RequireDeclared::new();
    let layer = layer.with_observer(declared.observer());
    let service = service_fn(|_: Request<()>| {
        let mut response = Response::new(Full::new(Bytes::new()));
        *response.status_mut() = Error::new(kind.clone()).status().into();
        response.extensions_mut().insert(Error::new(kind.clone()));
        future::ready(Ok::<_, Infallible>(response))
    });
    let request = Request::builder().method(verb).uri(path).body(()).unwrap();
    let response = layer.layer(service).oneshot(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(body.starts_with(format!("{{\"kind\":\"{kind}\"").as_bytes()), "{body:?}");
    declared.take()
}

// docs/rules.md: R-CATALOG-6
#[tokio::test]
async fn of_http_requests_by_their_routes() {
    let rows: [(&str, &str, Kind, &[&str]); 6] = [
        ("GET", "/v1/tasks/tsk_1?full=1", kinds::TASK_NOT_FOUND, &[]),
        ("GET", "/v1/tasks/tsk_1", kinds::GONE, &["a.Tasks/Get does not declare gone"]),
        ("DELETE", "/v1/tasks/tsk_1", kinds::TASK_NOT_FOUND, &["a.Tasks/Drop does not declare task_not_found"]),
        ("PUT", "/v1/tasks/tsk_1", kinds::GONE, &[]),
        ("GET", "/v1/tasks", kinds::GONE, &[]),
        ("GET", "/v1/tasks/tsk_1", kinds::METHOD_NOT_ALLOWED, &[]),
    ];
    for (verb, path, kind, expected) in rows {
        let layer = HttpServerLayer::new(Translator::new(catalog()));
        assert_eq!(undeclared_request(layer, verb, path, kind.clone()).await, expected, "{verb} {path} {kind}");
    }
}

#[tokio::test]
async fn of_http_requests_by_a_closure() {
    let layer = || {
        let name =
            |head: &http::request::Parts| head.uri.path().strip_prefix("/rpc/").map(|name| format!("a.Tasks/{name}"));
        HttpServerLayer::new(Translator::new(catalog())).with_method(name)
    };
    let rows: [(&str, Kind, &[&str]); 4] = [
        ("/rpc/Get", kinds::TASK_NOT_FOUND, &[]),
        ("/rpc/Get", kinds::GONE, &["a.Tasks/Get does not declare gone"]),
        // The routes are not looked at then.
        ("/v1/tasks/tsk_1", kinds::GONE, &[]),
        ("/rpc/Drop", kinds::INTERNAL_ERROR, &[]),
    ];
    for (path, kind, expected) in rows {
        assert_eq!(undeclared_request(layer(), "GET", path, kind.clone()).await, expected, "{path} {kind}");
    }
}

#[tokio::test]
#[should_panic(expected = "a.Tasks/Get does not declare gone")]
async fn a_test_fails() {
    let declared = RequireDeclared::new();
    let layer = GrpcServerLayer::new(Translator::new(catalog())).with_observer(declared.observer());
    let service = service_fn(|_| future::ready(Ok::<_, Infallible>(trailers_only(&kinds::GONE))));
    let request = Request::post("/a.Tasks/Get").header("content-type", "application/grpc").body(()).unwrap();
    let _ = layer.layer(service).oneshot(request).await;
}
