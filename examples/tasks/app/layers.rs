//! Where each layer of errwire goes: one function a hop.

use axum::Router;
use bytes::Bytes;
use errwire::layer::{
    GrpcClient, GrpcClientLayer, GrpcServerLayer, HttpClient, HttpClientLayer, HttpServerLayer, TraceErrors,
};
use http_body_util::Empty;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tonic::transport::{Channel, Server};
use tower::{ServiceBuilder, layer::util::Stack};

/// What carries the calls of the facade and of the command line.
pub(crate) type Backend = GrpcClient<Channel>;

/// What carries the requests of the service.
pub(crate) type Downstream = HttpClient<Client<HttpConnector, Empty<Bytes>>>;

/// Around all services: each error leaves with its kind and within its budget, and a panic is an error too. What the
/// public may not see is in the log.
pub(crate) fn grpc_server() -> Server<Stack<GrpcServerLayer<TraceErrors>, tower::layer::util::Identity>> {
    Server::builder().layer(GrpcServerLayer::default().with_observer(TraceErrors))
}

/// Below tonic's decoding: whatever the other end says arrives as a gRPC error.
pub(crate) fn grpc_client(channel: Channel) -> Backend {
    ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel)
}

/// Around all routes: every error leaves as `{"kind", "message"}`, with what the public may see.
pub(crate) fn http_server(routes: Router) -> Router {
    routes.layer(HttpServerLayer::default().with_observer(TraceErrors))
}

/// Around the whole client: every answer but a success is an `errwire::Error`.
pub(crate) fn http_client() -> Downstream {
    let client = Client::builder(TokioExecutor::new()).build_http();
    ServiceBuilder::new().layer(HttpClientLayer::default()).service(client)
}
