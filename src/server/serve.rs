//! A server: bound, then running, from the first connection to the last.

use std::{
    error, fmt, io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{net::TcpListener, task::JoinHandle, time};
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};

use super::{
    App, CatalogFollower, Reload, admin,
    config::{AdminListen, Config},
    errors::Refusal,
    lifecycle::{Health, Lifecycle},
    limits::{Calls, ItemRate, Limited, Places, give_back},
    listen::{Accept, Listener, accept, allowed_connections},
    tls::Certificates,
};

/// A server whose sockets are open. Callers that connect wait until it [serves](Self::serve).
#[derive(Debug)]
pub struct Server {
    pub(super) rpc: Listener,
    pub(super) admin: Option<Listener>,
    pub(super) app: App,
    pub(super) reload: Reload,
}

/// An address that cannot be listened on. `Display` names it, and what to do; the source says why.
#[derive(Debug)]
pub struct BindError {
    address: String,
    why: io::Error,
}

impl Server {
    /// Opens the sockets that the configuration of the app names.
    ///
    /// # Errors
    ///
    /// If one of them cannot be opened. None is open then.
    pub async fn bind(app: App) -> Result<Self, BindError> {
        let config = &app.config;
        let failed = |address: &dyn fmt::Display| {
            let address = address.to_string();
            move |why| BindError { address, why }
        };
        let rpc = Listener::bind(&config.listen, config.socket_mode).await.map_err(failed(&config.listen))?;
        let admin = match &config.admin_listen {
            AdminListen::Off => None,
            AdminListen::At(address) => Some(Listener::bind_tcp(address).await.map_err(failed(address))?),
            AdminListen::Auto => {
                let usual = Listener::bind_tcp(AdminListen::USUAL).await;
                Some(match usual {
                    Ok(listener) => listener,
                    Err(_) => Listener::bind_tcp(AdminListen::ANY).await.map_err(failed(&AdminListen::ANY))?,
                })
            }
        };
        Ok(Self { rpc, admin, reload: reload(&app), app })
    }

    /// Where the RPCs are served: the socket's own address, or `unix:` and its path.
    pub fn address(&self) -> String {
        self.rpc.to_string()
    }

    /// Where the admin listener is; `None` if it is off.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().and_then(Listener::address)
    }

    /// Asks the server, once it serves, to check its files.
    pub fn reload(&self) -> Reload {
        self.reload.clone()
    }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let remedy = match self.why.kind() {
            io::ErrorKind::InvalidInput => ": write HOST:PORT, such as 127.0.0.1:50051",
            io::ErrorKind::AddrInUse => ": another process does; choose another port, or 0 for a free one",
            io::ErrorKind::AlreadyExists => ": remove the file, or choose another path",
            _ => "",
        };
        write!(f, "cannot listen on {}{remedy}", self.address)
    }
}

impl error::Error for BindError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&self.why)
    }
}

/// What asks the catalog of an app, and the certificates of its server.
fn reload(app: &App) -> Reload {
    app.catalogs.as_ref().map_or_else(Reload::new, CatalogFollower::reload)
}

/// Serves the RPCs on this listener, without TLS and without an admin listener, until `shutdown` is done. Then it takes no
/// more connections, tells the watchers of its health, and lets the calls in flight finish, within the drain timeout of the app.
///
/// # Errors
///
/// As [`Server::serve`].
pub async fn serve(listener: TcpListener, app: App, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let app = App { identity: None, ..app };
    Server { rpc: Listener::Tcp(listener), admin: None, reload: reload(&app), app }.serve(shutdown).await
}

impl Server {
    /// Serves until `shutdown` is done, and then until all calls are over or the drain timeout has passed.
    ///
    /// If this future is dropped, the server ends its calls and connections, and its tasks end within about a second.
    ///
    /// # Errors
    ///
    /// If the descriptors for server reflection are broken. A failure of one connection is not an error of the server.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let Self { rpc, admin, app, reload } = self;
        let lifecycle = Lifecycle::new();
        let stack = app.stack(&Health::new(&lifecycle)).map_err(io::Error::other)?;
        // Ends everything if this is dropped.
        let _ending = lifecycle.ending.clone().drop_guard();
        let config = &app.config;
        let shared = Arc::new(config.clone());
        let connections = TaskTracker::new();
        let certificates = app
            .identity
            .clone()
            .map(|identity| Certificates::follow(identity, config.tls_reload_interval, reload.requests()));
        let leaving = CancellationToken::new();
        let _leaving = leaving.clone().drop_guard();
        let catalogs = app.catalogs.clone().map(|follower| {
            AbortOnDropHandle::new(tokio::spawn(follower.run_until(leaving.clone().cancelled_owned())))
        });
        let places = Arc::new(Places::new(config.max_concurrent_requests.get(), config.max_open_streams.get()));
        let calls = Arc::new(Calls::new(shared.clone(), places.clone(), app.translator.clone()));
        let items = config.max_stream_items_per_second;
        let refusal = Refusal::new(app.translator.clone(), config.max_header_list_bytes.as_usize());
        let acceptor = Accept {
            config: shared.clone(),
            most: allowed_connections(config.max_connections.get()),
            places,
            certificates,
            lifecycle: lifecycle.clone(),
            connections: connections.clone(),
            refusal: refusal.clone(),
        };
        tokio::spawn(give_back(Arc::downgrade(&calls), leaving.clone()));
        let accepting = tokio::spawn(accept(rpc, acceptor, move |connection| {
            Limited::new(stack.clone(), calls.clone(), connection, ItemRate::new(items))
        }));
        // The admin listener serves probes until the last call is over.
        let afterwards = Lifecycle::new();
        let _afterwards = afterwards.ending.clone().drop_guard();
        if let Some(listener) = admin {
            let acceptor = Accept {
                config: shared,
                most: ADMIN_CONNECTIONS,
                places: Arc::new(Places::new(usize::MAX, usize::MAX)),
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
            // A server that stops early still saves its catalog, unless the disk hangs.
            let _ = time::timeout(KEEP_TIMEOUT, catalogs).await;
        }
        tracing::info!("the server has stopped");
        Ok(())
    }
}

/// The most connections of the admin listener, which has few callers.
const ADMIN_CONNECTIONS: usize = 100;

/// How long saving the catalog may take once everything else is done.
const KEEP_TIMEOUT: Duration = Duration::from_secs(5);

/// From the beginning of the shutdown to the end of the last connection.
async fn drain(config: &Config, lifecycle: &Lifecycle, accepting: JoinHandle<()>, connections: &TaskTracker) {
    lifecycle.leaving.cancel();
    tracing::info!(pre_drain = ?config.pre_drain, "the server is no longer ready, and still accepts calls");
    time::sleep(config.pre_drain).await;
    lifecycle.closing.cancel();
    // Nothing is added to the connections from here on.
    let _ = accepting.await;
    connections.close();
    let (open, began) = (connections.len(), Instant::now());
    tracing::info!(connections = open, drain_timeout = ?config.drain_timeout, "draining: no more connections are accepted");
    lifecycle.draining.cancel();
    if time::timeout(config.drain_timeout, connections.wait()).await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "calls are still in flight at the end of the drain timeout: they end as service_unavailable"
        );
        lifecycle.ending.cancel();
        connections.wait().await;
    }
    tracing::info!(connections = open, took = ?began.elapsed(), "drained");
}
