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
    Extensions, Status,
    body::Body,
    codec::{Codec, CompressionEncoding, EnabledCompressionEncodings, EncodeBuf, Encoder},
    codegen::BoxFuture,
    server::{Grpc, NamedService},
};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

use super::{
    CatalogReader, ErrorMapping, Metered, Rpc,
    errors::{MAX_MESSAGE_BYTES, outcome, too_large},
    frames::{Frames, TranslateBody, Unreadable},
    pb::{catalog_service_server, error_mapping_service_server},
    watch::Parts,
};
use crate::wire::grpc::GRPC_STATUS;

/// `errwire.v1.ErrorMappingService`, to be added to a tonic server.
///
/// It differs from the server that a build generates in a bulk translation: an item that is too large or cannot be decoded
/// fails alone, and the stream goes on. Requests may be compressed by gzip.
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
    most: usize,
}

impl ErrorMappingServer {
    /// Serves this.
    pub fn new(mapping: ErrorMapping) -> Self {
        Self { mapping: Arc::new(mapping), most: MAX_MESSAGE_BYTES }
    }

    fn respond(&self, rpc: Option<Rpc>, request: Request<Body>) -> BoxFuture<Response<Body>, Infallible> {
        let mapping = self.mapping.clone();
        match rpc {
            Some(Rpc::GrpcToHttp) => unary(self.most, request, move |context, request| {
                outcome(&mapping.translator, context, mapping.to_http(request).map(|done| done.encoded()))
            }),
            Some(Rpc::HttpToGrpc) => unary(self.most, request, move |context, request| {
                outcome(&mapping.translator, context, mapping.to_grpc(request).map(|done| done.encoded()))
            }),
            Some(Rpc::Translate) => {
                let response = self.translate(request).unwrap_or_else(|refusal| {
                    let mut response = refusal.into_http();
                    response.headers_mut().insert("grpc-accept-encoding", HeaderValue::from_static("gzip,identity"));
                    response
                });
                Box::pin(ready(Ok(response)))
            }
            _ => unimplemented(),
        }
    }

    fn translate(&self, request: Request<Body>) -> Result<Response<Body>, Status> {
        let gzip = match request.headers().get("grpc-encoding").map(HeaderValue::as_bytes) {
            None | Some(b"identity") => false,
            Some(b"gzip") => true,
            // As tonic refuses it.
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
        Ok(streaming(Body::new(TranslateBody::new(frames, mapping, meter))))
    }
}

/// `errwire.v1.CatalogService`, to be added to a tonic server.
///
/// All callers of `WatchCatalog` are sent the same bytes, so that a version is encoded once, and held once.
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
    most: usize,
}

impl CatalogServer {
    /// Serves this.
    pub fn new(reader: CatalogReader) -> Self {
        Self { reader, most: MAX_MESSAGE_BYTES }
    }

    fn respond(&self, rpc: Option<Rpc>, request: Request<Body>) -> BoxFuture<Response<Body>, Infallible> {
        let (reader, most) = (self.reader.clone(), self.most);
        match rpc {
            Some(Rpc::ListKinds) => unary(most, request, move |context, request| {
                outcome(&reader.translator, context, reader.list_kinds(&request).map(|page| page.encode_to_vec()))
            }),
            Some(Rpc::GetKind) => unary(most, request, move |context, request| {
                outcome(&reader.translator, context, reader.kind_response(&request).map(|kind| kind.encode_to_vec()))
            }),
            Some(Rpc::WatchCatalog) => {
                Box::pin(async move { Ok(watch(&reader, request, most).await.unwrap_or_else(Status::into_http)) })
            }
            _ => unimplemented(),
        }
    }
}

/// What both servers are to tonic.
macro_rules! server {
    ($server:ident, $name:expr) => {
        impl $server {
            /// Refuses messages of more bytes than this, before and after they are uncompressed; 4 MiB unless set.
            #[must_use]
            pub fn with_max_message_bytes(mut self, most: usize) -> Self {
                self.most = most;
                self
            }
        }

        impl NamedService for $server {
            const NAME: &'static str = $name;
        }

        impl Service<Request<Body>> for $server {
            type Response = Response<Body>;
            type Error = Infallible;
            type Future = BoxFuture<Response<Body>, Infallible>;

            fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
                Poll::Ready(Ok(()))
            }

            fn call(&mut self, request: Request<Body>) -> Self::Future {
                self.respond(Rpc::of(request.uri().path()), request)
            }
        }
    };
}

server!(ErrorMappingServer, error_mapping_service_server::SERVICE_NAME);
server!(CatalogServer, catalog_service_server::SERVICE_NAME);

/// Responds as a generated server does, with a message that is encoded already.
fn unary<Q: Message + Default + 'static>(
    most: usize,
    request: Request<Body>,
    call: impl Fn(&Extensions, Q) -> Result<tonic::Response<Vec<u8>>, Status> + Send + 'static,
) -> BoxFuture<Response<Body>, Infallible> {
    let service = service_fn(move |request: tonic::Request<Q>| {
        let (_, extensions, request) = request.into_parts();
        ready(call(&extensions, request))
    });
    let mut accepted = EnabledCompressionEncodings::default();
    accepted.enable(CompressionEncoding::Gzip);
    let mut grpc = Grpc::new(EncodedResponses(PhantomData))
        .apply_compression_config(accepted, EnabledCompressionEncodings::default())
        .apply_max_message_size_config(Some(most), None);
    Box::pin(async move { Ok(grpc.unary(service, request).await) })
}

/// The response to a method that the service does not have.
fn unimplemented() -> BoxFuture<Response<Body>, Infallible> {
    Box::pin(ready(Ok(Status::unimplemented("").into_http())))
}

fn streaming(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    response
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
    Ok(streaming(Body::new(PartsBody { parts: Some(reader.watch(&head.extensions)?) })))
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
