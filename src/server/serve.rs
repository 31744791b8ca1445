//! Running a server from start to stop.

use std::{
    future, io,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time};
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};

use super::{
    App, CatalogFollower, Server, admin,
    concurrency::Places,
    config::Config,
    give_back::give_back,
    health::Health,
    lifecycle::Lifecycle,
    limits::{Calls, ItemRate, Limited},
    listen::{Accept, Limits, Listener, accept},
    malformed_request,
    tls::Certificates,
};

/// Serves the RPCs on this listener, without TLS and without an admin listener, until `shutdown` is done. Then it takes no
/// more connections, says so to those that watch its health, and lets the calls in flight finish, within the drain timeout
/// of the app.
///
/// # Errors
///
/// As [`Server::serve`].
pub async fn serve(listener: TcpListener, app: App, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    Server::on(Listener::Tcp(listener), App { identity: None, ..app }).serve(shutdown).await
}

impl Server {
    /// Serves until `shutdown` is done, and then until all calls are over or the drain timeout has passed.
    ///
    /// If this future is dropped, the server ends its calls and connections, and its tasks end within about a second.
    ///
    /// # Errors
    ///
    /// If the descriptors for server reflection are broken. What goes wrong with a connection is that connection's.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let Self { rpc, admin, app, reload } = self;
        let lifecycle = Lifecycle::default();
        let stack = app.stack(&Health::new(&lifecycle)).map_err(io::Error::other)?;
        let _guards = lifecycle.guards();
        let config = &app.config;
        let connections = TaskTracker::new();
        let certificates = app
            .identity
            .clone()
            .map(|identity| Certificates::follow(identity, config.tls_reload_interval, reload.requests()));
        let leaving = CancellationToken::new();
        let _leaving = leaving.clone().drop_guard();
        let catalogs = app.catalogs.clone().map(|follower| follow(follower, reload.requests(), leaving.clone()));
        let places = Arc::new(Places::of(config));
        let calls = Arc::new(Calls::new(config, places.clone(), app.translator.clone()));
        let items = config.max_stream_items_per_second;
        let refusal = malformed_request::refusal(app.translator.clone(), calls.most_header_bytes());
        let acceptor = Accept {
            limits: Arc::new(Limits::of(config, places)),
            certificates,
            lifecycle: lifecycle.clone(),
            connections: connections.clone(),
            refusal: refusal.clone(),
        };
        tokio::spawn(give_back(Arc::downgrade(&calls), leaving.clone()));
        let accepting = tokio::spawn(accept(rpc, acceptor, move |connection| {
            Limited::new(stack.clone(), calls.clone(), connection, ItemRate::new(items))
        }));
        // Probes are answered until the last call is over.
        let afterwards = Lifecycle::default();
        let _admin_guards = afterwards.guards();
        if let Some(listener) = admin {
            let acceptor = Accept {
                limits: Arc::new(Limits::of_admin(config)),
                certificates: None,
                lifecycle: afterwards.clone(),
                connections: TaskTracker::new(),
                refusal,
            };
            let (admin_app, router) = (app.clone(), admin::router(&app, &lifecycle));
            tokio::spawn(accept(listener, acceptor, move |_| admin::service(&admin_app, router.clone())));
        }

        shutdown.await;
        drain(&app.config, &lifecycle, accepting, &connections).await;
        leaving.cancel();
        if let Some(catalogs) = catalogs {
            // A server that leaves early still keeps its catalog, unless the disk does not answer.
            let _ = time::timeout(KEEP_TIMEOUT, catalogs).await;
        }
        tracing::info!("the server has stopped");
        Ok(())
    }
}

/// How long the catalog may take to get to the disk once nothing else is left to do.
const KEEP_TIMEOUT: Duration = Duration::from_secs(5);

/// Follows the files of the catalog until it is to stop and the catalog in use is kept, or until this is dropped.
fn follow(
    follower: CatalogFollower,
    mut requests: watch::Receiver<()>,
    stop: CancellationToken,
) -> AbortOnDropHandle<()> {
    let asked = follower.reload();
    AbortOnDropHandle::new(tokio::spawn(async move {
        let ask = async {
            while requests.changed().await.is_ok() {
                asked.request();
            }
            // Nobody can ask any more once the other end is gone, and the files are followed all the same.
            future::pending().await
        };
        tokio::select! {
            () = ask => {}
            () = follower.run_until(stop.cancelled_owned()) => {}
        }
    }))
}

/// From the first word that the server leaves to the end of its last connection.
async fn drain(config: &Config, lifecycle: &Lifecycle, accepting: JoinHandle<()>, connections: &TaskTracker) {
    lifecycle.leave();
    tracing::info!(pre_drain = ?config.pre_drain, "the server is no longer ready, and still accepts calls");
    time::sleep(config.pre_drain).await;
    lifecycle.close();
    // Nothing is added to the connections from here on.
    let _ = accepting.await;
    connections.close();
    let (open, began) = (connections.len(), Instant::now());
    tracing::info!(connections = open, drain_timeout = ?config.drain_timeout, "draining: no more connections are accepted");
    lifecycle.drain();
    if time::timeout(config.drain_timeout, connections.wait()).await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "calls are still in flight at the end of the drain timeout: they end as service_unavailable"
        );
        lifecycle.end();
        connections.wait().await;
    }
    tracing::info!(connections = open, took = ?began.elapsed(), "drained");
}
