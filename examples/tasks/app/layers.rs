//! Where each layer of errwire goes: one function a hop.

use std::sync::Arc;

use axum::Router;
use bytes::Bytes;
use errwire::{
    Catalog, Translator,
    layer::{
        GrpcClient, GrpcClientLayer, GrpcServerLayer, HttpClient, HttpClientLayer, HttpServerLayer, Observer,
        TraceErrors,
    },
};
use http_body_util::Empty;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tonic::transport::{Channel, Server};
use tower::{
    ServiceBuilder,
    layer::util::{Identity, Stack},
};

use super::pb;

/// What carries the calls of the facade and of the command line.
pub(crate) type Backend = GrpcClient<Channel>;

/// What sees each error.
pub(crate) type SharedObserver = Arc<dyn Observer + Send + Sync>;

/// What carries the requests of the service.
pub(crate) type Downstream = HttpClient<Client<HttpConnector, Empty<Bytes>>>;

/// What the layers of both servers share: the catalog, and the observer of all errors.
#[derive(Clone)]
pub(crate) struct Errors {
    pub(crate) translator: Translator,
    pub(crate) observer: SharedObserver,
}

impl Default for Errors {
    /// The catalog of the protos, which declare the errors of each method; and a line in the log for each error.
    fn default() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the descriptors are compiled in, and every test of the example reads them"
        )]
        let catalog = Catalog::from_descriptor_set("tasks.v1.bin", pb::DESCRIPTORS).expect("the protos are a catalog");
        Self { translator: Translator::new(catalog), observer: Arc::new(TraceErrors) }
    }
}

/// Around all services: each error leaves with its kind and within its budget, and a panic is an error too. What the
/// public may not see is in the log, and so is what a method does not declare.
pub(crate) fn grpc_server(errors: Errors) -> Server<Stack<GrpcServerLayer<SharedObserver>, Identity>> {
    Server::builder().layer(GrpcServerLayer::new(errors.translator).with_observer(errors.observer))
}

/// Below tonic's decoding: whatever the server responds arrives as a gRPC error.
pub(crate) fn grpc_client(channel: Channel) -> Backend {
    ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel)
}

/// Around all routes: every error leaves as `{"kind", "message"}`, with what the public may see.
pub(crate) fn http_server(routes: Router, errors: Errors) -> Router {
    routes.layer(HttpServerLayer::new(errors.translator).with_observer(errors.observer))
}

/// Around the whole client: every response but a success is an `errwire::Error`.
pub(crate) fn http_client() -> Downstream {
    let client = Client::builder(TokioExecutor::new()).build_http();
    ServiceBuilder::new().layer(HttpClientLayer::default()).service(client)
}
