//! The header fields that say what the details say.

use http::{HeaderMap, StatusCode};
use smallvec::SmallVec;

use crate::{
    model::{Detail, Error, Field, Fields, rpc, texts},
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
        // These two come with most errors that have more than an `ErrorInfo`, so their texts are not copied.
        if detail.is::<rpc::RequestInfo>() {
            if let Some([id, _]) = texts(detail.value()) {
                headers::with_request_id(map, id);
            }
        } else if detail.is::<rpc::Help>() {
            let links = links(detail.value()).unwrap_or_default();
            links.iter().for_each(|[description, url]| headers::with_help_link(map, description, url));
        }
    }
    if StatusCode::from(error.status()) == StatusCode::UNAUTHORIZED {
        headers::with_www_authenticate(map, &lookup.policy.www_authenticate);
    }
    // One may hold the status and another the headers; of two that hold the same header the later counts.
    for response in error.details().iter().filter_map(Detail::decode::<rpc::HttpResponse>) {
        headers::restore(map, &response.headers);
    }
}

/// Description and URL of each link of a `google.rpc.Help`, `{repeated Link links = 1}`; `None` if the bytes are none.
fn links(help: &[u8]) -> Option<SmallVec<[[&str; 2]; 4]>> {
    let mut links = SmallVec::new();
    for field in Fields(help) {
        match field.ok()? {
            (1, Field::Bytes(link)) => links.push(texts(link)?),
            (1, _) => return None,
            _ => {}
        }
    }
    Some(links)
}
