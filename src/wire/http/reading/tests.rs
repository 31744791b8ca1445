use http::HeaderName;

use super::*;
use crate::wire::http::headers::CARRIED;

fn survey(name: &'static str) -> [bool; 5] {
    let headers = HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static("x"))]);
    let Survey { content_type, media: _, is_encoded, has_grpc, has_carried, may_name } = Survey::of(&headers);
    [content_type.is_some(), is_encoded, has_grpc, has_carried, may_name]
}

#[test]
fn looks_for_each_that_travels() {
    for name in CARRIED {
        assert_eq!(survey(name), [false, false, false, true, name == "www-authenticate"], "{name}");
    }
}

#[test]
fn looks_for_the_others() {
    let rows = [
        ("content-type", [true, false, false, false, false]),
        ("content-encoding", [false, true, false, false, false]),
        ("grpc-status", [false, false, true, false, false]),
        ("grpc-status-details-bin", [false, false, true, false, false]),
        ("x-amzn-errortype", [false, false, false, false, true]),
        ("retry-after-ms", [false, false, false, true, false]),
        ("x-ms-retry-after-ms", [false, false, false, true, false]),
        ("grpc-message", [false; 5]),
        ("date", [false; 5]),
        ("allowed", [false; 5]),
        ("x-request-ids", [false; 5]),
    ];
    for (name, expected) in rows {
        assert_eq!(survey(name), expected, "{name}");
    }
}

#[test]
fn takes_the_first_content_type() {
    let mut headers = HeaderMap::new();
    headers.append("content-type", HeaderValue::from_static("text/html"));
    headers.append("content-type", HeaderValue::from_static("application/json"));
    assert_eq!(Survey::of(&headers).content_type.unwrap(), "text/html");
}
