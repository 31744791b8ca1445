//! Sends the output of one turn of a connection as one piece.
//!
//! h2 writes a response in two pieces, the second for its trailers, and each response by itself, though the requests came
//! together. To send a piece takes longer than to translate, and each wakes the peer. So writes are collected, and sent at the end
//! of the turn, or earlier if there are enough bytes.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::timeout_io::TimeoutIo;
use crate::server::errors::Refusal;

/// The capacity of the buffer in bytes. A full buffer makes the writer wait.
const MOST: usize = 16 * 1024;

/// From how many bytes on the buffer is sent before the turn ends, so that the peer can work meanwhile.
const ENOUGH: usize = 2 * 1024;

/// The IO of hyper. Its flush sends only large buffers; [`Corked`] sends the rest at the end of a turn.
pub(super) struct CorkedIo(Shared);

#[derive(Clone)]
struct Shared(Arc<Mutex<Collected>>);

struct Collected {
    io: TimeoutIo,
    refusal: Refusal,
    bytes: Vec<u8>,
    /// How many of the bytes are sent.
    sent: usize,
}

impl Shared {
    /// Only one task has it, so that the lock is always free.
    fn lock(&self) -> MutexGuard<'_, Collected> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Collected {
    /// Buffers as many of the bytes as there is room for, possibly none.
    fn collect(&mut self, bytes: &[u8]) -> usize {
        if let Some(instead) = self.refusal.instead_of(bytes) {
            self.bytes.extend_from_slice(&instead);
            return bytes.len();
        }
        let taken = bytes.len().min(MOST.saturating_sub(self.bytes.len()));
        self.bytes.extend_from_slice(&bytes[..taken]);
        taken
    }

    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.sent < self.bytes.len() {
            match ready!(Pin::new(&mut self.io).poll_write(cx, &self.bytes[self.sent..]))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                sent => self.sent += sent,
            }
        }
        // An idle connection needs no buffer.
        (self.bytes, self.sent) = (Vec::new(), 0);
        Pin::new(&mut self.io).poll_flush(cx)
    }
}

impl AsyncRead for CorkedIo {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0.lock().io).poll_read(cx, buffer)
    }
}

impl AsyncWrite for CorkedIo {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut collected = self.0.lock();
        if collected.bytes.len() >= MOST {
            ready!(collected.poll_send(cx))?;
        }
        let mut taken = 0;
        for slice in slices {
            let of_slice = collected.collect(slice);
            taken += of_slice;
            if of_slice < slice.len() {
                break;
            }
        }
        Poll::Ready(Ok(taken))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut collected = self.0.lock();
        if collected.bytes.len() < ENOUGH {
            return Poll::Ready(Ok(()));
        }
        collected.poll_send(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut collected = self.0.lock();
        ready!(collected.poll_send(cx))?;
        Pin::new(&mut collected.io).poll_shutdown(cx)
    }
}

pin_project! {
    /// A connection whose output is sent at the end of each turn.
    pub(super) struct Corked<C> {
        #[pin]
        connection: C,
        shared: Shared,
    }
}

impl<C> Corked<C> {
    /// `connection` makes the connection from its IO.
    pub(super) fn new(io: TimeoutIo, refusal: Refusal, connection: impl FnOnce(CorkedIo) -> C) -> Self {
        let shared = Shared(Arc::new(Mutex::new(Collected { io, refusal, bytes: Vec::new(), sent: 0 })));
        Self { connection: connection(CorkedIo(shared.clone())), shared }
    }

    pub(super) fn connection(self: Pin<&mut Self>) -> Pin<&mut C> {
        self.project().connection
    }
}

impl<C: Future> Future for Corked<C> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        let polled = this.connection.poll(cx);
        // A connection that cannot send is over.
        let failed = matches!(this.shared.lock().poll_send(cx), Poll::Ready(Err(_)));
        if polled.is_ready() || failed { Poll::Ready(()) } else { Poll::Pending }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::{future, task::Waker, time::Duration};

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::UnixStream,
        time::timeout,
    };
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::{server::listen::socket::Stream, translate::Translator};

    /// A connection that does this, and its peer.
    fn corked<F: Future>(connection: impl FnOnce(CorkedIo) -> F) -> (Pin<Box<Corked<F>>>, UnixStream) {
        let (ours, peer) = UnixStream::pair().unwrap();
        let io = TimeoutIo::new(Stream::Unix(ours), None, CancellationToken::new(), None);
        let refusal = Refusal::new(Translator::default(), 0);
        (Box::pin(Corked::new(io, refusal, connection)), peer)
    }

    fn turn(connection: Pin<&mut impl Future>) -> bool {
        connection.poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    fn seen(peer: &UnixStream) -> usize {
        peer.try_read(&mut [0; 64 * 1024]).unwrap_or_default()
    }

    #[tokio::test]
    async fn a_turn_is_one_piece() {
        let (mut connection, peer) = corked(|mut io| async move {
            for piece in [&b"one"[..], b"two"] {
                io.write_all(piece).await.unwrap();
                io.flush().await.unwrap();
            }
            // As long as the turn goes on, nothing is sent.
            assert_eq!(io.0.lock().bytes, b"onetwo");
            future::pending::<()>().await;
        });
        assert!(!turn(connection.as_mut()));
        peer.readable().await.unwrap();
        assert_eq!(seen(&peer), 6);
    }

    #[tokio::test]
    async fn enough_is_sent_at_once() {
        let (mut connection, peer) = corked(|mut io| async move {
            io.write_all(&[b'x'; ENOUGH]).await.unwrap();
            io.flush().await.unwrap();
            assert!(io.0.lock().bytes.is_empty());
            future::pending::<()>().await;
        });
        assert!(!turn(connection.as_mut()));
        peer.readable().await.unwrap();
        assert_eq!(seen(&peer), ENOUGH);
    }

    #[tokio::test]
    async fn a_full_socket_is_waited_for_and_nothing_is_lost() {
        let bytes: Vec<u8> = (0..2_000_000_u32).map(|number| (number % 251) as u8).collect();
        let expected = bytes.clone();
        let (mut connection, mut peer) = corked(|mut io| async move {
            for (number, piece) in bytes.chunks(1_237).enumerate() {
                io.write_all(piece).await.unwrap();
                if number % 3 == 0 {
                    io.flush().await.unwrap();
                }
                assert!(io.0.lock().bytes.len() <= MOST);
            }
            io.shutdown().await.unwrap();
        });
        // The peer reads nothing yet, and the connection cannot go on.
        assert!(!turn(connection.as_mut()) && !turn(connection.as_mut()));
        let connection = tokio::spawn(connection);
        let mut all = Vec::new();
        peer.read_to_end(&mut all).await.unwrap();
        assert!(all == expected, "{} of {} bytes", all.len(), expected.len());
        drop(peer);
        timeout(Duration::from_secs(30), connection).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_closed_peer_ends_the_connection() {
        let (mut connection, peer) = corked(|mut io| async move {
            io.write_all(b"one").await.unwrap();
            future::pending::<()>().await;
        });
        drop(peer);
        assert!(turn(connection.as_mut()));
    }
}
