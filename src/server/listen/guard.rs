//! Guards a connection against peers that send nothing, or take nothing.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep, sleep_until},
};

use super::stream::Stream;

/// How HTTP/2 begins ([RFC 9113, 3.4](https://www.rfc-editor.org/rfc/rfc9113#section-3.4)).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection that fails with `TimedOut` when its peer is too slow. Neither hyper nor h2 would notice.
pub(super) struct GuardedIo {
    inner: Stream,
    /// Until the peer has sent the preface of HTTP/2, or anything else.
    preface: Option<Preface>,
    write_timeout: Option<Duration>,
    /// Since the peer takes nothing of what is to be sent.
    stalled: Option<Pin<Box<Sleep>>>,
}

struct Preface {
    seen: usize,
    sleep: Pin<Box<Sleep>>,
}

impl GuardedIo {
    pub(super) fn new(inner: Stream, first_bytes: Option<Instant>, write_timeout: Option<Duration>) -> Self {
        let preface = first_bytes.map(|deadline| Preface { seen: 0, sleep: Box::pin(sleep_until(deadline)) });
        Self { inner, preface, write_timeout, stalled: None }
    }

    /// Watches how long writing has to wait.
    fn watch<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        let Some(timeout) = self.write_timeout else { return written };
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let sleep = self.stalled.get_or_insert_with(|| Box::pin(sleep(timeout)));
        sleep.as_mut().poll(cx).map(|()| Err(timed_out("the peer takes no bytes")))
    }
}

impl Preface {
    /// Whether the version of HTTP is known after these bytes.
    fn is_over(&mut self, bytes: &[u8]) -> bool {
        let expected = &PREFACE[self.seen..];
        let is_preface = bytes.iter().zip(expected).all(|(byte, expected)| byte == expected);
        self.seen = (self.seen + bytes.len()).min(PREFACE.len());
        !is_preface || self.seen == PREFACE.len()
    }
}

fn timed_out(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, why)
}

impl AsyncRead for GuardedIo {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.inner).poll_read(cx, buffer);
        let Some(preface) = &mut this.preface else { return read };
        if read.is_ready() && preface.is_over(&buffer.filled()[before..]) {
            this.preface = None;
            return read;
        }
        if preface.sleep.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(timed_out("the first bytes did not come")));
        }
        read
    }
}

impl AsyncWrite for GuardedIo {
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
        let shut = Pin::new(&mut this.inner).poll_shutdown(cx);
        this.watch(cx, shut)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.inner).poll_write_vectored(cx, slices);
        this.watch(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}
