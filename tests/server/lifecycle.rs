//! How the server says that it is well, and how it stops.

use std::time::{Duration, Instant};

use crate::support::{
    requests::{items, trailers},
    server::Server,
};
use errwire::{
    Translator,
    server::App,
    service::pb::{self, translate_request},
};
use tokio_stream::StreamExt;
use tonic::Code;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

#[tokio::test(flavor = "multi_thread")]
async fn reports_health() {
    let server = Server::start();
    let mut client = HealthClient::new(server.channel().await);
    for service in ["", "errwire.v1.ErrorMappingService", "errwire.v1.CatalogService"] {
        let answer = client.check(HealthCheckRequest { service: service.into() }).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving, "{service}");
    }
    let unknown = client.check(HealthCheckRequest { service: "of.Nobody".into() }).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watched_server_stops_at_once() {
    let mut server = Server::with(App::new(Translator::default()).with_drain_timeout(Duration::from_secs(60)));
    let mut client = HealthClient::new(server.channel().await);
    let mut watch = client.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert_eq!(watch.next().await.unwrap().unwrap().status(), ServingStatus::Serving);
    let start = Instant::now();
    server.stop();
    assert_eq!(watch.next().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    drop(server);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_in_flight_finish() {
    let mut server = Server::start();
    let (send, requests) = tokio::sync::mpsc::channel(1);
    let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
    let mut answers = server.mapping().await.translate(requests).await.unwrap().into_inner();
    let item = || items([translate_request::Request::GrpcToHttp(trailers("5", ""))]).remove(0);
    send.send(item()).await.unwrap();
    answers.next().await.unwrap().unwrap();

    server.stop();
    tokio::time::sleep(Duration::from_millis(100)).await;
    send.send(item()).await.unwrap();
    assert_eq!(answers.next().await.unwrap().unwrap().id, "0");
    drop(send);
    assert!(answers.next().await.is_none());
    server.join().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_end_does_not_hold_the_server() {
    let server = Server::with(App::new(Translator::default()).with_drain_timeout(Duration::from_millis(200)));
    let endless = tokio_stream::pending::<pb::TranslateRequest>();
    let _answers = server.mapping().await.translate(endless).await.unwrap();
    let start = Instant::now();
    server.join().unwrap();
    assert!(start.elapsed() < Duration::from_secs(10));
}
