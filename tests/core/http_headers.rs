//! Header fields with details, both ways: docs/rules.md, R-FIELD-1 to R-FIELD-5, and RFC 9110.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use errwire::{Audience, Catalog, Error, Policy, Translator, WriteHttpOptions, kinds, rpc};
use http::Response;

fn header<'a>(response: &'a Response<Bytes>, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

fn written(error: &Error) -> [Response<Bytes>; 2] {
    [Audience::Internal, Audience::Public]
        .map(|audience| Translator::default().write_http_with(error, &WriteHttpOptions::new(audience)).0)
}

fn read(status: u16, fields: &[(&str, &str)], body: &str) -> Error {
    let mut response = Response::builder().status(status);
    for (name, value) in fields {
        response = response.header(*name, *value);
    }
    Translator::default().read_http(&response.body(Bytes::copy_from_slice(body.as_bytes())).unwrap()).unwrap()
}

const LIMITED: &str = r#"{"kind":"rate_limited","message":"Slow down."}"#;

// docs/rules.md: R-FIELD-1
#[test]
fn a_delay_is_written_in_whole_seconds_rounded_up() {
    for (millis, seconds) in [(400, "1"), (1_000, "1"), (1_001, "2"), (42_000, "42"), (59_999, "60")] {
        for response in written(&Error::new(kinds::RATE_LIMITED).with_retry_after(Duration::from_millis(millis))) {
            assert_eq!(header(&response, "retry-after"), Some(seconds), "{millis} ms");
        }
    }
}

/// The delay of `google.rpc.RetryInfo` is a message, which is there or not: zero seconds is something that somebody says.
// docs/rules.md: R-READ-GRPC-8
#[test]
fn a_retry_info_without_a_usable_delay_is_ignored() {
    let info = |seconds| rpc::RetryInfo { retry_delay: Some(prost_types::Duration { seconds, nanos: 0 }) };
    let empty = rpc::RetryInfo::default();
    for (details, expected) in [
        (vec![empty], None),
        (vec![info(-5)], None),
        (vec![info(0)], Some("0")),
        (vec![empty, info(7), info(8)], Some("7")),
        (vec![info(-5), info(7)], Some("7")),
    ] {
        let error = details.iter().fold(Error::new(kinds::RATE_LIMITED), |error, info| error.with_detail(*info));
        assert_eq!(error.retry_after().map(|delay| delay.as_secs().to_string()).as_deref(), expected, "{details:?}");
        for response in written(&error) {
            assert_eq!(header(&response, "retry-after"), expected, "{details:?}");
        }
    }
    let json = ("content-type", "application/json");
    for delay in
        [r#","retryDelay":"soon""#, r#","retryDelay":{}"#, r#","retryDelay":null"#, r#","retryDelay":"-5s""#, ""]
    {
        let google = format!(
            r#"{{"error":{{"code":429,"message":"Slow down.","status":"RESOURCE_EXHAUSTED","details":[
                {{"@type":"type.googleapis.com/google.rpc.RetryInfo"{delay}}}]}}}}"#
        );
        let ours = format!(
            r#"{{"kind":"rate_limited","message":"Slow down.","details":[
                {{"@type":"type.googleapis.com/google.rpc.RetryInfo"{delay}}}]}}"#
        );
        for body in [google, ours] {
            let error = read(429, &[json], &body);
            assert_eq!(error.retry_after(), None, "{body}");
            assert!(written(&error).iter().all(|response| header(response, "retry-after").is_none()), "{body}");
            let error = read(429, &[json, ("retry-after", "7")], &body);
            assert_eq!(error.retry_after(), Some(Duration::from_secs(7)), "the field says it: {body}");
        }
    }
}

// docs/rules.md: R-FIELD-1
#[test]
fn a_delay_is_read_in_every_form() {
    let json = ("content-type", "application/json");
    // RFC 9110, section 5.6.7: the three forms of one date, which has passed.
    for (value, delay) in [
        ("0", Some(0)),
        ("120", Some(120)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", Some(0)),
        ("Sun Nov  6 08:49:37 1994", Some(0)),
        ("-1", None),
        ("+5", None),
        ("soon", None),
        ("", None),
    ] {
        let error = read(429, &[json, ("retry-after", value)], LIMITED);
        assert_eq!(error.retry_after(), delay.map(Duration::from_secs), "{value:?}");
        assert_eq!(error.kind(), "rate_limited");
    }
    let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(100));
    let delay = read(429, &[json, ("retry-after", &soon)], LIMITED).retry_after().unwrap().as_secs();
    assert!((90..=100).contains(&delay), "{delay}");
    // The longest `google.protobuf.Duration`: google/protobuf/duration.proto.
    let longest = Duration::from_secs(315_576_000_000);
    for huge in ["1000000000", "315576000001", "18446744073709551616", "99999999999999999999999"] {
        let error = read(429, &[json, ("retry-after", huge)], LIMITED);
        assert!(error.retry_after().is_none_or(|delay| delay <= longest), "{huge}: {:?}", error.retry_after());
    }
    let html = read(503, &[("content-type", "text/html"), ("retry-after", "30")], "<p>busy</p>");
    assert_eq!(html.retry_after(), Some(Duration::from_secs(30)), "the fact holds whoever wrote it");
}

// docs/rules.md: R-FIELD-2
#[test]
fn a_401_of_ours_has_a_challenge() {
    for kind in [kinds::TOKEN_MISSING, kinds::TOKEN_INVALID, kinds::UNAUTHENTICATED] {
        for response in written(&Error::new(kind)) {
            assert_eq!(header(&response, "www-authenticate"), Some("Bearer"));
        }
    }
    for response in written(&Error::new(kinds::PROJECT_REQUIRED)) {
        assert_eq!(header(&response, "www-authenticate"), None);
    }
    let mut policy = Policy::default();
    policy.www_authenticate = r#"Bearer realm="tasks""#.into();
    let translator = Translator::with_policy(Catalog::builtin(), policy);
    let response = translator.write_http(&Error::new(kinds::TOKEN_MISSING));
    assert_eq!(header(&response, "www-authenticate"), Some(r#"Bearer realm="tasks""#));
}

// docs/rules.md: R-FIELD-3, R-FIELD-5
#[test]
fn facts_in_headers_survive_the_way_through_grpc() {
    let translator = Translator::default();
    let rows = [
        (405, "allow", "GET, HEAD", r#"{"kind":"method_not_allowed","message":"m"}"#),
        (401, "www-authenticate", r#"Basic realm="x""#, r#"{"kind":"token_missing","message":"m"}"#),
        (429, "retry-after", "120", LIMITED),
        (404, "x-request-id", "req_1", r#"{"kind":"task_not_found","message":"m"}"#),
        (404, "content-language", "de", r#"{"kind":"task_not_found","message":"Es fehlt."}"#),
    ];
    for (status, name, value, body) in rows {
        let error = read(status, &[("content-type", "application/json"), (name, value)], body);
        let again = translator.write_http(&translator.read_grpc(translator.write_grpc(&error)));
        assert_eq!(header(&again, name), Some(value), "{name}");
        assert_eq!((again.status().as_u16(), &**again.body()), (status, body.as_bytes()));
    }
}

// docs/rules.md: R-FIELD-4
#[test]
fn details_become_headers_and_headers_details() {
    let link = rpc::help::Link { description: "Guide".into(), url: "https://api.example.com/errors/x".into() };
    let error = Error::new(kinds::TASK_NOT_FOUND)
        .with_detail(rpc::RequestInfo { request_id: "req_1".into(), serving_data: "rack 7".into() })
        .with_detail(rpc::Help { links: vec![link] });
    for response in written(&error) {
        assert_eq!(header(&response, "x-request-id"), Some("req_1"));
        let link = header(&response, "link").unwrap();
        assert!(link.starts_with("<https://api.example.com/errors/x>;"), "{link}");
        assert!(link.contains(r#"rel="help""#), "{link}");
    }
    let body = r#"{"kind":"task_not_found","message":"m"}"#;
    let fields = [
        ("content-type", "application/json"),
        ("x-request-id", "req_2"),
        ("link", r#"<https://a.example/next>; rel="next", <https://a.example/help>; rel="help""#),
        ("content-language", "de"),
    ];
    let error = read(404, &fields, body);
    assert_eq!(error.detail::<rpc::RequestInfo>().unwrap().request_id, "req_2");
    let links = error.detail::<rpc::Help>().unwrap().links;
    assert_eq!(links.iter().map(|link| &*link.url).collect::<Vec<_>>(), ["https://a.example/help"]);
    let local = error.detail::<rpc::LocalizedMessage>().unwrap();
    assert_eq!((&*local.locale, &*local.message), ("de", "m"));
}

#[test]
fn an_invalid_header_value_is_left_out() {
    let bad = "a\r\nset-cookie: b=c";
    let link = rpc::help::Link { description: bad.into(), url: format!("https://a.example/{bad}>; rel=\"next\"") };
    let error = Error::new(kinds::TASK_NOT_FOUND)
        .with_detail(rpc::RequestInfo { request_id: bad.into(), ..Default::default() })
        .with_detail(rpc::LocalizedMessage { locale: bad.into(), message: bad.into() })
        .with_detail(rpc::Help { links: vec![link] });
    for response in written(&error) {
        assert_eq!(header(&response, "set-cookie"), None);
        for value in response.headers().values() {
            assert!(value.as_bytes().iter().all(|byte| *byte >= 0x20 && *byte != 0x7f), "{value:?}");
        }
        assert_eq!(response.status(), 404);
    }
}

// docs/rules.md: R-WRITE-HTTP-6
#[test]
fn the_headers_of_the_old_body_go() {
    // RFC 9110, sections 7.6.1, 8 and 14; RFC 9530.
    let stale = [
        ("content-length", "5"),
        ("content-encoding", "identity"),
        ("etag", "\"x\""),
        ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("digest", "x"),
        ("content-digest", "x"),
        ("repr-digest", "x"),
        ("content-md5", "x"),
        ("content-range", "bytes 0-1/2"),
        ("accept-ranges", "bytes"),
        ("connection", "x-foo"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "close"),
        ("transfer-encoding", "chunked"),
        ("te", "gzip"),
        ("trailer", "x"),
        ("upgrade", "h2c"),
    ];
    let mut fields = stale.to_vec();
    fields.push(("content-type", "text/html"));
    let response = Translator::default().write_http(&read(502, &fields, "<p>bad</p>"));
    for (name, _) in stale {
        let kept = header(&response, name);
        let own_length = response.body().len().to_string();
        assert!(kept.is_none() || name == "content-length" && kept == Some(&own_length), "{name}: {kept:?}");
    }
    assert_eq!(header(&response, "content-type"), Some("application/json"));
}
