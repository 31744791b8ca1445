//! What a kind and a message alone do not show: headers, details, and errors that no handler made.

use std::time::Duration;

use bytes::Bytes;
use errwire::{StatusExt, rpc};
use http::{Method, Request, header};
use http_body_util::Full;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::app::{self, pb};
use super::product::Product;

#[tokio::test]
async fn what_works() {
    let product = Product::start().await;
    let task = json!({"id": "tsk_1", "kind": "transcribe", "source_url": "https://media.example.com/talk.mp4", "format": "mp4"});
    let response = product.request("GET", "/v1/tasks/tsk_1", "key_live", "").await;
    assert_eq!((response.status().as_u16(), body(response.body())), (200, task.clone()));
    assert_eq!(product.call(["get-task", "tsk_1"]).await, (vec![task], None));

    let new = r#"{"kind": "thumbnail", "source_url": "https://media.example.com/cat.png"}"#;
    let response = product.request("POST", "/v1/tasks", "key_live", new).await;
    assert_eq!((response.status().as_u16(), &body(response.body())["id"]), (201, &json!("tsk_2")));
    let run = json!({"id": "run_6", "task_id": "tsk_2", "percent": 0});
    assert_eq!(product.call(["start-run", "tsk_2"]).await, (vec![run.clone()], None));
    let response = product.request("GET", "/v1/runs/run_6", "key_live", "").await;
    assert_eq!((response.status().as_u16(), body(response.body())), (200, run));
    assert_eq!(product.call(["watch-run", "run_1"]).await.0.len(), 4);
    assert_eq!(product.request("GET", "/v1/automations/aut_1", "key_live", "").await.status(), 200);
    product.stop().await;
}

#[tokio::test]
async fn fails_after_data() {
    let product = Product::start().await;
    let (answers, error) = product.call(["watch-run", "run_lost"]).await;
    let error = error.unwrap();
    assert_eq!(answers.iter().map(|run| &run["percent"]).collect::<Vec<_>>(), [25, 50]);
    assert_eq!(
        (error.kind().as_str(), error.code().number(), error.status().as_u16()),
        ("service_unavailable", 14, 503)
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(5)));
    product.stop().await;
}

/// The delay of the media library goes over three hops.
#[tokio::test]
async fn a_delay_from_downstream() {
    let product = Product::start().await;
    let url = "https://closed.example.com/a.mp3";
    let new = format!(r#"{{"kind": "transcribe", "source_url": "{url}"}}"#);
    let response = product.request("POST", "/v1/tasks", "key_live", &new).await;
    assert_eq!(response.headers()[header::RETRY_AFTER], "30");
    let error = product.call(["create-task", "--kind", "transcribe", "--source-url", url]).await.1.unwrap();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    product.stop().await;
}

/// An internal caller gets what the public does not.
#[tokio::test]
async fn details_stay_inside() {
    let product = Product::start().await;
    let error = product.call(["get-run", "run_damaged"]).await.1.unwrap();
    assert_eq!(error.detail::<rpc::DebugInfo>().map(|info| info.detail).as_deref(), Some("runs/shard-7"));
    let response = product.request("GET", "/v1/runs/run_damaged", "key_live", "").await;
    let response = format!("{response:?}");
    assert!(!response.contains("shard") && !response.contains("17 of 40"), "{response}");
    product.stop().await;
}

#[tokio::test]
async fn a_method_that_is_not_allowed() {
    let product = Product::start().await;
    let rows =
        [("DELETE", "/v1/tasks/tsk_1", "GET,HEAD"), ("GET", "/v1/tasks", "POST"), ("PUT", "/v1/tasks/a/runs", "POST")];
    for (method, path, allow) in rows {
        let response = product.request(method, path, "key_live", "").await;
        assert_eq!((response.status().as_u16(), &body(response.body())["kind"]), (405, &json!("method_not_allowed")));
        assert_eq!(response.headers()[header::ALLOW], allow, "{method} {path}");
    }
    product.stop().await;
}

/// Errors of axum itself: the fallback and the rejections of its extractors.
#[tokio::test]
async fn what_no_handler_sees() {
    let product = Product::start().await;
    let rows = [
        ("GET", "/v2/tasks", "", "", 404, "not_found"),
        ("POST", "/v1/tasks", "application/json", "{", 400, "request_invalid"),
        ("POST", "/v1/tasks", "application/json", r#"{"kind": 7}"#, 422, "unprocessable_content"),
        ("POST", "/v1/tasks", "text/plain", "{}", 415, "unsupported_media_type"),
    ];
    for (method, path, content_type, sent, status, kind) in rows {
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", product.http));
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        let response = product.send(request.body(Full::from(sent)).unwrap()).await;
        assert_eq!((response.status().as_u16(), &body(response.body())["kind"]), (status, &json!(kind)), "{sent}");
        assert!(body(response.body())["message"].as_str().is_some_and(|message| !message.is_empty()), "{sent}");
    }
    let head = Request::builder().method(Method::HEAD).uri(format!("http://{}/v2", product.http));
    let response = product.send(head.body(Full::default()).unwrap()).await;
    assert_eq!((response.status().as_u16(), response.body().len()), (404, 0));
    product.stop().await;
}

/// tonic's own errors are kinds too, and a plain tonic client reads them.
#[tokio::test]
async fn a_client_without_layers() {
    let product = Product::start().await;
    let channel = product.channel().await;
    let mut client = pb::task_service_client::TaskServiceClient::new(channel.clone());
    let status = client.get_task(pb::GetTaskRequest { task_id: "tsk_1".into() }).await.unwrap_err();
    assert_eq!(status.code(), tonic::Code::Unauthenticated);
    let error = status.to_errwire();
    assert_eq!(error.detail::<rpc::ErrorInfo>().unwrap().reason, "TOKEN_MISSING");

    let mut grpc = tonic::client::Grpc::new(channel);
    grpc.ready().await.unwrap();
    let path = http::uri::PathAndQuery::from_static("/tasks.v1.TaskService/PaintTask");
    let codec = tonic_prost::ProstCodec::<pb::GetTaskRequest, pb::GetTaskResponse>::default();
    let status = grpc.unary(tonic::Request::new(Default::default()), path, codec).await.unwrap_err();
    assert_eq!(status.code(), tonic::Code::Unimplemented);
    assert_eq!(status.to_errwire().detail::<rpc::ErrorInfo>().unwrap().reason, "UNIMPLEMENTED");
    product.stop().await;
}

/// A service that cannot be reached is unavailable, which is not the caller's doing.
#[tokio::test]
async fn no_server_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let router = app::facade_of(app::connect(&address).unwrap(), app::Errors::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let http = listener.local_addr().unwrap();
    let facade = tokio::spawn(async { axum::serve(listener, router).await });

    let product = Product::start().await;
    let request = Request::get(format!("http://{http}/v1/tasks/tsk_1")).body(Full::default()).unwrap();
    let response = product.send(request).await;
    assert_eq!((response.status().as_u16(), &body(response.body())["kind"]), (503, &json!("service_unavailable")));
    assert!(!format!("{response:?}").contains(&address), "{response:?}");
    facade.abort();
    product.stop().await;
}

fn body(bytes: &Bytes) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|_| panic!("{bytes:?}"))
}
