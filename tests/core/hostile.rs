//! What goes wrong in the real world, as far as pure translation can meet it. Those about
//! `grpc-*` fields (1 to 5) are rows of `grpc_to_error.rs`, those about size (9) of `budget.rs`.

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use errwire::{
    Audience, Code, Detail, Error, ReadOptions, Translator, WriteGrpcOptions, WriteHttpOptions, kinds, rpc,
    wire::grpc::{Received, Trailers},
};
use http::{HeaderMap, HeaderValue};
use prost::Message;

use crate::spec::intermediary;

fn read(status: u32, content_type: &str, body: impl Into<Bytes>) -> Error {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_str(content_type).unwrap());
    Translator::default().read_http_with(status, &headers, &body.into(), &ReadOptions::new()).unwrap().0
}

/// Writes the error in every way and gives back all of the bytes as text.
fn written(error: &Error, audience: Audience) -> String {
    let translator = Translator::default();
    let (status, _) = translator.write_grpc_with(error, &WriteGrpcOptions::new(audience));
    let trailers = status.to_trailers();
    let options = WriteHttpOptions::new(audience).with_details();
    let (response, _) = translator.write_http_with(error, &options);
    let body = String::from_utf8(response.body().to_vec()).unwrap();
    format!("{trailers:?} {status:?} {:?} {body}", response.headers())
}

/// A bound that only a blow-up breaks, on a slow machine too.
fn quickly<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    assert!(start.elapsed() < Duration::from_secs(120), "{what} took {:?}", start.elapsed());
    result
}

#[test]
fn a_huge_message_is_read_and_capped_on_the_way_out() {
    let trailers =
        Trailers { grpc_status: "5".into(), grpc_message: "%F0%9F%98%88".repeat(25_000), ..Default::default() };
    let received = quickly("a huge message", || Received::from_trailers(&trailers));
    let (error, _) = Translator::default().read_grpc_with(received, &ReadOptions::new()).unwrap();
    assert_eq!(error.code(), Code::NotFound);
    let out = Translator::default().write_grpc(&error);
    assert!(out.message.starts_with("😈") && out.to_trailers().grpc_message.len() < 7_168);
}

#[test]
fn no_status_is_never_ok() {
    for message in [None, Some("only a message")] {
        let mut headers = HeaderMap::new();
        if let Some(message) = message {
            headers.insert("grpc-message", HeaderValue::from_static(message));
        }
        let read = Translator::default().read_grpc_with(Received::from_headers(&headers), &ReadOptions::new());
        assert_eq!(read.unwrap().0.code(), Code::Unknown);
    }
}

#[test]
fn every_code_through_a_hop_on_both_wires() {
    let translator = Translator::default();
    let custom = Detail::new("type.example.com/acme.Custom", &b"\x00\xff"[..]);
    for code in Code::ALL {
        for twice in [1, 2] {
            let mut error = Error::new(kinds::CONFLICT).with_code(code).with_message("ü %41");
            for _ in 0..twice {
                error = error.with_detail(custom.clone());
            }
            let first = translator.read_grpc(translator.write_grpc(&error));
            let second = translator.read_http(&translator.write_http(&first)).unwrap();
            assert_eq!(second, first);
            assert_eq!((second.code(), second.kind().as_str(), &*second.message()), (code, "conflict", "ü %41"));
            assert_eq!(second.details().iter().filter(|detail| **detail == custom).count(), twice);
        }
    }
}

#[test]
fn html_from_a_load_balancer() {
    let bodies: [&[u8]; 7] = [
        b"<html><head><title>T</title></head><body>proxy text</body></html>",
        b"\n<p>proxy text",
        b"\x00proxy text",
        b"\x01proxy text",
        b"\x1f\x8bproxy text",
        b"\xff\xfe proxy text",
        b"",
    ];
    for status in
        [400, 401, 403, 404, 408, 413, 415, 418, 429, 431, 499, 500, 501, 502, 503, 504, 505, 520, 521, 599, 800]
    {
        for body in bodies {
            for content_type in
                ["text/html", "text/plain; charset=utf-16", "application/grpc", "application/octet-stream"]
            {
                let error = read(status, content_type, body);
                let code = if status > 599 { Code::Unknown } else { intermediary(u16::try_from(status).unwrap()).1 };
                assert_eq!(error.code(), code, "{status} {body:?}");
                assert!(!error.message().contains("proxy text") && !error.message().is_empty(), "{status} {body:?}");
                assert!(!written(&error, Audience::Public).contains("proxy text"), "nor anywhere else in public");
            }
        }
    }
}

// docs/rules.md: R-BODY-3
#[test]
fn json_that_only_looks_right() {
    let deep = format!("{}{}", r#"{"kind":"#.repeat(10_000), "1");
    let deep_list = "[".repeat(60_000);
    let huge = format!(r#"{{"kind":"task_not_found","message":"{}"}}"#, "x".repeat(10_000_000));
    let wide = format!("{{{}\"a\":1}}", "\"error\":{},".repeat(5_000));
    let utf_16: Vec<u8> = r#"{"kind":"a_b_c","message":"m"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let rows: [&[u8]; 22] = [
        br#"{"kind":1,"message":"m"}"#,
        br#"{"kind":"task_not_found","message":1}"#,
        br#"{"kind":null,"message":null}"#,
        br#"{"kind":["task_not_found"],"message":{}}"#,
        br#"{"kind":"task_not_found","message":"m"} trailing"#,
        br#"{"kind":"task_not_found","message":"m"}{"kind":"x_y_z"}"#,
        br#"{"kind":"task_not_found","message":"m""#,
        br#"{"kind":NaN,"message":"m"}"#,
        br#"{'kind':'task_not_found','message':'m'}"#,
        br#"{"__proto__":{"kind":"task_not_found","message":"m"}}"#,
        br#"{"constructor":{},"kind":{"toString":1}}"#,
        br#"{"kind":"task_not_found","message":"\ud800"}"#,
        b"{\"kind\":\"task_not_found\",\"message\":\"\xff\"}",
        b"null",
        b"true",
        b"\"text\"",
        b"[]",
        b"{}",
        deep.as_bytes(),
        deep_list.as_bytes(),
        wide.as_bytes(),
        &utf_16,
    ];
    for body in rows {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let error = quickly(&shown, || read(404, "application/json", body.to_vec()));
        assert_eq!(error.status().as_u16(), 404, "the status decides: {shown}");
        assert!([Code::NotFound, Code::Unimplemented].contains(&error.code()), "{shown}");
        // What stands whole in a body that is not whole counts.
        let is_known = ["not_found", "unimplemented", "task_not_found", "a_b_c"].contains(&error.kind().as_str());
        assert!(is_known, "{shown}: {}", error.kind());
        quickly(&shown, || written(&error, Audience::Internal));
    }
    let error = quickly("10 MB", || read(404, "application/json", huge));
    assert_eq!(error.status().as_u16(), 404);
    assert!(error.details().iter().map(|detail| detail.value().len()).sum::<usize>() < 100_000);
    assert!(error.message().len() <= 65_536);

    // The label does not matter, and HTML under a JSON type is HTML.
    let html = read(404, "text/html", r#"{"kind":"not_found","message":"m"}"#);
    assert_eq!((html.kind().as_str(), html.code()), ("not_found", Code::NotFound));
    let html = read(404, "application/json", "<html><body>404 Not Found</body></html>");
    assert_eq!((html.kind().as_str(), html.code()), ("unimplemented", Code::Unimplemented));
    let unknown = read(404, "application/json", r#"{"kind":"no_such_kind","message":"m"}"#);
    assert_eq!((unknown.kind().as_str(), unknown.code()), ("no_such_kind", Code::NotFound));
    let bom = read(404, "application/json", "\u{feff}{\"kind\":\"task_not_found\",\"message\":\"m\"}");
    assert_eq!(bom.code(), Code::NotFound, "a byte order mark is tolerated");
    let nul = read(404, "application/json", r#"{"kind":"task_not_found","message":"a\u0000b"}"#);
    assert_eq!((nul.kind().as_str(), &*nul.message()), ("task_not_found", "a\0b"));
}

// docs/rules.md: R-BODY-2
#[test]
fn bombs_are_bounded() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..256 {
        gzip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = Bytes::from(gzip.finish().unwrap());
    for encoding in ["gzip", "GZIP", "x-gzip", "deflate", "br", "foo", "gzip, gzip", "", "identity"] {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        headers.insert("content-encoding", HeaderValue::from_str(encoding).unwrap());
        let error = quickly(encoding, || {
            Translator::default().read_http_with(404, &headers, &bomb, &ReadOptions::new()).unwrap().0
        });
        assert_eq!(error.status().as_u16(), 404, "{encoding}");
        assert!([Code::NotFound, Code::Unimplemented].contains(&error.code()));
        assert!(error.details().iter().all(|detail| detail.value().len() <= 65_536 + 1_024), "{encoding}");
    }
}

#[test]
fn nothing_leaks_and_nothing_is_injected() {
    let secret = "/srv/app/src/db.rs:42 SELECT * FROM users eyJhbGciOi\r\nSet-Cookie: a=b\u{1b}[31m\u{202e}\u{2028}\",\"level\":\"fatal";
    for kind in [kinds::INTERNAL_ERROR, kinds::UNKNOWN_ERROR, kinds::DATA_LOSS, kinds::SERVICE_UNAVAILABLE] {
        let error = Error::new(kind)
            .with_message(secret)
            .with_metadata("sql", secret)
            .with_detail(rpc::DebugInfo { detail: secret.into(), stack_entries: vec![secret.into()] })
            .with_source(secret);
        let shown = written(&error, Audience::Public);
        for part in ["db.rs", "SELECT", "eyJ", "Cookie", "fatal"] {
            assert!(!shown.contains(part), "{part} in {shown}");
        }
    }
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message(secret);
    let (response, _) = Translator::default().write_http_with(&error, &WriteHttpOptions::new(Audience::Public));
    assert!(!response.headers().contains_key("set-cookie"));
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!((body["message"].as_str(), body.get("level")), (Some(secret), None), "quoted, not injected");
    let trailers = Translator::default().write_grpc(&error).to_trailers();
    assert!(trailers.grpc_message.bytes().all(|byte| (0x20..=0x7e).contains(&byte)));

    let long = "a".repeat(1 << 20);
    let error = read(404, "application/json", format!(r#"{{"kind":"{}","message":"m"}}"#, &long[..60_000]));
    assert_eq!(error.kind(), "not_found", "a huge kind names none");
}

fn any(type_url: &str, value: impl Into<Vec<u8>>) -> prost_types::Any {
    prost_types::Any { type_url: type_url.into(), value: value.into() }
}

// docs/rules.md: R-READ-GRPC-8
#[test]
fn abuse_of_any() {
    let mut nested = any("type.googleapis.com/google.rpc.Status", *b"\x08\x05");
    for _ in 0..101 {
        let inner = rpc::Status { code: 5, message: String::new(), details: vec![nested] };
        nested = any("type.googleapis.com/google.protobuf.Any", inner.encode_to_vec());
    }
    let groups = [vec![0x0b; 20_000], vec![0x0c; 20_000]].concat();
    let retry = |seconds, nanos| {
        let delay = prost_types::Duration { seconds, nanos };
        let retry = rpc::RetryInfo { retry_delay: Some(delay) };
        any("type.googleapis.com/google.rpc.RetryInfo", retry.encode_to_vec())
    };
    let rows = vec![
        vec![nested],
        vec![any("", *b""); 100_000],
        vec![any("type.googleapis.com/google.rpc.BadRequest", groups.clone())],
        vec![any("type.googleapis.com/google.rpc.ErrorInfo", groups)],
        vec![any("evil.example/google.rpc.ErrorInfo", *b"\x0a\x02\xff\xfe")],
        vec![retry(-1, -1)],
        vec![retry(0, -1)],
        vec![retry(i64::MAX, i32::MAX)],
        vec![retry(i64::MAX, 999_999_999)],
        vec![retry(i64::MIN, i32::MIN)],
        vec![retry(i64::MIN, 0)],
        vec![any("type.googleapis.com/google.rpc.DebugInfo", retry(5, 0).value)],
        vec![any("type.googleapis.com/google.rpc.HttpResponse", *b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")],
        vec![any(&"/".repeat(100_000), *b"x")],
        vec![any(&"google.rpc.ErrorInfo/".repeat(5_000), *b"x")],
    ];
    for details in rows {
        let what = format!("{} of {:.60}", details.len(), details[0].type_url);
        let packed = rpc::Status { code: 5, message: "m".into(), details }.encode_to_vec();
        let trailers = Trailers {
            grpc_status: "5".into(),
            grpc_message: "m".into(),
            grpc_status_details_bin: STANDARD_NO_PAD.encode(&packed),
        };
        quickly(&what, || {
            for received in [Received::from_trailers(&trailers), Received::decode(packed.into()).unwrap()] {
                let read = Translator::default().read_grpc_with(received, &ReadOptions::new());
                let error = read.unwrap().0;
                assert_eq!((error.code(), &*error.message()), (Code::NotFound, "m"), "{what}");
                error.retry_after();
                for audience in [Audience::Internal, Audience::Public] {
                    let (status, _) = Translator::default().write_grpc_with(&error, &WriteGrpcOptions::new(audience));
                    assert_eq!(status.code, Code::NotFound);
                    let (response, _) = Translator::default().write_http_with(&error, &WriteHttpOptions::new(audience));
                    assert_eq!(response.status(), error.status().as_u16());
                }
            }
        });
    }
}

#[test]
fn a_secret_does_not_pass_by_another_label() {
    let secret = rpc::DebugInfo { detail: "s3cret".into(), stack_entries: vec!["s3cret".into()] };
    let bytes = Detail::from(secret).value().clone();
    for label in ["RetryInfo", "QuotaFailure", "PreconditionFailure", "BadRequest", "Help"] {
        let relabelled = Detail::new(format!("type.googleapis.com/google.rpc.{label}"), bytes.clone());
        let error = Error::new(kinds::INTERNAL_ERROR).with_detail(relabelled);
        assert!(!written(&error, Audience::Public).contains("s3cret"), "{label}");
    }
}
