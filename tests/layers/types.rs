//! A user names no type: every layer goes where layers go, as it is, and with an observer.

use std::time::Duration;

use crate::layer_support::echo::{Echo, UNARY, call};
use axum::{Router, routing::get};
use bytes::Bytes;
use errwire::{
    Audience, Dialect, kinds,
    layer::{Event, GrpcClientLayer, GrpcServerLayer, HttpClientLayer, HttpServerLayer},
    service::pb::{ListKindsRequest, catalog_service_client::CatalogServiceClient},
};
use http_body_util::{Empty, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tokio::net::TcpListener;
use tonic::{
    Code,
    service::{LayerExt as _, Routes},
    transport::{Channel, Endpoint, Server, server::TcpIncoming},
};
use tower::{ServiceBuilder, ServiceExt as _};
use tower_http::trace::TraceLayer;

fn watch(_: &Event<'_>) {}

macro_rules! channel_to {
    ($router:expr) => {{
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn($router.serve_with_incoming(TcpIncoming::from(listener)));
        Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy()
    }};
}

async fn fails(channel: Channel) -> bool {
    let status = call(channel, UNARY, &["fail"], None).await.1.unwrap_err();
    status.code() == Code::NotFound
}

#[tokio::test]
async fn in_a_server_of_tonic() {
    let one = GrpcServerLayer::default();
    let all = GrpcServerLayer::default().with_audience(Audience::Public).with_timeout(Duration::from_secs(9));
    assert!(fails(channel_to!(Server::builder().layer(one.clone()).add_service(Echo))).await);
    assert!(fails(channel_to!(Server::builder().layer(all.with_observer(watch)).add_service(Echo))).await);
    let http = HttpServerLayer::default().with_observer(watch);
    assert!(fails(channel_to!(Server::builder().layer(http).layer(one.clone()).add_service(Echo))).await);
    let stack = ServiceBuilder::new().layer(TraceLayer::new_for_grpc()).layer(one.clone());
    assert!(fails(channel_to!(Server::builder().layer(stack.into_inner()).add_service(Echo))).await);
    // One service, which keeps its name.
    assert!(fails(channel_to!(Server::builder().add_service(one.named_layer(Echo)))).await);
}

#[tokio::test]
async fn in_a_router_of_axum() {
    let grpc = Routes::new(Echo).into_axum_router().layer(GrpcServerLayer::default().with_observer(watch));
    let app = Router::new()
        .route("/fine", get(|| async { "fine" }).layer(HttpServerLayer::default()))
        .merge(grpc)
        .layer(HttpServerLayer::default().with_dialect(Dialect::Problem).with_details().with_observer(watch))
        .layer(ServiceBuilder::new().layer(HttpServerLayer::default()));
    // What no route has is for tonic, which knows no such method.
    for (path, status) in [("/fine", 200), ("/none", 501)] {
        let request = http::Request::get(path).body(axum::body::Body::empty()).unwrap();
        assert_eq!(app.clone().oneshot(request).await.unwrap().status(), status, "{path}");
    }
}

#[tokio::test]
async fn around_any_service() {
    let page = |_: http::Request<Full<Bytes>>| async {
        Ok::<_, std::io::Error>(http::Response::new(Full::<Bytes>::from("fine")))
    };
    let request = || http::Request::new(Full::<Bytes>::default());
    let grpc = ServiceBuilder::new().layer(GrpcServerLayer::default().with_observer(watch)).service_fn(page);
    assert_eq!(grpc.oneshot(request()).await.unwrap().status(), 200);
    let http = ServiceBuilder::new().layer(HttpServerLayer::default().exempt(|_| false)).service_fn(page);
    assert_eq!(http.oneshot(request()).await.unwrap().status(), 200);
    let client = ServiceBuilder::new().layer(HttpClientLayer::default().with_observer(watch)).service_fn(page);
    assert_eq!(client.oneshot(request()).await.unwrap().status(), 200);
}

#[tokio::test]
async fn below_a_generated_client() {
    let channel = Endpoint::from_static("http://127.0.0.1:1").connect_lazy();
    let stack = ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel.clone());
    let mut client = CatalogServiceClient::new(stack);
    assert_eq!(client.list_kinds(ListKindsRequest::default()).await.unwrap_err().code(), Code::Unavailable);
    let watched = GrpcClientLayer::default().with_observer(watch);
    let stack = ServiceBuilder::new().layer(TraceLayer::new_for_grpc()).layer(watched).service(channel);
    let mut client = CatalogServiceClient::new(stack).clone();
    assert_eq!(client.list_kinds(ListKindsRequest::default()).await.unwrap_err().code(), Code::Unavailable);
}

#[tokio::test]
async fn around_a_client_of_hyper() {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let client = ServiceBuilder::new().layer(HttpClientLayer::default()).service(client);
    let request = http::Request::get("http://127.0.0.1:1/").body(Empty::new()).unwrap();
    assert_eq!(client.clone().oneshot(request).await.unwrap_err().kind(), &kinds::SERVICE_UNAVAILABLE);
}

/// What servers and clients ask of what they are given.
#[test]
fn services_and_responses_are_send() {
    fn can_be_sent<T: Send + Sync + Clone + 'static>(_: &T) {}
    fn is_sent<T: Send + 'static>(_: &T) {}

    can_be_sent(&GrpcServerLayer::default().with_observer(watch));
    can_be_sent(&GrpcClientLayer::default().with_observer(watch));
    can_be_sent(&HttpServerLayer::default().with_observer(watch));
    can_be_sent(&HttpClientLayer::default().with_observer(watch));
    let service = ServiceBuilder::new().layer(GrpcServerLayer::default()).service(Echo);
    can_be_sent(&service);
    is_sent(&service.oneshot(http::Request::new(tonic::body::Body::empty())));
}
