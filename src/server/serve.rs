//! Running a server from start to stop.

use std::{future, io, time::Duration};

use tokio::{net::TcpListener, sync::oneshot, time};
use tonic::transport::{Server, server::TcpIncoming};
use tower::util::MapResponseLayer;
use tower_layer::layer_fn;

use super::{App, health::Health, unary::WithUnary};
use crate::service::{CatalogReader, name_refusal};

/// Serves on this listener until `shutdown` is done. Then it takes no more connections, says so to those that watch
/// its health, and lets the calls under way finish, within the drain timeout of the app.
///
/// # Errors
///
/// If the listener fails for good.
pub async fn serve(listener: TcpListener, app: App, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let health = Health::serving().await;
    let catalog = CatalogReader::new(app.translator().clone());
    let routes = app.routes(&health, catalog.clone()).map_err(io::Error::other)?;
    let (stop, stopping) = oneshot::channel();
    let shutdown = async {
        shutdown.await;
        health.stop().await;
        catalog.end_watches();
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
            .layer(MapResponseLayer::new(name_refusal))
            .layer(layer_fn(|grpc| WithUnary::new(grpc, app.translator().clone())))
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
