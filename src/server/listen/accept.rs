//! Accepting connections, within the limits of a connection and of the file descriptors of the process.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    sync::Semaphore,
    time::{self, Instant},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Listener, Refusal,
    connection::{Connection, ConnectionState, Serve},
    socket::Stream,
};
use crate::server::{config::Config, lifecycle::Lifecycle, limits::Places, tls::Certificates};

/// How long to wait when the process has no descriptor or memory left. Long enough not to spin, and short enough that a
/// caller does not notice when there is one again.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// What a listener needs to serve its connections.
pub(crate) struct Accept {
    pub(crate) limits: Arc<Limits>,
    pub(crate) certificates: Option<Certificates>,
    pub(crate) lifecycle: Lifecycle,
    /// Tracks the task of each connection.
    pub(crate) connections: TaskTracker,
    pub(crate) refusal: Refusal,
}

/// How long the queue of a closing listener has to be empty. To the peer, a queued connection is established, and closing the
/// listener would reset it.
const QUIET: Duration = Duration::from_millis(10);

/// The longest wait for an empty queue.
const NOT_LONGER: Duration = Duration::from_millis(250);

/// Accepts connections until the server closes its listener. `service` makes the service of a connection.
///
/// A connection above the limit is closed at once: a response would cost what the limit is there to save.
pub(crate) async fn accept<S: Serve>(listener: Listener, accept: Accept, service: impl Fn(Arc<ConnectionState>) -> S) {
    let Accept { limits, certificates, lifecycle, connections, refusal } = accept;
    let places = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    let (mut exhausted, mut deadline) = (false, None);
    while let Some(stream) = next(&listener, lifecycle.closing(), &mut deadline).await {
        let stream = match stream {
            Ok(stream) => stream,
            Err(why) if is_of_one_connection(&why) => continue,
            Err(why) => {
                if !exhausted {
                    tracing::warn!(reason = %why, "no connection can be accepted; trying again until one can");
                }
                exhausted = true;
                time::sleep(EXHAUSTED).await;
                continue;
            }
        };
        exhausted = false;
        let Ok(place) = places.clone().try_acquire_owned() else {
            tracing::debug!("a connection above the limit was closed");
            continue;
        };
        let state = Arc::new(ConnectionState::new(&lifecycle));
        let acceptor = certificates.as_ref().map(Certificates::acceptor);
        let (limits, lifecycle, refusal) = (limits.clone(), lifecycle.clone(), refusal.clone());
        let connection = Connection { limits, lifecycle, service: service(state.clone()), refusal, state };
        connections.spawn(async move {
            connection.run(stream, acceptor).await;
            drop(place);
        });
    }
}

/// The next connection; `None` once the listener is to be closed and its queue is empty. The listener is closed at
/// `deadline` in any case.
async fn next(
    listener: &Listener,
    closing: &CancellationToken,
    deadline: &mut Option<Instant>,
) -> Option<io::Result<Stream>> {
    if deadline.is_none() {
        tokio::select! {
            biased;
            () = closing.cancelled() => *deadline = Some(Instant::now() + NOT_LONGER),
            stream = listener.accept() => return Some(stream),
        }
    }
    if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
        return None;
    }
    time::timeout(QUIET, listener.accept()).await.ok()
}

/// Whether the error is of this connection alone: its peer left before it was accepted.
fn is_of_one_connection(why: &io::Error) -> bool {
    matches!(
        why.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}

/// The most connections of the admin listener, which has few callers.
const ADMIN_CONNECTIONS: usize = 100;

/// The settings that a connection needs, by value.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(super) connections: usize,
    pub(super) header_list_bytes: u32,
    pub(super) streams: u32,
    pub(super) handshake: Option<Duration>,
    pub(super) write: Option<Duration>,
    pub(super) idle: Option<Duration>,
    pub(super) age: Option<Duration>,
    pub(super) grace: Duration,
    pub(super) keepalive: Option<Duration>,
    pub(super) keepalive_timeout: Duration,
    /// How long the header of a request over HTTP/1.1 may take, from the end of the request before it.
    pub(super) header: Option<Duration>,
    /// The places of the calls on all connections.
    pub(super) places: Arc<Places>,
}

impl Limits {
    /// The limits of the RPC listener.
    pub(crate) fn of(config: &Config, places: Arc<Places>) -> Self {
        Self::with(allowed_connections(config.max_connections.get()), config, places)
    }

    fn with(connections: usize, config: &Config, places: Arc<Places>) -> Self {
        Self {
            connections,
            header_list_bytes: config.max_header_list_bytes.get(),
            streams: config.max_concurrent_streams.get(),
            handshake: config.handshake_timeout,
            write: config.write_timeout,
            idle: config.idle_timeout,
            age: config.max_connection_age,
            grace: config.max_connection_age_grace,
            keepalive: config.keepalive_interval,
            keepalive_timeout: config.keepalive_timeout,
            header: config.request_timeout,
            places,
        }
    }

    /// The limits of the admin listener, which has few callers.
    pub(crate) fn of_admin(config: &Config) -> Self {
        Self::with(ADMIN_CONNECTIONS, config, Arc::new(Places::unlimited()))
    }
}

/// Descriptors that are kept for the admin listener, for files and for the runtime.
const RESERVED: usize = 128;

/// Raises the soft limit of descriptors to the hard limit, which is often many times higher.
#[cfg(all(unix, feature = "cli"))]
pub(crate) fn raise_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // If it fails, the limit stays as it is.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}

#[cfg(all(not(unix), feature = "cli"))]
pub(crate) fn raise_descriptors() {}

/// The limit of connections: as configured, or as many as there are descriptors for.
fn allowed_connections(set: usize) -> usize {
    let Some(descriptors) = descriptor_limit() else { return set };
    let most = for_connections(descriptors);
    if most < set {
        tracing::warn!(
            descriptors,
            max_connections = set,
            connections = most,
            "there are too few file descriptors for max_connections: fewer connections are accepted. Raise the limit of open \
             files (ulimit -n, LimitNOFILE)"
        );
    }
    set.min(most)
}

/// The descriptors without the reserve, which is at most half of them.
fn for_connections(descriptors: usize) -> usize {
    descriptors.saturating_sub(RESERVED.min(descriptors / 2)).max(1)
}

/// `None` if there is no limit.
#[cfg(unix)]
fn descriptor_limit() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};

    getrlimit(Resource::Nofile).current.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
fn descriptor_limit() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_kept() {
        for (descriptors, connections) in [(0, 1), (1, 1), (48, 24), (256, 128), (1_024, 896), (1_048_576, 1_048_448)] {
            assert_eq!(for_connections(descriptors), connections, "{descriptors}");
        }
    }
}
