//! `errwire serve`: from the configuration to the last call.

use std::io::{self, Write};

use tokio::{runtime, sync::oneshot};

use super::{
    log,
    outcome::{Failure, Outcome},
};
use crate::server::{Reload, Server, config::Resolved, raise_descriptors};

pub(super) fn run(resolved: Resolved) -> Result<Outcome, Failure> {
    log::init(resolved.config.log_format);
    for warning in resolved.warnings() {
        tracing::warn!(problem = %warning, "a setting is not used");
    }
    raise_descriptors();
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
    ignore_others().map_err(cannot_wait)?;
    let server = Server::bind(resolved.into()).await.map_err(Failure::Bind)?;
    reload_on_hangup(server.reload()).map_err(cannot_wait)?;
    // The server still serves if standard output is closed.
    let _ = announce(&server);

    let (stop, stopped) = oneshot::channel();
    let second_signal = async {
        let signal = signals.next().await;
        tracing::info!(signal, "asked to stop");
        let _ = stop.send(());
        let signal = signals.next().await;
        tracing::warn!(signal, "second signal: stopping at once");
    };
    let stopped = async { stopped.await.unwrap_or_default() };
    tokio::select! {
        served = server.serve(stopped) => served.map_err(|why| Failure::Io("cannot serve".to_owned(), why))?,
        () = second_signal => {}
    }
    Ok(Outcome::Fine)
}

// docs/rules.md: R-SERVICE-1
fn announce(server: &Server) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {}", server.address())?;
    if let Some(address) = server.admin_address() {
        writeln!(out, "admin on {address}")?;
        writeln!(out, "pages on http://{address}/errors")?;
    }
    out.flush()
}

/// SIGHUP asks the server to check its files.
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

/// Signals that mean nothing here, and would end the process unless it handles them: a wrong number given to `kill`, a tool that
/// expects its own answer to SIGUSR1, or a file that reaches a limit of its size. Handlers stay once they are registered.
#[cfg(unix)]
fn ignore_others() -> io::Result<()> {
    use rustix::process::Signal;
    use tokio::signal::unix::{SignalKind, signal};

    for other in [Signal::USR1, Signal::USR2, Signal::ALARM, Signal::VTALARM, Signal::PROF, Signal::XFSZ, Signal::IO] {
        // The handler stays installed after the receiver is gone.
        drop(signal(SignalKind::from_raw(other.as_raw()))?);
    }
    Ok(())
}

#[cfg(not(unix))]
fn ignore_others() -> io::Result<()> {
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

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
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

    async fn next(&mut self) -> &'static str {
        // If Ctrl-C cannot be waited for, there is nothing to wait for.
        match tokio::signal::ctrl_c().await {
            Ok(()) => "Ctrl-C",
            Err(_) => std::future::pending().await,
        }
    }
}
