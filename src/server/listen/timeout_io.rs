//! Time limits of a connection, for peers that send nothing or read nothing.

use std::{
    io,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::socket::Stream;

/// The preface of HTTP/2 ([RFC 9113, 3.4](https://www.rfc-editor.org/rfc/rfc9113#section-3.4)).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How long the peer has to close its side after ours. Closing a socket while the peer still sends resets it, which would discard
/// the response that the peer has not read yet.
const LINGER: Duration = Duration::from_secs(1);

/// A connection that fails with `TimedOut` when its peer is too slow. Neither hyper nor h2 would notice.
pub(super) struct TimeoutIo {
    inner: Stream,
    /// Until the first bytes of the peer, such as the preface of HTTP/2.
    preface: Option<Preface>,
    write_timeout: Option<Duration>,
    /// While the peer reads nothing.
    stalled: Option<Pin<Box<Sleep>>>,
    /// After our side was closed.
    lingering: Option<Pin<Box<Sleep>>>,
}

struct Preface {
    seen: usize,
    timeout: Option<Pin<Box<Sleep>>>,
    /// Notified at the end.
    begun: CancellationToken,
}

impl TimeoutIo {
    /// `first_bytes` is the deadline for the first bytes of HTTP; once they are there, `begun` is told.
    pub(super) fn new(
        inner: Stream,
        first_bytes: Option<Instant>,
        begun: CancellationToken,
        write_timeout: Option<Duration>,
    ) -> Self {
        let timeout = first_bytes.map(|deadline| Box::pin(sleep_until(deadline)));
        Self {
            inner,
            preface: Some(Preface { seen: 0, timeout, begun }),
            write_timeout,
            stalled: None,
            lingering: None,
        }
    }

    /// Reads and discards after our end, until the peer has closed its side too.
    fn linger(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let lingering = self.lingering.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        if lingering.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Ok(()));
        }
        let mut nobody_reads = [MaybeUninit::uninit(); 1024];
        loop {
            let mut buffer = ReadBuf::uninit(&mut nobody_reads);
            match ready!(Pin::new(&mut self.inner).poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {}
                _ => return Poll::Ready(Ok(())),
            }
        }
    }

    /// Limits how long a write may wait.
    fn watch<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        let Some(timeout) = self.write_timeout else { return written };
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let sleep = self.stalled.get_or_insert_with(|| Box::pin(sleep(timeout)));
        sleep.as_mut().poll(cx).map(|()| Err(timed_out("the peer stopped reading")))
    }
}

impl Preface {
    /// Whether these bytes decide the version of HTTP.
    fn is_over(&mut self, bytes: &[u8]) -> bool {
        let expected = &PREFACE[self.seen..];
        let is_preface = bytes.iter().zip(expected).all(|(byte, expected)| byte == expected);
        self.seen = (self.seen + bytes.len()).min(PREFACE.len());
        !is_preface || self.seen == PREFACE.len()
    }
}

fn timed_out(why: &'static str) -> io::Error {
    tracing::debug!(reason = why, "a peer was too slow, and its connection is closed");
    io::Error::new(io::ErrorKind::TimedOut, why)
}

impl AsyncRead for TimeoutIo {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.inner).poll_read(cx, buffer);
        let Some(preface) = &mut this.preface else { return read };
        if read.is_ready() && preface.is_over(&buffer.filled()[before..]) {
            preface.begun.cancel();
            this.preface = None;
            return read;
        }
        match &mut preface.timeout {
            Some(timeout) => match timeout.as_mut().poll(cx) {
                Poll::Ready(()) => Poll::Ready(Err(timed_out("no request arrived in time"))),
                Poll::Pending => read,
            },
            None => read,
        }
    }
}

impl AsyncWrite for TimeoutIo {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.inner).poll_write(cx, bytes);
        this.watch(cx, written)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.inner).poll_flush(cx);
        this.watch(cx, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.lingering.is_none() {
            let shut = Pin::new(&mut this.inner).poll_shutdown(cx);
            ready!(this.watch(cx, shut))?;
        }
        this.linger(cx)
    }
}
