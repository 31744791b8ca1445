//! What the server counts, and under what id an error is found again.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::support::{
    requests::{items, response, trailers},
    server::Server,
};
use bytes::Bytes;
use errwire::{StatusExt, Translator, rpc, server::App};
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tokio_stream::StreamExt;

fn app() -> App {
    App::new(Translator::default()).with_drain_timeout(Duration::from_secs(5))
}

/// The samples by name and labels, of those that begin like this.
fn samples(app: &App, prefix: &str) -> BTreeMap<String, String> {
    let text = app.metrics_text();
    assert!(text.ends_with("# EOF\n"), "{text}");
    let samples = text.lines().filter(|line| line.starts_with(prefix)).filter_map(|line| line.rsplit_once(' '));
    samples.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn pairs(rows: &[(&str, &str)]) -> BTreeMap<String, String> {
    rows.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn post(server: &Server, path: &str, id: Option<&str>, body: &'static str) -> http::Response<Bytes> {
    let mut request = Request::post(format!("http://{}{path}", server.address()));
    for (name, value) in [("content-type", Some("application/json")), ("x-request-id", id)] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request.body(Full::new(Bytes::from_static(body.as_bytes()))).unwrap()).await.unwrap();
    let (head, body) = response.into_parts();
    http::Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_counted_by_method_and_code() {
    let app = app();
    let server = Server::with(app.clone());
    let mut client = server.mapping().await;
    for _ in 0..3 {
        client.grpc_to_http(trailers("5", "")).await.unwrap();
    }
    client.grpc_to_http(trailers("0", "")).await.unwrap_err();
    let requests = items([support_item(), support_item()]);
    let answers = client.translate(tokio_stream::iter(requests)).await.unwrap().into_inner();
    assert_eq!(answers.collect::<Vec<_>>().await.len(), 2);
    let path = "/errwire.v1.ErrorMappingService/HttpToGrpc";
    assert_eq!(post(&server, path, None, r#"{"response":{"status":503}}"#).await.status(), 200);
    assert_eq!(post(&server, "/chosen/by-a-peer", None, "{}").await.status(), 404);

    // Calls take microseconds, so that a histogram from 5 ms on would say nothing of them.
    let buckets = samples(&app, "rpc_server_call_duration_seconds_bucket{");
    let bounds = buckets.keys().filter_map(|name| name.split("le=\"").nth(1)?.split('"').next()?.parse::<f64>().ok());
    let below: BTreeSet<u64> = bounds.filter(|bound| *bound < 0.005).map(|bound| (bound * 1e6) as u64).collect();
    assert!(below.len() >= 5 && below.first().is_some_and(|micros| *micros <= 100), "{below:?}");

    let expected = pairs(&[
        ("grpc_server_call_started_total{grpc_method=\"errwire.v1.ErrorMappingService/GrpcToHttp\"}", "4"),
        ("grpc_server_call_started_total{grpc_method=\"errwire.v1.ErrorMappingService/Translate\"}", "1"),
    ]);
    assert_eq!(samples(&app, "grpc_server_call_started_total"), expected);
    let mapping = "errwire.v1.ErrorMappingService";
    let expected = [
        ("connectrpc", format!("{mapping}/HttpToGrpc"), "OK", "", "1"),
        ("connectrpc", "_OTHER".to_owned(), "NOT_FOUND", "NOT_FOUND", "1"),
        ("grpc", format!("{mapping}/GrpcToHttp"), "INVALID_ARGUMENT", "INVALID_ARGUMENT", "1"),
        ("grpc", format!("{mapping}/GrpcToHttp"), "OK", "", "3"),
        ("grpc", format!("{mapping}/Translate"), "OK", "", "1"),
    ];
    let expected = expected.map(|(system, method, code, error, count)| {
        let labels = format!(
            "{{rpc_system_name=\"{system}\",rpc_method=\"{method}\",rpc_response_status_code=\"{code}\",error_type=\"{error}\"}}"
        );
        (format!("rpc_server_call_duration_seconds_count{labels}"), count.to_owned())
    });
    assert_eq!(samples(&app, "rpc_server_call_duration_seconds_count"), expected.into());

    // The three requests that got a response, each of 5 bytes: `trailers { grpc_status: "5" }`.
    let received = "grpc_server_call_rcvd_total_compressed_message_size_bytes_sum{\
                    grpc_method=\"errwire.v1.ErrorMappingService/GrpcToHttp\",grpc_status=\"OK\"}";
    assert_eq!(samples(&app, received), pairs(&[(received, "15.0")]));
}

fn support_item() -> errwire::service::pb::translate_request::Request {
    errwire::service::pb::translate_request::Request::GrpcToHttp(trailers("5", ""))
}

#[tokio::test(flavor = "multi_thread")]
async fn translations_are_counted_by_closed_sets() {
    let app = app();
    let server = Server::with(app.clone());
    let mut client = server.mapping().await;
    let json = |kind: &str| response(404, &format!(r#"{{"kind":"{kind}","message":"m"}}"#));
    for kind in ["task_not_found", "task_not_found", "chosen_by_a_peer", "also_chosen"] {
        client.http_to_grpc(json(kind)).await.unwrap();
    }
    client.http_to_grpc(response(200, "")).await.unwrap_err();
    client.grpc_to_http(trailers("5", "")).await.unwrap();

    let expected = pairs(&[
        ("errwire_translated_errors_total{direction=\"grpc_to_http\",kind=\"not_found\"}", "1"),
        ("errwire_translated_errors_total{direction=\"http_to_grpc\",kind=\"_OTHER\"}", "2"),
        ("errwire_translated_errors_total{direction=\"http_to_grpc\",kind=\"task_not_found\"}", "2"),
    ]);
    assert_eq!(samples(&app, "errwire_translated_errors_total"), expected);
    let dialects = samples(&app, "errwire_translated_bodies_total{direction=\"http_to_grpc\"");
    let expected = "errwire_translated_bodies_total{direction=\"http_to_grpc\",dialect=\"kind_message\"}";
    assert_eq!(dialects, pairs(&[(expected, "4")]));
    let rejected = "errwire_rejected_inputs_total{direction=\"http_to_grpc\"}";
    assert_eq!(samples(&app, "errwire_rejected_inputs_total"), pairs(&[(rejected, "1")]));
    assert!(app.metrics_text().contains(&format!("errwire_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_names_the_request() {
    let server = Server::with(app());
    let path = "/errwire.v1.CatalogService/GetKind";
    let answer = post(&server, path, Some("req-7"), r#"{"kind":"nope"}"#).await;
    assert_eq!((answer.status().as_u16(), &answer.headers()["x-request-id"]), (404, &"req-7".parse().unwrap()));
    assert_eq!(answer.headers().get_all("x-request-id").iter().count(), 1);
    // A success names it too, and so does one that the server had to make up.
    let answer = post(&server, path, None, r#"{"kind":"gone"}"#).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["x-request-id"].len()), (200, 32));

    let mut request = tonic::Request::new(errwire::service::pb::GetKindRequest { kind: "nope".into() });
    request.metadata_mut().insert("x-request-id", "req-8".parse().unwrap());
    let status = server.catalog().await.get_kind(request).await.unwrap_err();
    assert_eq!(status.metadata().get("x-request-id").unwrap(), "req-8");
    assert_eq!(status.to_errwire().detail::<rpc::RequestInfo>().unwrap().request_id, "req-8");
}
