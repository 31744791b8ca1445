//! `errwire.v1.ErrorMappingService` as a service of tower.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::BufMut;
use http::{HeaderValue, Request, Response, header};
use tonic::{
    Status, Streaming,
    body::Body,
    codec::{CompressionEncoding, EncodeBody, EncodeBuf, Encoder},
    codegen::BoxFuture,
    server::NamedService,
};
use tower_service::Service;

use super::{
    super::{
        ErrorMapping, Metered,
        invalid_argument::outcome,
        pb::{
            self,
            error_mapping_service_server::{ErrorMappingService, ErrorMappingServiceServer},
        },
        tonic_errors::MAX_MESSAGE_BYTES,
    },
    Frames, TranslateStream,
};

const TRANSLATE: &str = "/errwire.v1.ErrorMappingService/Translate";

/// `errwire.v1.ErrorMappingService`, to be added to a tonic server.
///
/// It is the generated server around an [`ErrorMapping`], but for one thing: in a bulk translation an item that is too large
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

    fn translate(&self, request: Request<Body>) -> Result<Response<Body>, Status> {
        let gzip = match request.headers().get("grpc-encoding").map(HeaderValue::as_bytes) {
            None | Some(b"identity") => false,
            Some(b"gzip") => true,
            // The generated server refuses what it does not know; so do we, in its words.
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
        let answers = TranslateStream::new(frames, mapping).with_meter(meter);
        let body = EncodeBody::new_server(Encoded, answers, None, Default::default(), None);
        let mut response = Response::new(Body::new(body));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        Ok(response)
    }
}

/// What is encoded already.
struct Encoded;

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
        if request.uri().path() != TRANSLATE {
            return self.generated.call(request);
        }
        let response = self.translate(request).unwrap_or_else(|refusal| {
            let mut response = refusal.into_http();
            response.headers_mut().insert("grpc-accept-encoding", HeaderValue::from_static("gzip,identity"));
            response
        });
        Box::pin(std::future::ready(Ok(response)))
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
