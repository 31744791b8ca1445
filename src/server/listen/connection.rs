//! One connection, from its first byte to its last.

use std::{
    convert::Infallible,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{Request, Response};
use http_body::Body;
use hyper::{body::Incoming, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    cork::{Corked, CorkedIo},
    executor::StreamExecutor,
    socket::Stream,
    timeout_io::TimeoutIo,
};
use crate::{
    model::BoxError,
    server::{config::Config, errors::Refusal, lifecycle::Lifecycle, limits::Places, tls::Certificates},
};

/// How long calls have to send their final status.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The service for the requests of a connection.
pub(crate) trait Serve:
    Service<Request<Incoming>, Response = Response<Self::ResponseBody>, Error = Infallible, Future: Send + 'static>
    + Send
    + 'static
{
    /// The body of a response.
    type ResponseBody: Body<Data: Send, Error: Into<BoxError>> + Send + 'static;
}

impl<S, B> Serve for S
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible, Future: Send + 'static> + Send + 'static,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    type ResponseBody = B;
}

/// The state that a connection shares with its calls.
#[derive(Debug)]
pub(crate) struct ConnectionState {
    calls: AtomicUsize,
    /// When the last call ended, in milliseconds after the beginning.
    quiet_since: AtomicU64,
    beginning: Instant,
    /// Whether the first bytes of HTTP have arrived.
    begun: CancellationToken,
    /// Ends subscriptions, which would hold up a server that drains.
    pub(crate) draining: CancellationToken,
    /// Ends all calls.
    pub(crate) ending: CancellationToken,
}

impl ConnectionState {
    pub(super) fn new(lifecycle: &Lifecycle) -> Self {
        Self {
            calls: AtomicUsize::new(0),
            quiet_since: AtomicU64::new(0),
            beginning: Instant::now(),
            begun: CancellationToken::new(),
            draining: lifecycle.draining.child_token(),
            ending: lifecycle.ending.child_token(),
        }
    }

    pub(crate) fn call_begins(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn call_ends(&self) {
        if self.calls.fetch_sub(1, Ordering::Relaxed) == 1 {
            let now = u64::try_from(self.beginning.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.quiet_since.store(now, Ordering::Relaxed);
        }
    }

    /// When the connection is idle if no call begins; later, if there is one.
    fn idle_at(&self, timeout: Duration) -> Instant {
        match self.calls.load(Ordering::Relaxed) {
            0 => self.beginning + Duration::from_millis(self.quiet_since.load(Ordering::Relaxed)) + timeout,
            _ => Instant::now() + timeout,
        }
    }
}

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

/// Serves one connection to its end.
pub(super) async fn serve_connection<S: Serve>(stream: Stream, accept: &Accept, service: S, state: &ConnectionState) {
    let Accept { config, places, lifecycle, certificates, refusal, .. } = accept;
    let first_bytes = config.handshake_timeout.map(|timeout| Instant::now() + timeout);
    let stream = match certificates.as_ref().map(Certificates::acceptor) {
        None => stream,
        Some(acceptor) => match handshake(stream, acceptor, first_bytes, lifecycle).await {
            Some(stream) => stream,
            None => return,
        },
    };
    let io = TimeoutIo::new(stream, first_bytes, state.begun.clone(), config.write_timeout);
    let builder = builder(config, places.clone());
    let serve = |io| builder.serve_connection(TokioIo::new(io), service);
    let connection = pin!(Corked::new(io, refusal.clone(), serve));
    drive(connection, config, lifecycle, state).await;
}

/// `None` if it fails, takes too long, or the server drains before it is done.
async fn handshake(
    stream: Stream,
    acceptor: TlsAcceptor,
    deadline: Option<Instant>,
    lifecycle: &Lifecycle,
) -> Option<Stream> {
    let handshake = acceptor.accept(stream);
    tokio::select! {
        shaken = handshake => match shaken {
            Ok(stream) => Some(Stream::Tls(Box::new(stream))),
            Err(why) => {
                tracing::debug!(reason = %why, "a TLS handshake failed");
                None
            }
        },
        () = at(deadline) => None,
        () = lifecycle.draining.cancelled() => None,
    }
}

type HyperConnection<'b, S> = Corked<auto::Connection<'b, TokioIo<CorkedIo>, S, StreamExecutor>>;

/// Runs a connection until the peer closes it, or the server does: with a GOAWAY, then a grace period for calls in flight, then a
/// status for the remaining ones.
async fn drive<S: Serve>(
    mut connection: Pin<&mut HyperConnection<'_, S>>,
    config: &Config,
    lifecycle: &Lifecycle,
    state: &ConnectionState,
) {
    let old = config.max_connection_age.map(|age| state.beginning + with_jitter(age));
    let grace = loop {
        let idle = config.idle_timeout.map(|timeout| state.idle_at(timeout));
        tokio::select! {
            _ = connection.as_mut() => return,
            () = lifecycle.draining.cancelled() => break None,
            () = at(old) => {
                tracing::info!(age = ?state.beginning.elapsed(), "a connection reached max_connection_age: it gets a GOAWAY");
                break Some(config.max_connection_age_grace);
            }
            () = at(idle) => if state.idle_at(config.idle_timeout.unwrap_or_default()) <= Instant::now() {
                tracing::debug!("a connection reached idle_timeout: it gets a GOAWAY");
                break Some(config.max_connection_age_grace);
            },
        }
    };
    // The version of HTTP decides how to shut down. A new connection probably has a call on its way.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = state.begun.cancelled() => {}
        () = at(Some(Instant::now() + LAST_WORDS)) => {}
    }
    connection.as_mut().connection().graceful_shutdown();
    tokio::select! {
        _ = connection.as_mut() => return,
        () = lifecycle.ending.cancelled() => {}
        () = at(grace.map(|grace| Instant::now() + grace)) => {}
    }
    state.draining.cancel();
    state.ending.cancel();
    let _ = timeout_at(Instant::now() + LAST_WORDS, connection).await;
}

async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

fn builder(config: &Config, places: Arc<Places>) -> auto::Builder<StreamExecutor> {
    let mut builder = auto::Builder::new(StreamExecutor { write_timeout: config.write_timeout, places });
    // A caller over the limit gets an error in its own protocol only if the request has been read.
    let header_list = config.max_header_list_bytes.get().saturating_mul(2);
    // The minimum of hyper.
    let buffer = usize::try_from(header_list).unwrap_or(usize::MAX).max(8192);
    // Of HTTP/1.1, from the end of the request before it.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(config.request_timeout).max_buf_size(buffer);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(config.max_concurrent_streams.get())
        .max_header_list_size(header_list)
        .keep_alive_interval(config.keepalive_interval)
        .keep_alive_timeout(config.keepalive_timeout);
    builder
}

/// Give or take a tenth, so that connections which began together do not end together
/// ([A9](https://github.com/grpc/proposal/blob/master/A9-server-side-conn-mgt.md)).
fn with_jitter(age: Duration) -> Duration {
    // Each `RandomState` has other keys, which is random enough here.
    let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0_u8);
    let tenths = f64::from(u32::try_from(random >> 32).unwrap_or_default()) / f64::from(u32::MAX);
    age.mul_f64(0.9 + tenths / 5.0)
}
