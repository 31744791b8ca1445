//! The two gRPC services as services of tower.

use std::{
    convert::Infallible,
    future::ready,
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::{BufMut, Bytes};
use futures_core::Stream as _;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body::{Body as HttpBody, Frame};
use prost::Message;
use tokio_stream::StreamExt as _;
use tonic::{
    Status, Streaming,
    body::Body,
    codec::{Codec, CompressionEncoding, EnabledCompressionEncodings, EncodeBody, EncodeBuf, Encoder},
    codegen::BoxFuture,
    server::{Grpc, NamedService},
};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

use super::{
    CatalogReader, ErrorMapping, Metered, Rpc,
    errors::{MAX_MESSAGE_BYTES, outcome, too_large},
    frames::{Frames, TranslateStream, Unreadable},
    pb::{
        self,
        catalog_service_server::CatalogServiceServer,
        error_mapping_service_server::{ErrorMappingService, ErrorMappingServiceServer},
    },
    watch::Parts,
};
use crate::{model::Error, wire::grpc::GRPC_STATUS};

/// `errwire.v1.ErrorMappingService`, to be added to a tonic server.
///
/// It is the generated server around an [`ErrorMapping`], except that in a bulk translation an item that is too large
/// or cannot be decoded fails alone, and the stream goes on. Requests may be compressed by gzip.
///
/// ```
/// use errwire::{Translator, service::{ErrorMapping, ErrorMappingServer}};
///
/// let service = ErrorMappingServer::new(ErrorMapping::new(Translator::default()));
/// let router = tonic::transport::Server::builder().add_service(service);
/// ```
#[derive(Clone, Debug)]
pub struct ErrorMappingServer {
    mapping: Arc<ErrorMapping>,
    generated: ErrorMappingServiceServer<ErrorMapping>,
    most: usize,
}

impl ErrorMappingServer {
    /// Serves this.
    pub fn new(mapping: ErrorMapping) -> Self {
        let mapping = Arc::new(mapping);
        let generated = ErrorMappingServiceServer::from_arc(mapping.clone())
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .accept_compressed(CompressionEncoding::Gzip);
        Self { mapping, generated, most: MAX_MESSAGE_BYTES }
    }

    /// Refuses messages of more bytes than this, before and after they are uncompressed; 4 MiB unless set.
    #[must_use]
    pub fn with_max_message_bytes(mut self, most: usize) -> Self {
        self.generated = self.generated.max_decoding_message_size(most);
        self.most = most;
        self
    }

    /// Responds as the generated server does, with a message that is encoded once.
    fn unary<Q: Message + Default + 'static>(
        &self,
        request: Request<Body>,
        translate: fn(&ErrorMapping, Q) -> Result<Vec<u8>, Error>,
    ) -> BoxFuture<Response<Body>, Infallible> {
        let mapping = self.mapping.clone();
        let service = service_fn(move |request: tonic::Request<Q>| {
            let (_, extensions, request) = request.into_parts();
            ready(outcome(&mapping.translator, &extensions, translate(&mapping, request)))
        });
        let mut accepted = EnabledCompressionEncodings::default();
        accepted.enable(CompressionEncoding::Gzip);
        let mut grpc = Grpc::new(EncodedResponses(PhantomData))
            .apply_compression_config(accepted, EnabledCompressionEncodings::default())
            .apply_max_message_size_config(Some(self.most), None);
        Box::pin(async move { Ok(grpc.unary(service, request).await) })
    }

    fn translate(&self, request: Request<Body>) -> Result<Response<Body>, Status> {
        let gzip = match request.headers().get("grpc-encoding").map(HeaderValue::as_bytes) {
            None | Some(b"identity") => false,
            Some(b"gzip") => true,
            // As the generated server refuses it.
            Some(other) => {
                let name = other.escape_ascii();
                return Err(Status::unimplemented(format!(
                    "Content is compressed with `{name}` which isn't supported"
                )));
            }
        };
        let meter = request.extensions().get::<Metered>().cloned();
        let language = request.headers().get(header::ACCEPT_LANGUAGE);
        let mapping = ErrorMapping::clone(&self.mapping).with_accept_language(language);
        let frames = Frames::new(request.into_body(), gzip, self.most);
        let responses = TranslateStream::new(frames, mapping).with_meter(meter);
        let body = EncodeBody::new_server(Encoded, responses, None, Default::default(), None);
        let mut response = Response::new(Body::new(body));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        Ok(response)
    }
}

/// Passes encoded messages.
struct Encoded;

/// Reads requests, and passes responses that are encoded.
struct EncodedResponses<Q>(PhantomData<fn() -> Q>);

impl<Q: Message + Default + 'static> Codec for EncodedResponses<Q> {
    type Encode = Vec<u8>;
    type Decode = Q;
    type Encoder = Encoded;
    type Decoder = <ProstCodec<(), Q> as Codec>::Decoder;

    fn encoder(&mut self) -> Encoded {
        Encoded
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstCodec::<(), Q>::default().decoder()
    }
}

impl Encoder for Encoded {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, message: Vec<u8>, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.put_slice(&message);
        Ok(())
    }
}

impl NamedService for ErrorMappingServer {
    const NAME: &'static str = ErrorMappingServiceServer::<ErrorMapping>::NAME;
}

impl Service<Request<Body>> for ErrorMappingServer {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Response<Body>, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match Rpc::of(request.uri().path()) {
            Some(Rpc::GrpcToHttp) => self.unary(request, |mapping, request| Ok(mapping.to_http(request)?.encoded())),
            Some(Rpc::HttpToGrpc) => self.unary(request, |mapping, request| Ok(mapping.to_grpc(request)?.encoded())),
            Some(Rpc::Translate) => {
                let response = self.translate(request).unwrap_or_else(|refusal| {
                    let mut response = refusal.into_http();
                    response.headers_mut().insert("grpc-accept-encoding", HeaderValue::from_static("gzip,identity"));
                    response
                });
                Box::pin(ready(Ok(response)))
            }
            _ => self.generated.call(request),
        }
    }
}

#[tonic::async_trait]
impl ErrorMappingService for ErrorMapping {
    type TranslateStream = TranslateStream;

    async fn grpc_to_http(
        &self,
        request: tonic::Request<pb::GrpcToHttpRequest>,
    ) -> Result<tonic::Response<pb::GrpcToHttpResponse>, Status> {
        let (_, extensions, request) = request.into_parts();
        outcome(&self.translator, &extensions, self.grpc_to_http(request))
    }

    async fn http_to_grpc(
        &self,
        request: tonic::Request<pb::HttpToGrpcRequest>,
    ) -> Result<tonic::Response<pb::HttpToGrpcResponse>, Status> {
        let (_, extensions, request) = request.into_parts();
        outcome(&self.translator, &extensions, self.http_to_grpc(request))
    }

    async fn translate(
        &self,
        request: tonic::Request<Streaming<pb::TranslateRequest>>,
    ) -> Result<tonic::Response<TranslateStream>, Status> {
        Ok(tonic::Response::new(TranslateStream::new(request.into_inner(), self.clone())))
    }
}

/// `errwire.v1.CatalogService`, to be added to a tonic server.
///
/// It is the generated server around a [`CatalogReader`], except that all callers of `WatchCatalog` are sent the same
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
    let mut response = Response::new(Body::new(PartsBody { parts: Some(reader.watch(&head.extensions)?) }));
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
        if let Some(part) = std::task::ready!(Pin::new(parts).poll_next(cx)) {
            return Poll::Ready(Some(Ok(Frame::data(part))));
        }
        self.parts = None;
        let trailers = HeaderMap::from_iter([(GRPC_STATUS, HeaderValue::from_static("0"))]);
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }
}
