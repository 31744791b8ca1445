//! Where pages come from.

use http::{HeaderValue, Uri};

use super::value::{Invalid, Value, quoted};

/// The [origin](https://www.rfc-editor.org/rfc/rfc6454) of a page, such as `https://console.example.com`, or `*` for any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(HeaderValue);

impl Origin {
    /// Any origin.
    pub const ANY: Self = Self(HeaderValue::from_static("*"));

    /// The origin that is written like this; `None` if it is none: a scheme and a host, with a port where it is not the
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

impl Value for Vec<Origin> {
    const NAME: &'static str = "ORIGIN";
    const LIST: bool = true;

    fn read(texts: &[String]) -> Result<Self, Invalid> {
        let origin = |text: &String| {
            Origin::new(text).ok_or_else(|| {
                Invalid::new(
                    format!("{} is not an origin", quoted(text)),
                    "Write a scheme and a host in lower case, such as https://console.example.com, or *",
                )
            })
        };
        texts.iter().map(origin).collect()
    }

    fn show(&self) -> Vec<String> {
        self.iter().map(|origin| String::from_utf8_lossy(origin.0.as_bytes()).into_owned()).collect()
    }
}
