//! The three servers, from their addresses to the last call.

use std::{io, net::SocketAddr};

use axum::Router;
use tokio::{net::TcpListener, sync::watch, try_join};
use tonic::transport::{Endpoint, server::TcpIncoming};

use super::{
    facade,
    layers::{self, Errors},
    media::{self, Probe},
    pb::{self, task_service_client::TaskServiceClient, task_service_server::TaskServiceServer},
    service::Tasks,
};

/// Where to listen; port 0 takes a free one.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    pub(crate) grpc: String,
    pub(crate) http: String,
}

/// The servers, bound and not yet running.
pub(crate) struct App {
    grpc: TcpListener,
    http: TcpListener,
    media: TcpListener,
    errors: Errors,
}

impl App {
    pub(crate) async fn bind(addresses: &Addresses) -> io::Result<Self> {
        Ok(Self {
            grpc: listen(&addresses.grpc).await?,
            http: listen(&addresses.http).await?,
            media: listen("127.0.0.1:0").await?,
            errors: Errors::default(),
        })
    }

    /// With another catalog, or another observer.
    #[allow(dead_code, reason = "only the tests need it")]
    pub(crate) fn with_errors(self, errors: Errors) -> Self {
        Self { errors, ..self }
    }

    pub(crate) fn grpc_address(&self) -> io::Result<SocketAddr> {
        self.grpc.local_addr()
    }

    pub(crate) fn http_address(&self) -> io::Result<SocketAddr> {
        self.http.local_addr()
    }

    /// Runs all servers until `shutdown` is done, and lets the calls in flight finish.
    pub(crate) async fn serve(self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let probe = Probe::new(self.media.local_addr()?);
        // The facade may start first: it connects with its first call.
        let backend = Endpoint::from_shared(format!("http://{}", self.grpc_address()?)).map_err(io::Error::other)?;
        let client = TaskServiceClient::new(layers::grpc_client(backend.connect_lazy()));

        let (stop, stopped) = watch::channel(());
        let running = async {
            try_join!(
                serve_grpc(self.grpc, Tasks::new(probe), self.errors.clone(), closed(stopped.clone())),
                serve_http(self.http, facade::router(client, self.errors), closed(stopped.clone())),
                serve_http(self.media, media::library(), closed(stopped)),
            )
        };
        let stopping = async {
            shutdown.await;
            drop(stop);
            Ok(())
        };
        try_join!(running, stopping).map(drop)
    }
}

async fn listen(address: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|why| io::Error::new(why.kind(), format!("cannot listen on {address}: {why}")))
}

async fn serve_grpc(
    listener: TcpListener,
    tasks: Tasks,
    errors: Errors,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(pb::DESCRIPTORS)
        .build_v1()
        .map_err(io::Error::other)?;
    layers::grpc_server(errors)
        .add_service(TaskServiceServer::new(tasks))
        .add_service(reflection)
        .serve_with_incoming_shutdown(TcpIncoming::from(listener).with_nodelay(Some(true)), shutdown)
        .await
        .map_err(io::Error::other)
}

async fn serve_http(
    listener: TcpListener,
    routes: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, routes).with_graceful_shutdown(shutdown).await
}

/// Until the sender is gone.
async fn closed(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}
