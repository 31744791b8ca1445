//! HTTP statuses that are errors.

use std::{error, fmt};

use http::StatusCode;

/// An HTTP status that is an error: 400 to 599.
///
/// ```
/// use errwire::HttpStatus;
///
/// assert_eq!(HttpStatus::new(404)?.as_u16(), 404);
/// assert!(HttpStatus::new(200).is_err());
/// # Ok::<(), errwire::InvalidHttpStatus>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HttpStatus(u16);

impl HttpStatus {
    /// # Errors
    ///
    /// If the status is below 400 or above 599.
    // docs/rules.md: R-TERM-3
    pub const fn new(status: u16) -> Result<Self, InvalidHttpStatus> {
        match status {
            400..=599 => Ok(Self(status)),
            _ => Err(InvalidHttpStatus(status)),
        }
    }

    /// For constants: a status out of range does not compile.
    pub(crate) const fn from_static(status: u16) -> Self {
        assert!(status >= 400 && status <= 599, "an HTTP status of an error is 400 to 599");
        Self(status)
    }

    /// The number.
    pub const fn as_u16(self) -> u16 {
        self.0
    }

    /// Whether the server is at fault: 500 to 599.
    pub const fn is_server_error(self) -> bool {
        self.0 >= 500
    }

    /// The reason phrase of the [IANA registry](https://www.iana.org/assignments/http-status-codes), such as "Not
    /// Found"; empty for a status that it does not have.
    pub fn reason_phrase(self) -> &'static str {
        match self.0 {
            // `http` has the names that RFC 9110 replaced.
            413 => "Content Too Large",
            422 => "Unprocessable Content",
            _ => StatusCode::from(self).canonical_reason().unwrap_or_default(),
        }
    }

    /// The reason phrase as it is now, as it was before RFC 9110, and as servers such as nginx still write it.
    pub(crate) fn reason_phrases(self) -> [&'static str; 3] {
        let older = match self.0 {
            408 => "Request Time-out",
            413 => "Request Entity Too Large",
            414 => "Request-URI Too Large",
            416 => "Requested Range Not Satisfiable",
            503 => "Service Temporarily Unavailable",
            504 => "Gateway Time-out",
            _ => "",
        };
        [self.reason_phrase(), StatusCode::from(self).canonical_reason().unwrap_or_default(), older]
    }

    /// Whether a text is the reason phrase.
    pub(crate) fn is_reason_phrase(self, text: &str) -> bool {
        !text.is_empty() && self.reason_phrases().iter().any(|phrase| phrase.eq_ignore_ascii_case(text))
    }
}

impl fmt::Debug for HttpStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for HttpStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl TryFrom<u16> for HttpStatus {
    type Error = InvalidHttpStatus;

    fn try_from(status: u16) -> Result<Self, InvalidHttpStatus> {
        Self::new(status)
    }
}

impl TryFrom<StatusCode> for HttpStatus {
    type Error = InvalidHttpStatus;

    fn try_from(status: StatusCode) -> Result<Self, InvalidHttpStatus> {
        Self::new(status.as_u16())
    }
}

impl From<HttpStatus> for StatusCode {
    fn from(status: HttpStatus) -> Self {
        // 400 to 599 is within the 100 to 999 that the type takes.
        Self::from_u16(status.0).unwrap_or(Self::INTERNAL_SERVER_ERROR)
    }
}

impl PartialEq<u16> for HttpStatus {
    fn eq(&self, other: &u16) -> bool {
        self.0 == *other
    }
}

/// A status that is not an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidHttpStatus(u16);

impl fmt::Display for InvalidHttpStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not an HTTP error status: use 400 to 599", self.0)
    }
}

impl error::Error for InvalidHttpStatus {}
