//! `errwire serve`: from the address to the last call.

use std::io::{self, Write};

use tokio::{net::TcpListener, runtime, sync::oneshot};

use super::{failure::Failure, hangup::Hangups, log, run::Outcome};
use crate::server::{App, CatalogFollower, serve};

pub(super) fn run(listen: &str, app: App, catalog: Option<CatalogFollower>) -> Result<Outcome, Failure> {
    log::init();
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|why| Failure::Io("cannot start the threads".to_owned(), why))?;
    let outcome = runtime.block_on(listen_and_serve(listen, app, catalog));
    // What is still running after the drain timeout is not waited for.
    runtime.shutdown_background();
    outcome
}

async fn listen_and_serve(listen: &str, app: App, catalog: Option<CatalogFollower>) -> Result<Outcome, Failure> {
    let cannot_listen = |why: io::Error| Failure::Io(format!("cannot listen on {listen}{}", remedy(why.kind())), why);
    let cannot_wait = |why| Failure::Io("cannot wait for signals".to_owned(), why);
    let mut signals = Signals::new().map_err(cannot_wait)?;
    let mut hangups = Hangups::new().map_err(cannot_wait)?;
    let listener = TcpListener::bind(listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    // A server whose output nobody reads still serves.
    let _ = writeln!(io::stdout(), "listening on {address}").and_then(|()| io::stdout().flush());

    let reload = catalog.as_ref().map(CatalogFollower::reload);
    // Both end with the runtime.
    tokio::spawn(async move {
        loop {
            hangups.next().await;
            match &reload {
                Some(reload) => reload.request(),
                None => tracing::info!("there are no catalog files to read again"),
            }
        }
    });
    if let Some(catalog) = catalog {
        tokio::spawn(catalog.run());
    }

    let (stop, stopped) = oneshot::channel();
    let second_signal = async {
        signals.next().await;
        let _ = stop.send(());
        signals.next().await;
    };
    let stopped = async { stopped.await.unwrap_or_default() };
    tokio::select! {
        served = serve(listener, app, stopped) => served.map_err(|why| Failure::Io("cannot serve".to_owned(), why))?,
        () = second_signal => {}
    }
    Ok(Outcome::Fine)
}

fn remedy(why: io::ErrorKind) -> &'static str {
    match why {
        io::ErrorKind::InvalidInput => ": write HOST:PORT, such as 127.0.0.1:50051",
        io::ErrorKind::AddrInUse => ": another process does; choose another port, or 0 for a free one",
        _ => "",
    }
}

/// The signals that ask a process to stop.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The signals that ask a process to stop.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // If Ctrl-C cannot be waited for, there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
