//! Running a server from start to stop.

use std::{future, io, time::Duration};

use tokio::{net::TcpListener, sync::oneshot, time};
use tonic::transport::{Server, server::TcpIncoming};
use tower::util::{MapResponseLayer, option_layer};
use tower_layer::layer_fn;

use super::{
    App,
    cors::cors,
    health::Health,
    observe::{Measured, WithContext},
    unary::WithUnary,
};
use crate::service::name_refusal;

/// Serves on this listener until `shutdown` is done. Then it takes no more connections, says so to those that watch
/// its health, and lets the calls under way finish, within the drain timeout of the app.
///
/// # Errors
///
/// If the listener fails for good.
pub async fn serve(listener: TcpListener, app: App, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let health = Health::serving().await;
    let routes = app.routes(&health).map_err(io::Error::other)?;
    let (stop, stopping) = oneshot::channel();
    let shutdown = async {
        shutdown.await;
        health.stop().await;
        // The other end is gone only if this future is.
        let _ = stop.send(());
    };
    let overdue = async {
        match stopping.await {
            Ok(()) => time::sleep(app.drain_timeout()).await,
            Err(_) => future::pending().await,
        }
    };
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    tokio::select! {
        served = limits(Server::builder())
            .layer(layer_fn(WithContext::new))
            .layer(option_layer(cors(app.cors_origins())))
            .layer(layer_fn(|grpc| WithUnary::new(grpc, app.translator().clone(), app.metrics().clone())))
            .layer(layer_fn(|grpc| Measured::new(grpc, app.metrics().clone())))
            .layer(MapResponseLayer::new(name_refusal))
            .add_routes(routes)
            .serve_with_incoming_shutdown(incoming, shutdown) => served.map_err(io::Error::other),
        () = overdue => Ok(()),
    }
}

/// One peer cannot take more than its share of memory: 100 streams, each with a header block of 16 KiB, and one that is
/// gone without a word is noticed.
fn limits(server: Server) -> Server {
    server
        // For the unary form over HTTP/1.1.
        .accept_http1(true)
        .max_concurrent_streams(100)
        .http2_max_header_list_size(16 * 1024)
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .http2_keepalive_timeout(Some(Duration::from_secs(10)))
}
