//! `errwire.v1.CatalogService` as a service of tower.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream as _;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body::{Body as HttpBody, Frame};
use tokio_stream::StreamExt as _;
use tonic::{Status, body::Body, codec::CompressionEncoding, codegen::BoxFuture, server::NamedService};
use tower_service::Service;

use super::{
    CatalogReader, Rpc,
    pb::catalog_service_server::CatalogServiceServer,
    tonic_errors::{MAX_MESSAGE_BYTES, too_large},
    translate::{Frames, Unreadable},
    watch::Parts,
};
use crate::wire::grpc::GRPC_STATUS;

/// `errwire.v1.CatalogService`, to be added to a tonic server.
///
/// It is the generated server around a [`CatalogReader`], but for one thing: all who call `WatchCatalog` are sent the same
/// bytes, so that a version is encoded once, and held once.
///
/// ```
/// use errwire::{Translator, service::{CatalogReader, CatalogServer}};
///
/// let service = CatalogServer::new(CatalogReader::new(Translator::default()));
/// let router = tonic::transport::Server::builder().add_service(service);
/// ```
#[derive(Clone, Debug)]
pub struct CatalogServer {
    reader: CatalogReader,
    generated: CatalogServiceServer<CatalogReader>,
    max_message_bytes: usize,
}

impl CatalogServer {
    /// Serves this.
    pub fn new(reader: CatalogReader) -> Self {
        let generated = CatalogServiceServer::new(reader.clone())
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .accept_compressed(CompressionEncoding::Gzip);
        Self { reader, generated, max_message_bytes: MAX_MESSAGE_BYTES }
    }

    /// Refuses requests of more bytes than this, before and after they are uncompressed; 4 MiB unless set.
    #[must_use]
    pub fn with_max_message_bytes(mut self, most: usize) -> Self {
        self.generated = self.generated.max_decoding_message_size(most);
        self.max_message_bytes = most;
        self
    }
}

impl NamedService for CatalogServer {
    const NAME: &'static str = CatalogServiceServer::<CatalogReader>::NAME;
}

impl Service<Request<Body>> for CatalogServer {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Response<Body>, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if Rpc::of(request.uri().path()) != Some(Rpc::WatchCatalog) {
            return self.generated.call(request);
        }
        let (reader, most) = (self.reader.clone(), self.max_message_bytes);
        Box::pin(async move { Ok(watch(&reader, request, most).await.unwrap_or_else(Status::into_http)) })
    }
}

/// `WatchCatalogRequest` has no fields, so that any message is one.
async fn watch(reader: &CatalogReader, request: Request<Body>, most: usize) -> Result<Response<Body>, Status> {
    let gzip = request.headers().get("grpc-encoding").is_some_and(|encoding| encoding == "gzip");
    let (head, body) = request.into_parts();
    match Frames::new(body, gzip, most).next().await {
        Some(Ok(Err(Unreadable::TooLarge))) => return Err(too_large(most).into()),
        Some(Ok(_)) => {}
        Some(Err(status)) => return Err(status),
        None => return Err(Status::internal("there is no message")),
    }
    let parts = reader.watch(&head.extensions)?;
    let mut response = Response::new(Body::new(PartsBody { parts: Some(parts) }));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    Ok(response)
}

/// The parts of each version as they go over the wire, then the status OK once watching ends.
struct PartsBody {
    parts: Option<Parts>,
}

impl HttpBody for PartsBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(parts) = &mut self.parts else { return Poll::Ready(None) };
        if let Some(part) = ready!(Pin::new(parts).poll_next(cx)) {
            return Poll::Ready(Some(Ok(Frame::data(part))));
        }
        self.parts = None;
        let trailers = HeaderMap::from_iter([(GRPC_STATUS, HeaderValue::from_static("0"))]);
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }
}
