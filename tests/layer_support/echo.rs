//! A service of tonic, written by hand, with one method of each shape. What it does is in the request.

use std::{
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use errwire::layer::{GrpcServerLayer, Observer};
use tokio::net::TcpListener;
use tokio_stream::{Stream, StreamExt as _};
use tonic::{
    Request, Response, Status, Streaming,
    body::Body,
    metadata::{MetadataMap, MetadataValue},
    server::{Grpc, NamedService},
    transport::{Server, server::TcpIncoming},
};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

pub const UNARY: &str = "/test.Echo/Unary";
pub const CLIENT_STREAM: &str = "/test.Echo/ClientStream";
pub const SERVER_STREAM: &str = "/test.Echo/ServerStream";
pub const BIDI: &str = "/test.Echo/Bidi";

type Messages = Pin<Box<dyn Stream<Item = Result<String, Status>> + Send>>;

/// `fail` fails, `ok` fails with OK, `panic` panics, `hang` hangs; anything else comes back.
async fn obey(word: String) -> Result<String, Status> {
    match &*word {
        "fail" => Err(failure()),
        "ok" => Err(Status::ok("fine")),
        "panic" => {
            // tonic sends what is ready together, so that a panic at once would take the messages before it along.
            tokio::time::sleep(Duration::from_millis(2)).await;
            panic!("a secret")
        }
        "hang" => std::future::pending().await,
        _ => Ok(word),
    }
}

/// With metadata of every sort, and details of which no layer knows the type.
pub fn failure() -> Status {
    let mut metadata = MetadataMap::new();
    metadata.append("x-a", MetadataValue::from_static("1"));
    metadata.append("x-a", MetadataValue::from_static("2"));
    metadata.append_bin("raw-bin", MetadataValue::from_bytes(&[0, 255]));
    let error = errwire::Error::new(errwire::kinds::TASK_NOT_FOUND)
        .with_message("Größe 50%\n")
        .with_detail(errwire::Detail::new("type.example.com/acme.Custom", &b"\x08\x01"[..]));
    let status = errwire::Translator::default().write_grpc(&error);
    Status::with_details_and_metadata(tonic::Code::NotFound, &*status.message, status.encode(), metadata)
}

async fn unary(request: Request<String>) -> Result<Response<String>, Status> {
    obey(request.into_inner()).await.map(Response::new)
}

async fn client_stream(request: Request<Streaming<String>>) -> Result<Response<String>, Status> {
    let mut words = request.into_inner();
    let mut all = String::new();
    while let Some(word) = words.message().await? {
        all += &obey(word).await?;
    }
    Ok(Response::new(all))
}

/// Each word of the request is a message; `now` and a word do it before there is a stream.
async fn server_stream(request: Request<String>) -> Result<Response<Messages>, Status> {
    let words: Vec<_> = request.into_inner().split_whitespace().map(str::to_owned).collect();
    if let [now, word] = &words[..]
        && now == "now"
    {
        obey(word.clone()).await?;
    }
    Ok(Response::new(Box::pin(tokio_stream::iter(words).then(obey))))
}

async fn bidi(request: Request<Streaming<String>>) -> Result<Response<Messages>, Status> {
    let words = request.into_inner();
    Ok(Response::new(Box::pin(words.then(|word| async { obey(word?).await }))))
}

#[derive(Clone)]
pub struct Echo;

impl NamedService for Echo {
    const NAME: &'static str = "test.Echo";
}

impl Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async move {
            let mut grpc = Grpc::new(ProstCodec::<String, String>::default()).max_decoding_message_size(1_000);
            Ok(match request.uri().path() {
                UNARY => grpc.unary(service_fn(unary), request).await,
                CLIENT_STREAM => grpc.client_streaming(service_fn(client_stream), request).await,
                SERVER_STREAM => grpc.server_streaming(service_fn(server_stream), request).await,
                BIDI => grpc.streaming(service_fn(bidi), request).await,
                _ => Status::unimplemented("no such method").into_http(),
            })
        })
    }
}

/// Serves on a free port, for as long as the runtime lives.
pub async fn serve<O>(layer: GrpcServerLayer<O>) -> SocketAddr
where
    O: Observer + Send + Sync + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::builder().layer(layer).add_service(Echo).serve_with_incoming(TcpIncoming::from(listener));
    tokio::spawn(server);
    address
}

/// One call of any shape, whose messages are joined.
pub async fn call<T>(
    channel: T,
    path: &'static str,
    words: &[&str],
    timeout: Option<Duration>,
) -> (String, Result<(), Status>)
where
    T: tonic::client::GrpcService<Body>,
    T::ResponseBody: http_body::Body<Data = Bytes> + Send + 'static,
    <T::ResponseBody as http_body::Body>::Error: Into<errwire::BoxError>,
{
    let mut client = tonic::client::Grpc::new(channel);
    let codec = ProstCodec::<String, String>::default();
    let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    let mut request = Request::new(tokio_stream::iter(words));
    timeout.into_iter().for_each(|timeout| request.set_timeout(timeout));
    let mut all = String::new();
    if let Err(error) = client.ready().await {
        return (all, Err(Status::unknown(format!("not ready: {}", error.into()))));
    }
    let path = http::uri::PathAndQuery::from_static(path);
    let mut messages = match client.streaming(request, path, codec).await {
        Ok(response) => response.into_inner(),
        Err(status) => return (all, Err(status)),
    };
    loop {
        match messages.message().await {
            Ok(Some(message)) => all += &message,
            Ok(None) => return (all, Ok(())),
            Err(status) => return (all, Err(status)),
        }
    }
}
