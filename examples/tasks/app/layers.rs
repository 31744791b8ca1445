//! Where each layer of errwire goes: one function a hop.

use axum::Router;
use bytes::Bytes;
use errwire::{
    Catalog, Translator,
    layer::{
        GrpcClient, GrpcClientLayer, GrpcServerLayer, HttpClient, HttpClientLayer, HttpServerLayer, RecordUndeclared,
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

/// Who is told of each error.
type Told = (TraceErrors, RecordUndeclared);

/// What carries the requests of the service.
pub(crate) type Downstream = HttpClient<Client<HttpConnector, Empty<Bytes>>>;

/// What the layers of both servers go by, and which test they tell of errors that a method does not declare.
#[derive(Clone, Debug)]
pub(crate) struct Errors {
    pub(crate) translator: Translator,
    pub(crate) undeclared: RecordUndeclared,
}

impl Default for Errors {
    /// By what the protos of the API declare.
    fn default() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the descriptors are compiled in, and every test of the example reads them"
        )]
        let catalog = Catalog::from_descriptor_set("tasks.v1.bin", pb::DESCRIPTORS).expect("the protos are a catalog");
        Self { translator: Translator::new(catalog), undeclared: RecordUndeclared::default() }
    }
}

/// Around all services: each error leaves with its kind and within its budget, and a panic is an error too. What the
/// public may not see is in the log, and so is what a method does not declare.
pub(crate) fn grpc_server(errors: Errors) -> Server<Stack<GrpcServerLayer<Told>, Identity>> {
    let Errors { translator, undeclared } = errors;
    Server::builder().layer(GrpcServerLayer::new(translator).with_observer((TraceErrors, undeclared)))
}

/// Below tonic's decoding: whatever the other end says arrives as a gRPC error.
pub(crate) fn grpc_client(channel: Channel) -> Backend {
    ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel)
}

/// Around all routes: every error leaves as `{"kind", "message"}`, with what the public may see.
pub(crate) fn http_server(routes: Router, errors: Errors) -> Router {
    let Errors { translator, undeclared } = errors;
    routes.layer(HttpServerLayer::new(translator).with_observer((TraceErrors, undeclared)))
}

/// Around the whole client: every answer but a success is an `errwire::Error`.
pub(crate) fn http_client() -> Downstream {
    let client = Client::builder(TokioExecutor::new()).build_http();
    ServiceBuilder::new().layer(HttpClientLayer::default()).service(client)
}
