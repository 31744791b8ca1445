//! Header fields, and the details that stand for them.

// docs/rules.md: R-FIELD-4, R-FIELD-5

use std::{borrow::Cow, time::SystemTime};

use bytes::Bytes;
use http::{HeaderMap, header};
use prost_types::Duration;
use smallvec::SmallVec;

use crate::{
    model::{Detail, Details, HttpStatus, rpc},
    wire::http::{Origins, Survey, headers},
};

/// The most of a foreign body that travels on.
const MAX_BODY: usize = 2 * 1024;

/// In an `HttpResponse`, says how the other side spelled the kind.
pub(super) const SPELLING: &str = "errwire-kind";

/// What the rest of an error does not say about the response it came from.
pub(super) struct Kept<'a> {
    pub(super) status: u32,
    /// The kind as it was spelled, if folding changed it.
    pub(super) spelling: Option<&'a str>,
    /// The body, if it says more than was understood.
    pub(super) body: Option<&'a Bytes>,
}

/// Adds what the header fields say to the details, each type once, and what is left over as an `HttpResponse`. Says whether
/// there was anything left over.
pub(super) fn read(
    map: &HeaderMap,
    survey: &Survey<'_>,
    message: Option<&str>,
    details: &mut Details,
    kept: &Kept<'_>,
    origins: Option<&mut Origins>,
) -> bool {
    if survey.has_carried {
        add_carried(details, map, message, origins);
    }
    let is_body_kept = kept.body.is_some_and(|body| !body.is_empty());
    let is_left_over = kept.spelling.is_some() || is_body_kept || (survey.has_carried && needs_headers(map));
    if is_left_over {
        details.push(http_response(map, survey, kept));
    }
    is_left_over
}

fn add_carried(details: &mut Details, map: &HeaderMap, message: Option<&str>, origins: Option<&mut Origins>) {
    if let Some((delay, origin)) = headers::named_retry_after(map, SystemTime::now()) {
        if let Some(origins) = origins {
            origins.delay.get_or_insert(origin.into());
        }
        let seconds = i64::try_from(delay.as_secs()).unwrap_or(i64::MAX);
        let retry_delay = Some(Duration { seconds, nanos: delay.subsec_nanos() as i32 });
        // One that says no delay leaves it to the field.
        if details.iter().all(|detail| detail.view().retry_delay().is_none()) {
            details.push(rpc::RetryInfo { retry_delay }.into());
        }
    }
    if let (Some(locale), Some(message)) = (headers::content_language(map), message) {
        add(details, rpc::LocalizedMessage { locale: locale.to_owned(), message: message.to_owned() });
    }
    if let Some(id) = headers::request_id(map) {
        add(details, rpc::RequestInfo { request_id: id.to_owned(), ..Default::default() });
    }
    let links = headers::help_links(map);
    if !links.is_empty() {
        let links = links.into_iter().map(|(description, url)| rpc::help::Link { description, url }).collect();
        add(details, rpc::Help { links });
    }
}

fn add<M: prost::Message + prost::Name>(details: &mut Details, message: M) {
    if !details.iter().any(Detail::is::<M>) {
        details.push(message.into());
    }
}

/// Whether there are fields that no other detail stands for. A bare `Bearer` comes back by itself.
fn needs_headers(map: &HeaderMap) -> bool {
    headers::ALONE.iter().any(|name| map.get_all(*name).iter().any(|value| value != "Bearer"))
}

fn http_response(map: &HeaderMap, survey: &Survey<'_>, kept: &Kept<'_>) -> Detail {
    let carried = if survey.has_carried { headers::carried(map) } else { Vec::new() };
    let media = survey.content_type.filter(|_| kept.body.is_some());
    let media =
        media.map(|media| media.to_str().map_or_else(|_| String::from_utf8_lossy(media.as_bytes()), Cow::Borrowed));
    let mut fields: SmallVec<[(&str, &str); 4]> = carried.iter().map(|field| (&*field.key, &*field.value)).collect();
    if let Some(media) = &media {
        fields.push((header::CONTENT_TYPE.as_str(), media));
    }
    if let Some(kind) = kept.spelling {
        fields.push((SPELLING, kind));
    }
    let reason = u16::try_from(kept.status).ok().and_then(|status| HttpStatus::new(status).ok());
    let status = kept.status.try_into().unwrap_or(i32::MAX);
    let body = kept.body.map_or(&[][..], |body| &body[..body.len().min(MAX_BODY)]);
    Detail::http_response(status, reason.map_or("", |status| status.reason_phrase()), &fields, body)
}
