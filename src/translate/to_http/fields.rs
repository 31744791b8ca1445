//! The header fields that say what the details say.

use http::{HeaderMap, StatusCode};

use crate::{
    model::{Detail, Error, rpc},
    translate::kind::Lookup,
    wire::http::headers,
};

/// What these fields say, every audience may see: delay, request id, links to help, and what a 401 and a 405 are not
/// complete without (RFC 9110, 15.5.2 and 15.5.6).
pub(super) fn write(map: &mut HeaderMap, lookup: Lookup<'_>, error: &Error) {
    if let Some(delay) = error.retry_after() {
        headers::with_retry_after(map, delay);
    }
    for detail in error.details() {
        if let Some(info) = detail.decode::<rpc::RequestInfo>() {
            headers::with_request_id(map, &info.request_id);
        } else if let Some(help) = detail.decode::<rpc::Help>() {
            help.links.iter().for_each(|link| headers::with_help_link(map, &link.description, &link.url));
        }
    }
    if StatusCode::from(error.status()) == StatusCode::UNAUTHORIZED {
        headers::with_www_authenticate(map, &lookup.policy.www_authenticate);
    }
    if let Some(response) = error.details().iter().rev().find_map(Detail::decode::<rpc::HttpResponse>) {
        headers::restore(map, &response.headers);
    }
}
