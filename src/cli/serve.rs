//! `errwire serve`: from the configuration to the last call.

use std::io::{self, Write};

use tokio::{runtime, sync::oneshot};

use super::{failure::Failure, log, run::Outcome};
use crate::server::{Reload, Server, config::Resolved};

pub(super) fn run(resolved: Resolved) -> Result<Outcome, Failure> {
    log::init(resolved.config.log_format);
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|why| Failure::Io("cannot start the threads".to_owned(), why))?;
    let outcome = runtime.block_on(listen_and_serve(resolved));
    // What is still running after the drain timeout is not waited for.
    runtime.shutdown_background();
    outcome
}

async fn listen_and_serve(resolved: Resolved) -> Result<Outcome, Failure> {
    let cannot_wait = |why| Failure::Io("cannot wait for signals".to_owned(), why);
    let mut signals = Signals::new().map_err(cannot_wait)?;
    let server = Server::bind(resolved.into()).await.map_err(Failure::Bind)?;
    reload_on_hangup(server.reload()).map_err(cannot_wait)?;
    // A server whose output nobody reads still serves.
    let _ = announce(&server);

    let (stop, stopped) = oneshot::channel();
    let second_signal = async {
        signals.next().await;
        let _ = stop.send(());
        signals.next().await;
    };
    let stopped = async { stopped.await.unwrap_or_default() };
    tokio::select! {
        served = server.serve(stopped) => served.map_err(|why| Failure::Io("cannot serve".to_owned(), why))?,
        () = second_signal => {}
    }
    Ok(Outcome::Fine)
}

fn announce(server: &Server) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {}", server.address())?;
    if let Some(address) = server.admin_address() {
        writeln!(out, "admin on {address}")?;
    }
    out.flush()
}

/// SIGHUP asks the server to look at its files.
#[cfg(unix)]
fn reload_on_hangup(reload: Reload) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hangups = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            reload.request();
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn reload_on_hangup(_: Reload) -> io::Result<()> {
    Ok(())
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
