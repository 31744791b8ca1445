//! Bodies as they are met in the world, typed from the pages that define them.

mod ambiguous;
mod declared;
mod details;
mod enveloped;
mod headers;
mod hostile;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Evidence, Reading, ResponseHead, read};

/// Reads a JSON body that came with this status.
fn json(status: u32, body: &str) -> Reading {
    with(status, &[("content-type", "application/json")], body)
}

fn with(status: u32, headers: &[(&'static str, &'static str)], body: &str) -> Reading {
    answer(status, headers, body, false)
}

fn answer(status: u32, headers: &[(&'static str, &'static str)], body: &str, to_head: bool) -> Reading {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    read(&ResponseHead { status, headers: &map, to_head }, &Bytes::copy_from_slice(body.as_bytes()))
}

/// `dialect [code] [kind] message`, with `?` after the dialect for weak evidence and `...` at the end if the body says
/// more.
fn summary(reading: &Reading) -> String {
    let mut line = format!("{:?}", reading.dialect);
    if reading.evidence == Evidence::Weak {
        line.push('?');
    }
    for word in [reading.code.map(|code| code.name()), reading.kind.as_deref()] {
        line += &format!(" [{}]", word.unwrap_or_default());
    }
    line += &format!(" {}", reading.message.as_deref().unwrap_or("-"));
    line + if reading.complete { "" } else { " ..." }
}

/// Each row is a status, a body under `application/json`, and the summary of its reading.
#[track_caller]
fn check(rows: &[(u32, &str, &str)]) {
    for (status, body, expected) in rows {
        assert_eq!(summary(&json(*status, body)), *expected, "{body}");
    }
}
