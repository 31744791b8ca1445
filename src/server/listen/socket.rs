//! Listening sockets, and connections over TCP, Unix sockets and TLS.

use std::{
    fmt,
    io::{self, IoSlice},
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream, lookup_host},
};
use tokio_rustls::server::TlsStream;

use crate::server::config::{Listen, SocketMode};

/// A bound socket.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(unix::Listener),
}

impl Listener {
    pub(crate) async fn bind(address: &Listen, mode: SocketMode) -> io::Result<Self> {
        match address {
            Listen::Tcp(address) => Self::bind_tcp(address).await,
            #[cfg(unix)]
            Listen::Unix(path) => unix::Listener::bind(path, mode).await.map(Self::Unix),
            #[cfg(not(unix))]
            Listen::Unix(_) => {
                Err(io::Error::new(io::ErrorKind::Unsupported, "Unix sockets are not supported on this system"))
            }
        }
    }

    pub(crate) async fn bind_tcp(address: &str) -> io::Result<Self> {
        let mut last = None;
        for address in lookup_host(address).await? {
            match TcpListener::bind(address).await {
                Ok(listener) => return Ok(Self::Tcp(listener)),
                Err(why) => last = Some(why),
            }
        }
        Err(last.unwrap_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the host has no address")))
    }

    pub(crate) async fn accept(&self) -> io::Result<Stream> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Small responses should not wait for more data. An error is harmless.
                let _ = stream.set_nodelay(true);
                Ok(Stream::Tcp(stream))
            }
            #[cfg(unix)]
            Self::Unix(listener) => listener.accept().await.map(Stream::Unix),
        }
    }

    /// `None` for a Unix socket.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok(),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }
}

/// The address for clients.
impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(listener) => match listener.local_addr() {
                Ok(address) => write!(f, "{address}"),
                Err(_) => f.write_str("an unknown address"),
            },
            #[cfg(unix)]
            Self::Unix(listener) => write!(f, "unix:{}", listener.path().display()),
        }
    }
}

/// A connection.
#[derive(Debug)]
pub(crate) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
    Tls(Box<TlsStream<Stream>>),
}

/// Forwards a call to the variant.
macro_rules! each {
    ($self:ident, $stream:ident => $call:expr) => {
        match $self {
            Stream::Tcp($stream) => $call,
            #[cfg(unix)]
            Stream::Unix($stream) => $call,
            Stream::Tls($stream) => $call,
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        each!(this, stream => Pin::new(stream).poll_read(cx, buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        each!(this, stream => Pin::new(stream).poll_write(cx, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        each!(this, stream => Pin::new(stream).poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        each!(this, stream => Pin::new(stream).poll_shutdown(cx))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        each!(this, stream => Pin::new(stream).poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        each!(self, stream => stream.is_write_vectored())
    }
}

#[cfg(unix)]
mod unix {
    //! Unix sockets.

    use std::{
        ffi::OsString,
        fs, io,
        os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt},
        path::{Path, PathBuf},
        process,
    };

    use tokio::net::{UnixListener, UnixStream};

    use crate::server::config::SocketMode;

    /// A socket file, which is removed when this is dropped.
    #[derive(Debug)]
    pub(crate) struct Listener {
        socket: UnixListener,
        path: PathBuf,
        /// Device and inode: another server may have put its own file there since.
        file: (u64, u64),
    }

    impl Listener {
        /// Replaces a socket file without a listener, which a killed server leaves behind.
        pub(super) async fn bind(path: &Path, mode: SocketMode) -> io::Result<Self> {
            match fs::symlink_metadata(path) {
                Ok(file) if !file.file_type().is_socket() => {
                    return Err(io::Error::new(io::ErrorKind::AlreadyExists, "the path exists and is not a socket"));
                }
                Ok(_) if UnixStream::connect(path).await.is_ok() => return Err(io::ErrorKind::AddrInUse.into()),
                _ => {}
            }
            // Under another name until the permissions are right; the move also replaces what is stale.
            let new = temporary(path);
            let _ = fs::remove_file(&new);
            let socket = UnixListener::bind(&new)?;
            let moved = fs::set_permissions(&new, fs::Permissions::from_mode(mode.get()))
                .and_then(|()| fs::rename(&new, path))
                .and_then(|()| identity(path));
            match moved {
                Ok(file) => Ok(Self { socket, path: path.to_owned(), file }),
                Err(why) => {
                    let _ = fs::remove_file(&new);
                    Err(why)
                }
            }
        }

        pub(super) async fn accept(&self) -> io::Result<UnixStream> {
            self.socket.accept().await.map(|(stream, _)| stream)
        }

        pub(super) fn path(&self) -> &Path {
            &self.path
        }
    }

    impl Drop for Listener {
        fn drop(&mut self) {
            if identity(&self.path).is_ok_and(|file| file == self.file) {
                let _ = fs::remove_file(&self.path);
            }
        }
    }

    fn temporary(path: &Path) -> PathBuf {
        let mut name = OsString::from(path);
        name.push(format!(".{}", process::id()));
        name.into()
    }

    fn identity(path: &Path) -> io::Result<(u64, u64)> {
        fs::symlink_metadata(path).map(|file| (file.dev(), file.ino()))
    }
}
