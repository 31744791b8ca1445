//! An echo of axum, bare and behind a layer, and calls to it.

use std::{net::SocketAddr, pin::Pin, sync::mpsc};

use axum::{Router, routing::post, serve::ListenerExt as _};
use bytes::Bytes;
use errwire::{BoxError, Error, kinds, layer::HttpServerLayer};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::net::TcpListener;
use tower::{Layer, Service, ServiceExt as _, layer::util::Identity};

/// The path of what fails.
pub(crate) const FAILS: &str = "/fails";

type Pool = Client<HttpConnector, Full<Bytes>>;

pub(crate) struct Servers {
    pub(crate) bare: SocketAddr,
    pub(crate) http_server: SocketAddr,
}

pub(crate) fn start() -> Servers {
    let (send, servers) = mpsc::channel();
    super::host(async move {
        let [bare, one] = [bind().await, bind().await];
        let address = |listener: &TcpListener| listener.local_addr().unwrap();
        send.send(Servers { bare: address(&bare), http_server: address(&one) }).unwrap();
        let bare = axum::serve(bare.tap_io(no_delay), app());
        let one = axum::serve(one.tap_io(no_delay), app().layer(HttpServerLayer::default()));
        tokio::try_join!(bare.into_future(), one.into_future()).unwrap();
    });
    servers.recv().unwrap()
}

async fn bind() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn no_delay(stream: &mut tokio::net::TcpStream) {
    stream.set_nodelay(true).unwrap();
}

fn app() -> Router {
    Router::new().route("/fine", post(|body: Bytes| async { body })).route(FAILS, post(fails))
}

async fn fails() -> Error {
    Error::new(kinds::TASK_NOT_FOUND).with_message("Task tsk_1 does not exist. Verify the task ID.")
}

/// Calls of a bare client.
pub(crate) fn calls(
    address: SocketAddr,
    path: &'static str,
) -> impl Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Clone + Send {
    calls_through(&Identity::new(), address, path)
}

/// Calls through a layer, each of which is checked.
pub(crate) fn calls_through<L, S, B, F>(
    layer: &L,
    address: SocketAddr,
    path: &'static str,
) -> impl Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Clone + Send + use<L, S, B, F>
where
    L: Layer<Pool, Service = S>,
    S: Service<Request<Full<Bytes>>, Response = Response<B>, Future = F> + Clone + Send + 'static,
    S::Error: Into<BoxError> + Send,
    F: Future<Output = Result<Response<B>, S::Error>> + Send,
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: Into<BoxError>,
{
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client = layer.layer(Client::builder(TokioExecutor::new()).build(connector));
    let uri: http::Uri = format!("http://{address}{path}").parse().unwrap();
    move || {
        let (client, uri) = (client.clone(), uri.clone());
        Box::pin(async move {
            // What fails has no body: the layer ends the connection where one may be unread, and to make a new one takes longer than
            // all the rest.
            let body = if path == FAILS { "" } else { "tsk_1" };
            let request = Request::post(uri).header("accept", "application/json");
            let answer = client.oneshot(request.body(Full::from(body)).unwrap()).await;
            match answer.map_err(Into::into) {
                Ok(answer) => {
                    let is_success = answer.status().is_success();
                    let body = answer.into_body().collect().await.map_err(Into::into).unwrap().to_bytes();
                    assert!(if is_success {
                        body == "tsk_1"
                    } else {
                        body.starts_with(b"{\"kind\":\"task_not_found\",")
                    });
                }
                Err(error) => assert!(error.is::<Error>()),
            }
        })
    }
}
