//! A server that is bound, and not running yet.

use std::{error, fmt, io, net::SocketAddr};

use super::{App, Reload, config::AdminListen, listen::Listener};

/// A server whose sockets are open. Callers that connect wait until it [serves](Self::serve).
#[derive(Debug)]
pub struct Server {
    pub(super) rpc: Listener,
    pub(super) admin: Option<Listener>,
    pub(super) app: App,
    pub(super) reload: Reload,
}

/// An address that cannot be listened on. `Display` names it, and what to do; the source says why.
#[derive(Debug)]
pub struct BindError {
    address: String,
    why: io::Error,
}

impl Server {
    /// Opens the sockets that the configuration of the app names.
    ///
    /// # Errors
    ///
    /// If one of them cannot be opened. None is open then.
    pub async fn bind(app: App) -> Result<Self, BindError> {
        let config = &app.config;
        let failed = |address: &dyn fmt::Display| {
            let address = address.to_string();
            move |why| BindError { address, why }
        };
        let rpc = Listener::bind(&config.listen, config.socket_mode).await.map_err(failed(&config.listen))?;
        let admin = match &config.admin_listen {
            AdminListen::Off => None,
            AdminListen::At(address) => Some(Listener::bind_tcp(address).await.map_err(failed(address))?),
            AdminListen::Auto => {
                let usual = Listener::bind_tcp(AdminListen::USUAL).await;
                Some(match usual {
                    Ok(listener) => listener,
                    Err(_) => Listener::bind_tcp(AdminListen::ANY).await.map_err(failed(&AdminListen::ANY))?,
                })
            }
        };
        Ok(Self { rpc, admin, app, reload: Reload::new() })
    }

    /// The RPCs, on a listener that is bound already, and no admin listener.
    pub(super) fn on(rpc: Listener, app: App) -> Self {
        Self { rpc, admin: None, app, reload: Reload::new() }
    }

    /// Where the RPCs are served: the socket's own address, or `unix:` and its path.
    pub fn address(&self) -> String {
        self.rpc.to_string()
    }

    /// Where the admin listener is; `None` if it is off.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().and_then(Listener::address)
    }

    /// Asks the server, once it serves, to look at its files.
    pub fn reload(&self) -> Reload {
        self.reload.clone()
    }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let remedy = match self.why.kind() {
            io::ErrorKind::InvalidInput => ": write HOST:PORT, such as 127.0.0.1:50051",
            io::ErrorKind::AddrInUse => ": another process does; choose another port, or 0 for a free one",
            io::ErrorKind::AlreadyExists => ": remove the file, or choose another path",
            _ => "",
        };
        write!(f, "cannot listen on {}{remedy}", self.address)
    }
}

impl error::Error for BindError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&self.why)
    }
}
