//! An echo of tonic, bare and behind layers, and calls to it.

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::mpsc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use errwire::{
    BoxError,
    layer::{GrpcServerLayer, HttpServerLayer},
};
use http::{Request, Response, uri::PathAndQuery};
use tokio::net::TcpListener;
use tokio_stream::Iter;
use tonic::{
    Code, Status,
    body::Body,
    client::GrpcService,
    server::{Grpc, NamedService},
    transport::{Channel, Endpoint, Server, server::TcpIncoming},
};
use tonic_prost::ProstCodec;
use tonic_types::{ErrorDetails, StatusExt as _};
use tower::{Service, service_fn};

/// How many messages a stream has.
const MESSAGES: usize = 100;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Shape {
    Unary,
    /// With a `grpc-timeout`.
    Deadline,
    Stream,
    Fails,
}

impl Shape {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unary => "unary",
            Self::Deadline => "unary with a deadline",
            Self::Stream => "streams of 100 messages",
            Self::Fails => "failing with an `ErrorInfo`",
        }
    }

    /// How many make a round.
    pub(crate) fn calls(self) -> usize {
        if self == Self::Stream { 64 } else { 640 }
    }

    fn path(self) -> PathAndQuery {
        PathAndQuery::from_static(match self {
            Self::Unary | Self::Deadline => "/bench.Echo/Unary",
            Self::Stream => "/bench.Echo/Stream",
            Self::Fails => "/bench.Echo/Fails",
        })
    }
}

pub(crate) struct Servers {
    pub(crate) bare: SocketAddr,
    pub(crate) grpc_server: SocketAddr,
    pub(crate) http_server: SocketAddr,
}

pub(crate) fn start() -> Servers {
    let (send, servers) = mpsc::channel();
    super::host(async move {
        let [bare, one, two] = [bind().await, bind().await, bind().await];
        send.send(Servers { bare: bare.1, grpc_server: one.1, http_server: two.1 }).unwrap();
        let bare = Server::builder().add_service(Echo).serve_with_incoming(bare.0);
        let one = Server::builder().layer(GrpcServerLayer::default()).add_service(Echo).serve_with_incoming(one.0);
        let two = Server::builder().layer(HttpServerLayer::default()).add_service(Echo).serve_with_incoming(two.0);
        tokio::try_join!(bare, one, two).unwrap();
    });
    servers.recv().unwrap()
}

async fn bind() -> (TcpIncoming, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (TcpIncoming::from(listener).with_nodelay(Some(true)), address)
}

pub(crate) async fn connect(address: SocketAddr) -> Channel {
    Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap()
}

/// Calls of one shape, each of which is checked.
pub(crate) fn calls<T>(channel: T, shape: Shape) -> impl Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Clone + Send
where
    T: GrpcService<Body, Future: Send> + Clone + Send + Sync + 'static,
    T::ResponseBody: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    move || Box::pin(call(channel.clone(), shape))
}

async fn call<T>(channel: T, shape: Shape)
where
    T: GrpcService<Body>,
    T::ResponseBody: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let codec = ProstCodec::<String, String>::default();
    let mut client = tonic::client::Grpc::new(channel);
    assert!(client.ready().await.is_ok());
    let mut request = tonic::Request::new("tsk_1".to_owned());
    if shape == Shape::Deadline {
        request.set_timeout(Duration::from_secs(10));
    }
    if shape == Shape::Stream {
        let mut messages = client.server_streaming(request, shape.path(), codec).await.unwrap().into_inner();
        let mut count = 0;
        while messages.message().await.unwrap().is_some() {
            count += 1;
        }
        assert_eq!(count, MESSAGES);
        return;
    }
    match client.unary(request, shape.path(), codec).await {
        Ok(answer) => assert!(answer.get_ref() == "tsk_1" && shape != Shape::Fails),
        Err(status) => assert!(!status.details().is_empty() && shape == Shape::Fails),
    }
}

#[derive(Clone)]
struct Echo;

impl NamedService for Echo {
    const NAME: &'static str = "bench.Echo";
}

impl Service<Request<Body>> for Echo {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(async move {
            let mut grpc = Grpc::new(ProstCodec::<String, String>::default());
            Ok(match request.uri().path() {
                "/bench.Echo/Unary" => grpc.unary(service_fn(unary), request).await,
                "/bench.Echo/Stream" => grpc.server_streaming(service_fn(stream), request).await,
                _ => grpc.unary(service_fn(fails), request).await,
            })
        })
    }
}

async fn unary(request: tonic::Request<String>) -> Result<tonic::Response<String>, Status> {
    Ok(tonic::Response::new(request.into_inner()))
}

type Messages = Iter<std::vec::IntoIter<Result<String, Status>>>;

async fn stream(request: tonic::Request<String>) -> Result<tonic::Response<Messages>, Status> {
    Ok(tonic::Response::new(tokio_stream::iter(vec![Ok(request.into_inner()); MESSAGES])))
}

/// As a service says it that has no errwire.
async fn fails(request: tonic::Request<String>) -> Result<tonic::Response<String>, Status> {
    let id = request.into_inner();
    let details = ErrorDetails::with_error_info("TASK_NOT_FOUND", "errwire.dev", [("task".to_owned(), id.clone())]);
    let message = format!("Task {id} does not exist. Verify the task ID.");
    Err(Status::with_error_details(Code::NotFound, message, details))
}
