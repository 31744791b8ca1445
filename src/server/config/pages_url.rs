//! Where the pages are, as people reach them.

use std::fmt;

use http::Uri;

use super::value::{Invalid, Value, one, quoted};

/// The address of the pages as people reach them, through whatever stands in front of the admin listener: a scheme, a host,
/// and a path if the pages are not at the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagesUrl(String);

impl PagesUrl {
    /// The address that is written like this; `None` if it is none. One slash at the end is as none.
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

    fn read(texts: &[String]) -> Result<Self, Invalid> {
        let text = one(texts)?;
        PagesUrl::new(text).map(Some).ok_or_else(|| {
            Invalid::new(
                format!("{} is not a URL of pages", quoted(text)),
                "Write a scheme, a host and perhaps a path, such as https://errors.example.com",
            )
        })
    }

    fn show(&self) -> Vec<String> {
        self.iter().map(PagesUrl::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_where_pages_can_be() {
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
