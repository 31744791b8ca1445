//! Accepting connections, and how many the file descriptors of the process allow.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    sync::Semaphore,
    time::{self, Instant},
};
use tokio_util::sync::CancellationToken;

use super::{
    Listener,
    connection::{Accept, ConnectionState, Serve, serve_connection},
    socket::Stream,
};

/// How long to wait when the process has no descriptor or memory left. Long enough not to spin, and short enough that a
/// caller does not notice when there is one again.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// How long the queue of a closing listener has to be empty. To the peer, a queued connection is established, and closing the
/// listener would reset it.
const QUIET: Duration = Duration::from_millis(10);

/// The longest wait for an empty queue.
const NOT_LONGER: Duration = Duration::from_millis(250);

/// Accepts connections until the server closes its listener. `service` makes the service of a connection.
///
/// A connection above the limit is closed at once: a response would cost what the limit is there to save.
pub(crate) async fn accept<S: Serve>(listener: Listener, accept: Accept, service: impl Fn(Arc<ConnectionState>) -> S) {
    let accept = Arc::new(accept);
    let permits = Arc::new(Semaphore::new(accept.most.min(Semaphore::MAX_PERMITS)));
    let (mut exhausted, mut deadline) = (false, None);
    while let Some(stream) = next(&listener, &accept.lifecycle.closing, &mut deadline).await {
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
        let Ok(permit) = permits.clone().try_acquire_owned() else {
            tracing::debug!("a connection above the limit was closed");
            continue;
        };
        let state = Arc::new(ConnectionState::new(&accept.lifecycle));
        let (service, shared) = (service(state.clone()), accept.clone());
        accept.connections.spawn(async move {
            serve_connection(stream, &shared, service, &state).await;
            drop(permit);
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
pub(crate) fn allowed_connections(set: usize) -> usize {
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
