//! The header fields that say what the details say.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::{
    model::{Detail, Error, rpc},
    translate::kind::Lookup,
    wire::http::headers,
};

/// What these fields say, every audience may see: delay, request id and links to help.
pub(super) fn write(map: &mut HeaderMap, lookup: Lookup<'_>, error: &Error) {
    for detail in error.details() {
        match detail.type_name() {
            "google.rpc.RetryInfo" if !map.contains_key(header::RETRY_AFTER) => {
                let delay = detail.decode::<rpc::RetryInfo>().map(|info| info.retry_delay.unwrap_or_default());
                if let Some(delay) = delay.and_then(|delay| std::time::Duration::try_from(delay).ok()) {
                    map.insert(header::RETRY_AFTER, headers::retry_after_value(delay));
                }
            }
            "google.rpc.RequestInfo" if !map.contains_key(headers::X_REQUEST_ID) => {
                let id = detail.decode::<rpc::RequestInfo>().map(|info| info.request_id).unwrap_or_default();
                if let (false, Ok(value)) = (id.is_empty(), HeaderValue::from_str(&id)) {
                    map.insert(headers::X_REQUEST_ID, value);
                }
            }
            "google.rpc.Help" => {
                let links = detail.decode::<rpc::Help>().map(|help| help.links).unwrap_or_default();
                for value in links.iter().filter_map(|link| headers::help_link(&link.description, &link.url)) {
                    map.append(header::LINK, value);
                }
            }
            _ => {}
        }
    }
    // A 401 and a 405 are not complete without these (RFC 9110, 15.5.2 and 15.5.6), whoever reads them.
    match StatusCode::from(error.status()) {
        StatusCode::UNAUTHORIZED => {
            copy(map, error, &header::WWW_AUTHENTICATE);
            if !map.contains_key(header::WWW_AUTHENTICATE)
                && let Ok(value) = HeaderValue::from_str(&lookup.policy.www_authenticate)
            {
                map.insert(header::WWW_AUTHENTICATE, value);
            }
        }
        StatusCode::METHOD_NOT_ALLOWED => copy(map, error, &header::ALLOW),
        _ => {}
    }
}

/// Writes the fields of this name that an `HttpResponse` kept.
fn copy(map: &mut HeaderMap, error: &Error, name: &HeaderName) {
    let responses = error.details().iter().rev().filter_map(Detail::decode::<rpc::HttpResponse>);
    let Some(response) = responses.into_iter().next() else { return };
    for field in response.headers.iter().filter(|field| field.key.eq_ignore_ascii_case(name.as_str())) {
        if let Ok(value) = HeaderValue::from_str(&field.value) {
            map.append(name, value);
        }
    }
}
