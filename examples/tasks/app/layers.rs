//! Where each layer of errwire goes: one function or type a hop.

use axum::{
    Router,
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use errwire::{Audience, Error, RenderOptions, StatusExt, Translator, kinds};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tonic::transport::Channel;

/// What carries the calls of the facade and of the command line.
pub(crate) type Backend = Channel;

/// Below tonic's decoding: whatever the other end says arrives as a gRPC error.
pub(crate) fn grpc_client(channel: Channel) -> Backend {
    channel
}

/// Around all routes: every error leaves as `{"kind", "message"}`, with what the public may see.
pub(crate) fn http_server(routes: Router) -> Router {
    routes
}

/// What a handler of the facade fails with.
pub(crate) struct Failure(Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<tonic::Status> for Failure {
    fn from(status: tonic::Status) -> Self {
        Self(status.to_errwire())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let options = RenderOptions::new(Audience::Public);
        Translator::default().to_http_with(&self.0, &options).0.map(Body::from)
    }
}

/// Whatever the other end answers but a success is an error.
#[derive(Clone)]
pub(crate) struct HttpClient(Client<HttpConnector, Full<Bytes>>);

impl HttpClient {
    pub(crate) async fn get(&self, uri: &str) -> Result<Bytes, Error> {
        let internal = |why: http::uri::InvalidUri| Error::new(kinds::INTERNAL_ERROR).with_source(why);
        let response = self.0.get(uri.parse().map_err(internal)?).await;
        let response = response.map_err(|why| Error::new(kinds::SERVICE_UNAVAILABLE).with_source(why))?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|why| Error::new(kinds::BAD_GATEWAY).with_source(why))?.to_bytes();
        if head.status.is_success() {
            return Ok(body);
        }
        let read = Translator::default().from_http(&http::Response::from_parts(head, body));
        Err(read.unwrap_or_else(|why| Error::new(kinds::BAD_GATEWAY).with_source(why)))
    }
}

impl Default for HttpClient {
    fn default() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }
}
