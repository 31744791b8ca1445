//! A server on a free port, which stops and is joined when it is dropped.

use std::{
    io,
    net::SocketAddr,
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Duration,
};

use errwire::{
    Translator,
    server::{App, config::Config, serve},
    service::pb::{
        catalog_service_client::CatalogServiceClient, error_mapping_service_client::ErrorMappingServiceClient,
    },
};
use tokio::{net::TcpListener, runtime, sync::oneshot};
use tonic::transport::{Channel, Endpoint};

pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Server {
    pub fn start() -> Self {
        Self::with(App::new(Translator::default()).with_drain_timeout(Duration::from_secs(5)))
    }

    pub fn with(app: App) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), app)
    }

    pub fn at(listen: SocketAddr, app: App) -> Self {
        let (send_address, address) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::Builder::new().name("server".into()).spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let listener = TcpListener::bind(listen).await?;
                send_address.send(listener.local_addr()?).expect("the test waits for the address");
                serve(listener, app, async { drop(stopped.await) }).await
            })
        });
        let address = address.recv().expect("the server binds");
        Self { address, stop: Some(stop), thread: Some(thread.unwrap()) }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// With settings of its own.
    pub fn set(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.drain_timeout = Duration::from_secs(5);
        change(&mut config);
        Self::with(App::new(Translator::default()).with_config(config))
    }

    pub async fn channel(&self) -> Channel {
        channel(self.address).await
    }

    pub async fn mapping(&self) -> ErrorMappingServiceClient<Channel> {
        ErrorMappingServiceClient::new(self.channel().await)
    }

    pub async fn catalog(&self) -> CatalogServiceClient<Channel> {
        CatalogServiceClient::new(self.channel().await)
    }

    /// Asks the server to stop, without waiting for it.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Leaves the server running, for the end of the process.
    pub fn abandon(mut self) {
        self.stop = None;
        self.thread = None;
    }

    /// Stops the server, waits for it, and gives what it returned.
    pub fn join(mut self) -> io::Result<()> {
        self.stop();
        self.thread.take().unwrap().join().expect("the server does not panic")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        let Some(thread) = self.thread.take() else { return };
        let ended = thread.join();
        if !thread::panicking() {
            ended.expect("the server does not panic").expect("the server stops cleanly");
        }
    }
}

pub async fn channel(address: SocketAddr) -> Channel {
    Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap()
}
