//! The header fields that say what the details say.

use std::sync::LazyLock;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Response,
    header::{ALLOW, LINK, WWW_AUTHENTICATE},
};
use smallvec::SmallVec;

use crate::{
    model::{Audience, DetailType, DetailView, ErrorRef, Field, Fields, rpc, texts},
    translate::audience::View,
    wire::{grpc::GRPC_STATUS_DETAILS_BIN, http::headers},
};

/// More links than any error needs.
// docs/rules.md: R-BUDGET-5
const MAX_LINKS: usize = 32;

/// What these fields say, every audience may see: delay, request id, and what a 401 and a 405 are not complete without
/// (RFC 9110, 15.5.2 and 15.5.6).
// docs/rules.md: R-FIELD-2, R-FIELD-3, R-FIELD-4
pub(super) fn write(map: &mut HeaderMap, view: &View<'_>) {
    let error = view.error;
    if let Some(delay) = error.retry_after() {
        headers::with_retry_after(map, delay);
    }
    for info in of_type(error, DetailType::RequestInfo) {
        if let Some([id, _]) = texts(info.value()) {
            headers::with_request_id(map, id);
        }
    }
    let status = error.status().as_u16();
    if status == 401 {
        headers::with_www_authenticate(map, &view.lookup.policy.www_authenticate);
    }
    if matches!(status, 401 | 405 | 407) {
        // One may hold the status and another the headers; of two that hold the same header the later counts.
        for response in of_type(error, DetailType::HttpResponse).filter_map(DetailView::decode::<rpc::HttpResponse>) {
            restore(map, status, view, &response.headers);
        }
    }
}

/// The details of a type.
fn of_type<'a>(error: &'a ErrorRef<'_>, wanted: DetailType) -> impl Iterator<Item = DetailView<'a>> {
    error.views_for(wanted).filter(move |detail| detail.detail_type() == wanted)
}

/// What most errors come in, by audience; those for internal callers have a place for the details. To copy one costs less than to
/// hash the names of the fields again.
static PUBLIC: LazyLock<Response<Bytes>> = LazyLock::new(|| with_room(0, Audience::Public));
static INTERNAL: LazyLock<Response<Bytes>> = LazyLock::new(|| with_room(0, Audience::Internal));

/// An empty response with the fields of every error, and room for as many as it has at most: a map that grows costs more than one
/// that is a little too large.
pub(super) fn of_every_error(view: &View<'_>) -> Response<Bytes> {
    let has = |wanted| usize::from(view.error.has(wanted));
    let more = has(DetailType::RetryInfo)
        + has(DetailType::RequestInfo)
        + has(DetailType::LocalizedMessage)
        + has(DetailType::Help)
        + usize::from(matches!(view.error.status().as_u16(), 401 | 405 | 407));
    let most = match (view.audience, more) {
        (Audience::Public, 0) => &PUBLIC,
        (Audience::Internal, 0) => &INTERNAL,
        (audience, more) => return with_room(more, audience),
    };
    Response::clone(most)
}

fn with_room(more: usize, audience: Audience) -> Response<Bytes> {
    let mut response = Response::default();
    let map = response.headers_mut();
    *map = headers::of_every_error(more + usize::from(audience == Audience::Internal));
    if audience == Audience::Internal {
        map.insert(GRPC_STATUS_DETAILS_BIN, const { HeaderValue::from_static("") });
    }
    response
}

/// Sets the details in their place, which is found faster by a look at each name than by its hash.
pub(super) fn set_details(map: &mut HeaderMap, details: Option<HeaderValue>) {
    let Some(details) = details else {
        map.remove(GRPC_STATUS_DETAILS_BIN);
        return;
    };
    match map.iter_mut().find(|(name, _)| **name == GRPC_STATUS_DETAILS_BIN) {
        Some((_, place)) => *place = details,
        None => drop(map.insert(GRPC_STATUS_DETAILS_BIN, details)),
    }
}

/// How many bytes all those fields take that come of details, as HTTP/2 counts them, but for `grpc-status-details-bin`.
pub(super) fn size(map: &HeaderMap) -> usize {
    size_of(map, is_of_details)
}

fn is_of_details(name: &str) -> bool {
    matches!(name, "retry-after" | "x-request-id" | "content-language" | "www-authenticate" | "allow")
}

fn size_of(map: &HeaderMap, is_wanted: impl Fn(&str) -> bool) -> usize {
    // A look at each field costs less than a look-up of each name, which hashes it.
    let wanted = map.iter().filter(|(name, _)| is_wanted(name.as_str()));
    wanted.map(|(name, value)| headers::field_size(name, value)).sum()
}

/// What the service that failed said in the header of its own response, as far as the audience may see it.
fn restore(map: &mut HeaderMap, status: u16, view: &View<'_>, fields: &[rpc::HttpHeader]) {
    let lines = |name: HeaderName| {
        let is_it = move |field: &&rpc::HttpHeader| field.key.eq_ignore_ascii_case(name.as_str());
        fields.iter().filter(is_it).map(|field| &*field.value)
    };
    if status == 405 {
        headers::restore_allow(map, lines(ALLOW));
        return;
    }
    match view.audience {
        Audience::Internal => {
            headers::restore_www_authenticate(map, lines(WWW_AUTHENTICATE), headers::Challenges::Whole)
        }
        // Next to a message that was replaced, only our own challenge says what to do.
        Audience::Public if view.is_secret() => {}
        Audience::Public => {
            headers::restore_www_authenticate(map, lines(WWW_AUTHENTICATE), headers::Challenges::Public)
        }
    }
}

/// Links to help, as many as the rest of the budget holds.
pub(super) fn write_links(map: &mut HeaderMap, error: &ErrorRef<'_>, budget: usize) {
    let mut helps = of_type(error, DetailType::Help).peekable();
    // Most errors have none, and to find the sizes of the others takes a look at each name.
    if helps.peek().is_none() {
        return;
    }
    let used = size_of(map, |name| is_of_details(name) || name == GRPC_STATUS_DETAILS_BIN.as_str());
    let (mut written, mut room) = (0, budget.saturating_sub(used));
    for [description, url] in helps.flat_map(|help| links(help.value()).unwrap_or_default()) {
        let Some(link) = headers::help_link(description, url) else { continue };
        let len = headers::field_size(&LINK, &link);
        if written == MAX_LINKS || len > room {
            return;
        }
        map.append(LINK, link);
        (written, room) = (written + 1, room - len);
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
