//! What connections come out of.

use std::{fmt, io, net::SocketAddr};

use tokio::net::{TcpListener, lookup_host};

use super::stream::Stream;
use crate::server::config::{Listen, SocketMode};

#[cfg(unix)]
mod unix;

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
                // Small responses should not wait for more. If it fails, they do.
                let _ = stream.set_nodelay(true);
                Ok(Stream::Tcp(stream))
            }
            #[cfg(unix)]
            Self::Unix(listener) => listener.accept().await.map(Stream::Unix),
        }
    }

    /// `None` of a Unix socket.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok(),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }
}

/// The address that a client would connect to.
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
