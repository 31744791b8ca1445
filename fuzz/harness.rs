//! What each fuzz target does with its input. `tests/core/fuzz_corpora.rs` does the same with the inputs in `corpus/`.
//!
//! Inputs are text as far as they go, so that seeds can be written by hand. An HTTP response is its status, header
//! fields of the form `name: value`, an empty line, and the body; gRPC fields are such lines too. A value has `\xHH`
//! for bytes that a line cannot hold.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use errwire::{
    Audience, Catalog, Code, Detail, Dialect, Error, ReadOptions, StatusTable, Translator, WriteGrpcOptions,
    WriteHttpOptions, rpc,
    wire::{
        grpc::{Received, ReceivedCode, Status, Trailers},
        http::headers::{MAX_RETRY_DELAY, retry_after as read_retry_after},
    },
};
use http::{HeaderMap, HeaderName, HeaderValue, Response};

/// A name, and what is done with the bytes.
type Target = (&'static str, fn(&[u8]));

/// The name of each target and what it does.
pub(crate) const TARGETS: [Target; 8] = [
    ("parse_grpc_status_headers", parse_grpc_status_headers),
    ("encode_status", encode_status),
    ("decode_details", decode_details),
    ("http_error_to_status", http_error_to_status),
    ("status_to_http", status_to_http),
    ("retry_after", retry_after),
    ("catalog_yaml", catalog_yaml),
    ("laws", laws),
];

/// The budget: docs/rules.md, R-BUDGET-1.
const BUDGET: usize = 7_168;

/// The code is what `grpc-status` says, whatever else is broken.
pub(crate) fn parse_grpc_status_headers(data: &[u8]) {
    let headers = header_lines(data).0;
    let received = Received::from_headers(&headers);
    if headers.get_all("grpc-status").iter().count() < 2 {
        let said = headers.get("grpc-status").map(HeaderValue::as_bytes);
        assert_eq!(code_of(&received), expected_code(said), "{said:?}");
    }
    let trailers = Trailers {
        grpc_status: text(&headers, "grpc-status").into(),
        grpc_message: text(&headers, "grpc-message"),
        grpc_status_details_bin: text(&headers, "grpc-status-details-bin"),
    };
    for received in [received, Received::from_trailers(&trailers)] {
        if let Ok((error, _)) = Translator::default().read_grpc_with(received, &ReadOptions::new()) {
            write_everywhere(&error);
        }
    }
}

/// What is written fits the budget, reads back as it was written, and agrees with itself.
pub(crate) fn encode_status(data: &[u8]) {
    let Some(status) = status(data) else { return };
    let translator = Translator::default();
    let (written, report) =
        translator.write_grpc_with(&translator.read_grpc(status.clone()), &WriteGrpcOptions::default());
    assert_eq!(written.code, status.code);
    if report.trimmed.is_empty() {
        assert_eq!(written.message, status.message);
    }
    check_trailers(&written);
}

/// Bytes that should be a `google.rpc.Status`.
pub(crate) fn decode_details(data: &[u8]) {
    let Ok(received) = Received::decode(Bytes::copy_from_slice(data)) else { return };
    let details = received.details.clone();
    let translator = Translator::default();
    for detail in &details {
        let json = translator.policy().registry.detail_to_json(detail);
        let again = translator.policy().registry.detail_from_json(&json);
        assert!(again.is_ok_and(|again| again.type_url() == detail.type_url()), "{json}");
        translator.policy().registry.strip_unknown(detail);
    }
    let Ok((error, _)) = translator.read_grpc_with(received, &ReadOptions::new()) else { return };
    assert_eq!(error.details(), &details[..], "what is read is kept");
    write_everywhere(&error);
}

/// Any response at all, by each table.
pub(crate) fn http_error_to_status(data: &[u8]) {
    let Some((status, headers, body)) = response(data) else { return };
    let translator = Translator::default();
    for table in [StatusTable::Auto, StatusTable::Origin, StatusTable::Intermediary] {
        for to_head in [false, true] {
            let mut options = ReadOptions::new().with_table(table);
            options.to_head = to_head;
            let Ok((error, _)) = translator.read_http_with(status, &headers, &body, &options) else { continue };
            if !headers.contains_key("grpc-status") && (400..600).contains(&status) {
                assert_eq!(u32::from(error.status().as_u16()), status);
            }
            write_everywhere(&error);
        }
    }
}

/// Any status for any reader, in any dialect.
pub(crate) fn status_to_http(data: &[u8]) {
    let Some(status) = status(data) else { return };
    let translator = Translator::default();
    let error = translator.read_grpc(status);
    for audience in [Audience::Internal, Audience::Public] {
        for dialect in [Dialect::KindMessage, Dialect::Problem, Dialect::Google, Dialect::Connect] {
            let options = WriteHttpOptions::new(audience).with_dialect(dialect).with_details();
            let (response, _) = translator.write_http_with(&error, &options.with_accept_language("de, en;q=0.5"));
            let read: serde_json::Value = serde_json::from_slice(response.body()).expect("a body is JSON");
            assert!(read.is_object());
            let back = translator.read_http(&response).expect("an error response is an error");
            assert_eq!(back.status(), error.status());
            if audience == Audience::Public {
                assert!(!response.headers().contains_key("grpc-status-details-bin"));
                let shown = back.details().iter().find(|detail| detail.is::<rpc::DebugInfo>());
                assert!(shown.is_none(), "{shown:?}");
            }
        }
    }
}

/// One value of `Retry-After`, a line, and perhaps more.
pub(crate) fn retry_after(data: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in data.split(|&byte| byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append("retry-after", value);
        }
    }
    for now in [SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000)] {
        let delay = read_retry_after(&headers, now);
        assert!(delay.is_none_or(|delay| delay <= MAX_RETRY_DELAY));
        let digits =
            |value: &&HeaderValue| (1..=7).contains(&value.len()) && value.as_bytes().iter().all(u8::is_ascii_digit);
        if let Some(value) = headers.get("retry-after").filter(digits) {
            let seconds: u64 = value.to_str().unwrap_or_default().parse().unwrap_or_default();
            assert_eq!(delay, Some(Duration::from_secs(seconds)));
        }
    }
}

/// A file either loads, or has problems that say where and what.
pub(crate) fn catalog_yaml(data: &[u8]) {
    let Ok(yaml) = std::str::from_utf8(data) else { return };
    match Catalog::from_yaml("f.yaml", yaml) {
        Ok(catalog) => {
            let translator = Translator::new(catalog.clone());
            for kind in &catalog.iter().collect::<Vec<_>>() {
                write_everywhere(&translator.read_grpc(translator.write_grpc(&Error::new((*kind).clone()))));
            }
        }
        Err(problems) => assert!(problems.to_string().lines().all(|line| line.starts_with("f.yaml:"))),
    }
}

/// R-LAW-1, R-LAW-2, R-LAW-3, R-LAW-4 and R-LAW-6 of docs/rules.md, for a status or a response, within the budget.
pub(crate) fn laws(data: &[u8]) {
    let translator = Translator::default();
    let n = |error: &Error| translator.read_grpc(translator.write_grpc(error));
    let whole = |error: &Error| {
        let (status, report) = translator.write_grpc_with(error, &WriteGrpcOptions::default());
        report.trimmed.is_empty().then_some(status)
    };
    if let Some((status, e)) = status(data).map(|status| (status.clone(), translator.read_grpc(status)))
        && let Some(again) = whole(&e)
    {
        let once = n(&e);
        assert_eq!((once.kind(), once.code(), once.status()), (e.kind(), e.code(), e.status()), "law 1");
        assert_eq!((once.message(), &n(&once)), (e.message(), &once), "law 1");
        assert_eq!((again.code, &again.message), (status.code, &status.message), "law 2");
        let kept: &[Detail] = &status.details;
        assert!(again.details.len() <= kept.len() + 2, "law 2");
        assert!(again.details.windows(kept.len().max(1)).any(|window| window == kept) || kept.is_empty(), "law 2");
        if let Some(response) = whole_response(&translator, &once) {
            assert_eq!(translator.read_http(&response).as_ref().ok(), Some(&once), "law 4");
        }
        let f = |status| translator.write_grpc(&translator.read_grpc(status));
        let once = f(status);
        assert_eq!(f(once.clone()), once, "law 6");
    } else if let Some(status) = status(data) {
        // The message takes up to 3 bytes in `grpc-message` and 4 / 3 in the details for each of its own, and what is added
        // to the details takes less than 500.
        assert!(status.encode().len() >= 1_400, "it fits and is trimmed");
    }
    let Some((status, headers, body)) = response(data) else { return };
    let Some(given) = built(status, headers, body) else { return };
    let g = |given: &Response<Bytes>| whole_response(&translator, &translator.read_http(given).ok()?);
    if let Some(once) = g(&given) {
        let twice = g(&once).expect("ours is an error, and no longer than it was");
        assert_eq!(
            (twice.status(), twice.headers(), twice.body()),
            (once.status(), once.headers(), once.body()),
            "law 6"
        );
    }
}

/// The response that an error becomes for those inside, if nothing has to go for the budget.
fn whole_response(translator: &Translator, error: &Error) -> Option<Response<Bytes>> {
    let (response, report) = translator.write_http_with(error, &WriteHttpOptions::default());
    report.trimmed.is_empty().then_some(response)
}

/// Whatever was read can be written.
fn write_everywhere(error: &Error) {
    let translator = Translator::default();
    error.retry_after();
    error.field_violations();
    for audience in [Audience::Internal, Audience::Public] {
        let (status, _) = translator.write_grpc_with(error, &WriteGrpcOptions::new(audience));
        assert_eq!(status.code, error.code());
        check_trailers(&status);
        let (response, _) = translator.write_http_with(error, &WriteHttpOptions::new(audience).with_details());
        let body: serde_json::Value = serde_json::from_slice(response.body()).expect("a body is JSON");
        assert_eq!(body["kind"].as_str(), Some(error.kind().as_str()));
        assert_eq!(response.status().as_u16(), error.status().as_u16());
    }
}

/// Small enough, printable, and with the same code and message twice.
fn check_trailers(status: &Status) {
    let trailers = status.to_trailers();
    assert!(trailers.size() <= BUDGET, "{} bytes", trailers.size());
    assert!(trailers.grpc_message.bytes().all(|byte| (0x20..=0x7e).contains(&byte)));
    let received = Received::from_trailers(&trailers);
    assert_eq!((code_of(&received), &received.message), (Some(status.code), &status.message));
    assert!(!received.mismatch && received.notes.is_empty(), "{:?}", received.notes);
    assert_eq!(received.details, status.details);
    let mut headers = HeaderMap::new();
    trailers.write_to(&mut headers);
    assert_eq!(headers.iter().next().map(|(name, _)| name.as_str()), Some("grpc-status"));
}

fn code_of(received: &Received) -> Option<Code> {
    match received.code {
        ReceivedCode::Ok => None,
        ReceivedCode::Error(code) => Some(code),
        _ => Some(Code::Unknown),
    }
}

/// R-READ-GRPC-2 of docs/rules.md, apart from the code under test.
fn expected_code(said: Option<&[u8]>) -> Option<Code> {
    let number = match said {
        Some([digit @ b'0'..=b'9']) => i32::from(digit - b'0'),
        Some([b'1', digit @ b'0'..=b'6']) => 10 + i32::from(digit - b'0'),
        _ => 2,
    };
    Code::try_from(number).ok()
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}

/// The error that `grpc-*` lines or the bytes of a `google.rpc.Status` hold.
fn status(data: &[u8]) -> Option<Status> {
    let lines = data.starts_with(b"grpc-");
    let received = if lines {
        Received::from_headers(&header_lines(data).0)
    } else {
        Received::decode(Bytes::copy_from_slice(data)).ok()?
    };
    Some(Status { code: code_of(&received)?, message: received.message, details: received.details })
}

fn response(data: &[u8]) -> Option<(u32, HeaderMap, Bytes)> {
    let end = data.iter().position(|&byte| byte == b'\n')?;
    let status = std::str::from_utf8(&data[..end]).ok()?.trim().parse().ok()?;
    let (headers, body) = header_lines(&data[end + 1..]);
    Some((status, headers, body))
}

fn built(status: u32, headers: HeaderMap, body: Bytes) -> Option<Response<Bytes>> {
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status.try_into().ok()?).ok()?;
    *response.headers_mut() = headers;
    Some(response)
}

/// The `name: value` lines up to an empty one, and what follows it. `status-details: NAME BYTES` of a seed would be
/// unreadable as base64, so `details-raw` is encoded here.
fn header_lines(data: &[u8]) -> (HeaderMap, Bytes) {
    let mut headers = HeaderMap::new();
    let mut rest = data;
    while !rest.is_empty() {
        let end = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        let line = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        if line.is_empty() {
            break;
        }
        let Some(colon) = line.iter().position(|&byte| byte == b':') else { continue };
        let value = unescape(line[colon + 1..].trim_ascii());
        let (name, value) = match &line[..colon] {
            b"details-raw" => (&b"grpc-status-details-bin"[..], STANDARD_NO_PAD.encode(value).into_bytes()),
            name => (name, value),
        };
        // `HeaderMap` has room for 32,768 names.
        if let (Ok(name), Ok(value), true) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(&value), headers.len() < 1_000)
        {
            headers.append(name, value);
        }
    }
    (headers, Bytes::copy_from_slice(rest))
}

fn unescape(value: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = rest.strip_prefix(b"\\x").and_then(|hex| std::str::from_utf8(hex.get(..2)?).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(escaped) => {
                plain.push(escaped);
                rest = &rest[4..];
            }
            None => {
                plain.push(byte);
                rest = tail;
            }
        }
    }
    plain
}
