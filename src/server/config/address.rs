//! Addresses: where to listen, the origins that may call from a browser, and where the pages are.

use std::{
    fmt, io,
    net::{SocketAddr, ToSocketAddrs},
    path::PathBuf,
};

use http::{HeaderValue, Uri};

use super::value::{Invalid, Value};
use crate::diagnostic::Quoted;

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
    /// `600`: the user of the server only.
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
    /// The socket addresses; none of a Unix socket.
    pub(super) fn resolve(&self) -> io::Result<Vec<SocketAddr>> {
        match self {
            Self::Tcp(address) => Ok(address.to_socket_addrs()?.collect()),
            Self::Unix(_) => Ok(Vec::new()),
        }
    }
}

impl AdminListen {
    /// The first choice of `Auto`.
    pub(crate) const USUAL: &str = "127.0.0.1:50052";

    /// A free port, if that is taken.
    pub(crate) const ANY: &str = "127.0.0.1:0";
}

impl Value for Listen {
    const NAME: &'static str = "ADDR";

    fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "unix:" | "" => Err(Invalid::new("The address is empty".to_owned(), REMEDY)),
            text => Ok(match text.strip_prefix("unix:") {
                Some(path) => Self::Unix(path.into()),
                None => Self::Tcp(text.to_owned()),
            }),
        }
    }

    fn texts(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Value for AdminListen {
    const NAME: &'static str = "ADDR|auto|off";

    fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "auto" => Ok(Self::Auto),
            "off" => Ok(Self::Off),
            "" => Err(Invalid::new("The address is empty".to_owned(), "Write HOST:PORT, auto or off")),
            text => Ok(Self::At(text.to_owned())),
        }
    }

    fn texts(&self) -> Vec<String> {
        vec![match self {
            Self::Auto => "auto".to_owned(),
            Self::At(address) => address.clone(),
            Self::Off => "off".to_owned(),
        }]
    }
}

impl Value for SocketMode {
    const NAME: &'static str = "MODE";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let octal = Some(text).filter(|text| (3..=4).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit()));
        let mode = octal.and_then(|text| u32::from_str_radix(text, 8).ok()).filter(|mode| *mode <= 0o777);
        mode.map(Self).ok_or_else(|| {
            Invalid::new(format!("{} is not a mode", Quoted(text)), "Write three octal digits, such as 660")
        })
    }

    fn texts(&self) -> Vec<String> {
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

/// The [origin](https://www.rfc-editor.org/rfc/rfc6454) of a page, such as `https://console.example.com`, or `*` for any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(HeaderValue);

impl Origin {
    /// Any origin.
    pub const ANY: Self = Self(HeaderValue::from_static("*"));

    /// Parses an origin; `None` if the text is not one: a scheme and a host, with a port where it is not the
    /// usual one, and nothing behind.
    ///
    /// ```
    /// use errwire::server::config::Origin;
    ///
    /// assert!(Origin::new("https://console.example.com").is_some());
    /// assert!(Origin::new("https://console.example.com/").is_none());
    /// assert!(Origin::new("console.example.com").is_none());
    /// ```
    pub fn new(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::ANY);
        }
        let uri: Uri = text.parse().ok()?;
        let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
        // Browsers send it in lower case.
        let exact = format!("{scheme}://{authority}") == text && text.bytes().all(|c| !c.is_ascii_uppercase());
        let valid = exact && !authority.as_str().contains('@');
        valid.then(|| HeaderValue::from_str(text).ok().map(Self))?
    }

    pub(in crate::server) fn value(&self) -> &HeaderValue {
        &self.0
    }
}

impl Value for Origin {
    const NAME: &'static str = "ORIGIN";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::new(text).ok_or_else(|| {
            Invalid::new(
                format!("{} is not an origin", Quoted(text)),
                "Write a scheme and a host in lower case, such as https://console.example.com, or *",
            )
        })
    }

    fn texts(&self) -> Vec<String> {
        vec![String::from_utf8_lossy(self.0.as_bytes()).into_owned()]
    }
}

/// The address of the pages as people reach them, through whatever stands in front of the admin listener: a scheme, a host,
/// and a path if the pages are not at the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagesUrl(String);

impl PagesUrl {
    /// Parses an address; `None` if the text is not one. One slash at the end is dropped.
    ///
    /// ```
    /// use errwire::server::config::PagesUrl;
    ///
    /// let url = PagesUrl::new("https://example.com/platform/").unwrap();
    /// assert_eq!(url.as_str(), "https://example.com/platform");
    /// assert!(PagesUrl::new("example.com").is_none());
    /// assert!(PagesUrl::new("https://example.com/?page=1").is_none());
    /// ```
    pub fn new(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let is_web = matches!(uri.scheme_str()?, "https" | "http");
        let authority = uri.authority()?;
        // `Uri` drops a fragment in silence.
        let is_place = uri.query().is_none() && !text.contains('#') && !authority.as_str().contains('@');
        let text = text.strip_suffix('/').unwrap_or(text);
        (is_web && is_place && !authority.host().is_empty()).then(|| Self(text.to_owned()))
    }

    /// The address, with no slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PagesUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Value for Option<PagesUrl> {
    const NAME: &'static str = "URL";

    fn parse(text: &str) -> Result<Self, Invalid> {
        PagesUrl::new(text).map(Some).ok_or_else(|| {
            Invalid::new(
                format!("{} is not a URL of pages", Quoted(text)),
                "Write a scheme, a host and perhaps a path, such as https://errors.example.com",
            )
        })
    }

    fn texts(&self) -> Vec<String> {
        self.iter().map(PagesUrl::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_of_pages_is_absolute() {
        let rows = [
            ("https://errors.example.com", Some("https://errors.example.com")),
            ("http://127.0.0.1:50052/", Some("http://127.0.0.1:50052")),
            ("https://[::1]:8443/a/b/", Some("https://[::1]:8443/a/b")),
            ("errors.example.com", None),
            ("//errors.example.com", None),
            ("/errors", None),
            ("javascript:alert(1)", None),
            ("ftp://example.com", None),
            ("https://", None),
            ("https://user@example.com", None),
            ("https://example.com?a", None),
            ("https://example.com/#a", None),
            ("https://exa mple.com", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(PagesUrl::new(text).as_ref().map(PagesUrl::as_str), expected, "{text:?}");
        }
    }
}
