//! `{"type", "title", "status", "detail", "instance"}` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457#section-3.1)).

// docs/rules.md: R-DIALECT-2

use super::{Dialect, identifier::is_token, message, violations};
use crate::wire::http::{Reading, context::Page, object::Object};

/// Where problems hold what is wrong with each field: the example of RFC 9457, that of RFC 7807, Zalando's library, JHipster.
const VIOLATIONS: [&str; 6] =
    ["errors", "invalid-params", "invalid_params", "invalidParams", "violations", "fieldErrors"];

/// Under another content type, the members show it.
pub(super) fn read(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let has_type = object.text("type").is_some();
    let has_status = object.integer("status").is_some();
    let has_detail = object.text("detail").is_some();
    let is_problem = match object.text("title") {
        Some(_) => has_type || has_status,
        None => has_type && has_status && has_detail,
    };
    if is_problem { read_declared(object, page) } else { None }
}

/// Under `application/problem+json` every object is one.
pub(super) fn read_declared(object: &mut Object<'_>, page: &Page<'_>) -> Option<Reading> {
    let mut reading = Reading::strong(Dialect::Problem);
    reading.take_kind(object, page, "kind");
    reading.identify(object, page, &["code"]);
    if object.text("type") == Some("about:blank") {
        object.take("type");
    } else if reading.kind.is_none()
        && let Some(segment) = object.text("type").and_then(last_segment).map(str::to_owned)
    {
        reading.identify_as(segment.into(), page);
    }
    if object.get("status").is_some_and(|status| page.is_status(status)) {
        object.take("status");
    }
    reading.message = message::take(object, page, &["detail", "title", "message"]);
    if object.text("title").is_some_and(|title| page.is_reason_phrase(title)) && object.has("detail") {
        object.take("title");
    }
    for name in VIOLATIONS {
        reading.details.extend(violations::take(object, name));
    }
    reading.take_details(object);
    Some(reading)
}

/// `out-of-credit` of `https://example.com/probs/out-of-credit` and of `urn:problem:out-of-credit`. `None` if the type
/// only says which standard defines the status.
fn last_segment(uri: &str) -> Option<&str> {
    let (uri, fragment) = uri.split_once('#').unwrap_or((uri, ""));
    let uri = uri.split('?').next().filter(|uri| *uri != "about:blank")?;
    let (path, separator) = match uri.split_once("://") {
        Some((_, rest)) => {
            let (host, path) = rest.split_once('/')?;
            if is_standards_body(host) {
                return None;
            }
            (path, &['/'][..])
        }
        None => (uri, &['/', ':'][..]),
    };
    let is_of_rfc = path.rsplit(separator).find(|segment| !segment.is_empty()).is_some_and(is_rfc);
    if let Some(last) = fragment.rsplit('/').next().filter(|last| is_token(last) && !is_of_rfc) {
        return Some(last);
    }
    // A folder is a page about many errors, and so is a file.
    let segment = path.rsplit(separator).next().filter(|segment| !segment.is_empty() && !segment.contains('.'))?;
    if is_rfc(segment) { None } else { Some(segment) }
}

fn is_standards_body(host: &str) -> bool {
    ["iana.org", "ietf.org", "rfc-editor.org", "w3.org"].iter().any(|body| {
        let subdomain = host.len().checked_sub(body.len()).and_then(|at| host.split_at_checked(at));
        subdomain.is_some_and(|(sub, end)| end.eq_ignore_ascii_case(body) && (sub.is_empty() || sub.ends_with('.')))
    })
}

/// `rfc9110.html`
fn is_rfc(segment: &str) -> bool {
    let number = segment.get(..3).filter(|start| start.eq_ignore_ascii_case("rfc")).map(|_| &segment[3..]);
    number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}
