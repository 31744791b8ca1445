//! Where a server listens.

use std::{
    fmt, io,
    net::{SocketAddr, ToSocketAddrs},
    path::PathBuf,
};

use super::value::{Invalid, Value, one, quoted};

const REMEDY: &str = "Write HOST:PORT, such as 127.0.0.1:50051, or unix:/path";

/// Where the RPCs are served.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Listen {
    /// `HOST:PORT`, where the host is a name or an IP address.
    Tcp(String),
    /// The path of a Unix socket.
    Unix(PathBuf),
}

/// Where the admin listener is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdminListen {
    /// Port 50052 of 127.0.0.1, or a free one if that is taken, so that two servers on one machine do not need two
    /// configurations.
    Auto,
    /// `HOST:PORT`.
    At(String),
    /// Nowhere.
    Off,
}

/// The permissions of a Unix socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketMode(u32);

impl SocketMode {
    /// `600`: who runs the server, and nobody else.
    pub const OWNER: Self = Self(0o600);

    /// These bits, of which only the lowest nine count.
    pub const fn new(mode: u32) -> Self {
        Self(mode & 0o777)
    }

    /// As bits.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Listen {
    /// The addresses that are meant; none of a Unix socket.
    pub(super) fn resolve(&self) -> io::Result<Vec<SocketAddr>> {
        match self {
            Self::Tcp(address) => Ok(address.to_socket_addrs()?.collect()),
            Self::Unix(_) => Ok(Vec::new()),
        }
    }
}

impl AdminListen {
    /// Where `Auto` tries first.
    pub(crate) const USUAL: &str = "127.0.0.1:50052";

    /// Where it goes instead.
    pub(crate) const ANY: &str = "127.0.0.1:0";
}

impl Value for Listen {
    const NAME: &'static str = "ADDR";

    fn read(texts: &[String]) -> Result<Self, Invalid> {
        match one(texts)? {
            "unix:" | "" => Err(Invalid::new("The address is empty".to_owned(), REMEDY)),
            text => Ok(match text.strip_prefix("unix:") {
                Some(path) => Self::Unix(path.into()),
                None => Self::Tcp(text.to_owned()),
            }),
        }
    }

    fn show(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Value for AdminListen {
    const NAME: &'static str = "ADDR|auto|off";

    fn read(texts: &[String]) -> Result<Self, Invalid> {
        match one(texts)? {
            "auto" => Ok(Self::Auto),
            "off" => Ok(Self::Off),
            "" => Err(Invalid::new("The address is empty".to_owned(), "Write HOST:PORT, auto or off")),
            text => Ok(Self::At(text.to_owned())),
        }
    }

    fn show(&self) -> Vec<String> {
        vec![match self {
            Self::Auto => "auto".to_owned(),
            Self::At(address) => address.clone(),
            Self::Off => "off".to_owned(),
        }]
    }
}

impl Value for SocketMode {
    const NAME: &'static str = "MODE";

    fn read(texts: &[String]) -> Result<Self, Invalid> {
        let text = one(texts)?;
        let octal = Some(text).filter(|text| (3..=4).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit()));
        let mode = octal.and_then(|text| u32::from_str_radix(text, 8).ok()).filter(|mode| *mode <= 0o777);
        mode.map(Self).ok_or_else(|| {
            Invalid::new(format!("{} is not a mode", quoted(text)), "Write three octal digits, such as 660")
        })
    }

    fn show(&self) -> Vec<String> {
        vec![format!("{:03o}", self.0)]
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}
