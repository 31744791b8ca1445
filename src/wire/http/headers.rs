//! stub
use std::time::{Duration, SystemTime};
use http::{HeaderMap, HeaderName, HeaderValue, header};
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub(crate) const CARRIED: [HeaderName; 6] = [header::RETRY_AFTER, header::WWW_AUTHENTICATE, header::ALLOW, header::CONTENT_LANGUAGE, X_REQUEST_ID, header::LINK];
pub(crate) fn retry_after(_: &HeaderMap, _: SystemTime) -> Option<Duration> { None }
pub(crate) fn content_language(_: &HeaderMap) -> Option<&str> { None }
pub(crate) fn request_id(_: &HeaderMap) -> Option<&str> { None }
pub(crate) fn help_links(_: &HeaderMap) -> Vec<(String, String)> { vec![] }
pub(crate) fn help_link(_: &str, _: &str) -> Option<HeaderValue> { None }
pub(crate) fn retry_after_value(_: Duration) -> HeaderValue { HeaderValue::from_static("1") }
