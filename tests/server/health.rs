//! `grpc.health.v1`, as grpc-go has it: <https://github.com/grpc/grpc-go/blob/master/health/server.go>.

use std::{collections::HashMap, time::Duration};

use crate::support::server::Server;
use http::uri::PathAndQuery;
use tonic::Code;
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_prost::ProstCodec;

/// `HealthListRequest` and `HealthListResponse`, which `tonic-health` does not have yet.
#[derive(Clone, PartialEq, prost::Message)]
struct ListRequest {}

#[derive(Clone, PartialEq, prost::Message)]
struct ListResponse {
    #[prost(map = "string, message", tag = "1")]
    statuses: HashMap<String, HealthCheckResponse>,
}

fn service(name: &str) -> HealthCheckRequest {
    HealthCheckRequest { service: name.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_all_services() {
    let server = Server::start();
    let mut grpc = tonic::client::Grpc::new(server.channel().await);
    grpc.ready().await.unwrap();
    let path = PathAndQuery::from_static("/grpc.health.v1.Health/List");
    let codec = ProstCodec::<ListRequest, ListResponse>::default();
    let answer = grpc.unary(tonic::Request::new(ListRequest {}), path, codec).await.unwrap().into_inner();
    let mut statuses: Vec<_> = answer.statuses.iter().map(|(name, answer)| (&**name, answer.status())).collect();
    statuses.sort_unstable();
    assert_eq!(
        statuses,
        [
            ("", ServingStatus::Serving),
            ("errwire.v1.CatalogService", ServingStatus::Serving),
            ("errwire.v1.ErrorMappingService", ServingStatus::Serving),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_of_an_unknown_service_goes_on() {
    let server = Server::start();
    let mut client = HealthClient::new(server.channel().await);
    let mut watch = client.watch(service("of.Nobody")).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::ServiceUnknown);
    let next = tokio::time::timeout(Duration::from_millis(300), watch.message()).await;
    assert!(next.is_err(), "it neither ends nor changes: {next:?}");
    assert_eq!(client.check(service("of.Nobody")).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_is_not_serving_and_still_responds() {
    let mut server = Server::set(|config| config.pre_drain = Duration::from_secs(60));
    let mut client = HealthClient::new(server.channel().await);
    let mut watches = Vec::new();
    for name in ["", "errwire.v1.CatalogService"] {
        let mut watch = client.watch(service(name)).await.unwrap().into_inner();
        assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving, "{name}");
        watches.push(watch);
    }
    let mut unknown = client.watch(service("of.Nobody")).await.unwrap().into_inner();
    unknown.message().await.unwrap().unwrap();

    server.stop();
    for watch in &mut watches {
        assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    }
    assert_eq!(client.check(service("")).await.unwrap().into_inner().status(), ServingStatus::NotServing);
    // On a new connection, too: it is not draining yet.
    let mut late = HealthClient::new(server.channel().await);
    let mut watch = late.watch(service("")).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    let next = tokio::time::timeout(Duration::from_millis(300), unknown.message()).await;
    assert!(next.is_err(), "what it does not have has not changed: {next:?}");
    server.abandon();
}
