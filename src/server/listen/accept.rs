//! Accepting connections.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    sync::Semaphore,
    time::{self, Instant},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Listener,
    connection::{Connection, ConnectionState, Serve},
    socket::Stream,
};
use crate::server::{config::Config, errors::Refusal, lifecycle::Lifecycle, limits::Places, tls::Certificates};

/// How long to wait when the process has no descriptor or memory left. Long enough not to spin, and short enough that a
/// caller does not notice when there is one again.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// What a listener needs to serve its connections.
pub(crate) struct Accept {
    pub(crate) config: Arc<Config>,
    /// The most connections at once.
    pub(crate) most: usize,
    /// The places of the calls on all connections.
    pub(crate) places: Arc<Places>,
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
    let Accept { config, most, places, certificates, lifecycle, connections, refusal } = accept;
    let permits = Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
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
        let Ok(permit) = permits.clone().try_acquire_owned() else {
            tracing::debug!("a connection above the limit was closed");
            continue;
        };
        let state = Arc::new(ConnectionState::new(&lifecycle));
        let acceptor = certificates.as_ref().map(Certificates::acceptor);
        let connection = Connection {
            config: config.clone(),
            places: places.clone(),
            lifecycle: lifecycle.clone(),
            service: service(state.clone()),
            refusal: refusal.clone(),
            state,
        };
        connections.spawn(async move {
            connection.run(stream, acceptor).await;
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
