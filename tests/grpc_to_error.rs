//! gRPC to `Error`: DESIGN.md, section 3.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod spec;

use std::collections::BTreeMap;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use bytes::Bytes;
use errwire::{
    Catalog, Code, Detail, Error, HttpStatus, ParseOptions, Policy, Report, Translator, rpc,
    translate::Rule,
    wire::grpc::{Received, Status, Trailers},
};
use http::{HeaderMap, HeaderValue};
use prost::Message;

use crate::spec::STATUS_OF_CODE;

fn info(reason: &str, domain: &str) -> Detail {
    rpc::ErrorInfo { reason: reason.into(), domain: domain.into(), metadata: BTreeMap::new() }.into()
}

fn status(code: Code, details: impl IntoIterator<Item = Detail>) -> Status {
    Status { code, message: "m".into(), details: details.into_iter().collect() }
}

fn packed(code: i32, message: &str, details: &[Detail]) -> Vec<u8> {
    let any = |detail: &Detail| prost_types::Any { type_url: detail.type_url().into(), value: detail.value().to_vec() };
    let details = details.iter().map(any).collect();
    rpc::Status { code, message: message.into(), details }.encode_to_vec()
}

fn read(received: Received) -> (Error, Report) {
    Translator::default().read_grpc(received, &ParseOptions::new()).unwrap()
}

fn trailers(status: &str, message: &str, details: &str) -> (Error, Report) {
    read(Received::from_trailers(&Trailers {
        grpc_status: status.to_owned().into(),
        grpc_message: message.into(),
        grpc_status_details_bin: details.into(),
    }))
}

#[test]
fn ok_is_no_error() {
    let translator = Translator::default();
    let options = ParseOptions::new();
    let zero = Trailers { grpc_status: "0".into(), ..Default::default() };
    assert!(translator.read_grpc(Received::from_trailers(&zero), &options).is_err());
    assert!(translator.read_grpc(Received::from_message(0, "m".into(), Default::default()), &options).is_err());
    let packed = Received::decode(Bytes::from(packed(0, "m", &[]))).unwrap();
    assert!(translator.read_grpc(packed, &options).is_err());
}

#[test]
fn each_code_by_its_number_and_its_own_status() {
    for (code, number, http) in STATUS_OF_CODE {
        let (error, report) = trailers(&number.to_string(), "m", "");
        assert_eq!((error.code(), error.status().as_u16(), &*error.message()), (code, http, "m"));
        assert_eq!(report.code_rule, Some(Rule::GrpcStatus));
        assert!(!report.mismatch);
        let (error, _) = read(Received::from_message(number, "m".into(), Default::default()));
        assert_eq!(error.code(), code);
    }
}

#[test]
fn an_invalid_grpc_status_is_unknown_and_is_reported() {
    let rows = [
        "00",
        "07",
        "17",
        "-1",
        "+5",
        "4 ",
        " 4",
        "4294967296",
        "4294967301",
        "18446744073709551621",
        "x",
        "5,7",
        "5;",
        "0x5",
        "5.0",
        "1e1",
        "-0",
        "+0",
        "NOT_FOUND",
        "016",
    ];
    for raw in rows {
        let (error, report) = trailers(raw, "kept", "");
        assert_eq!((error.code(), error.kind().as_str()), (Code::Unknown, "unknown_error"), "{raw:?}");
        assert_eq!((error.status().as_u16(), &*error.message()), (500, "kept"), "{raw:?}");
        assert!(report.notes.iter().any(|note| note.contains(raw)), "{raw:?} is not in {:?}", report.notes);
    }
    let (error, _) = trailers("", "kept", "");
    assert_eq!((error.code(), &*error.message()), (Code::Unknown, "kept"));
    for number in [-1, 17, 99, i32::MIN, i32::MAX] {
        let (error, report) = read(Received::from_message(number, "kept".into(), Default::default()));
        assert_eq!((error.code(), &*error.message()), (Code::Unknown, "kept"), "{number}");
        assert!(report.notes.iter().any(|note| note.contains(&number.to_string())), "{number}: {:?}", report.notes);
    }
}

#[test]
fn headers_without_a_status_or_with_two_are_unknown() {
    let (error, _) = read(Received::from_headers(&HeaderMap::new()));
    assert_eq!(error.code(), Code::Unknown);

    let mut two = HeaderMap::new();
    two.append("grpc-status", HeaderValue::from_static("5"));
    two.append("grpc-status", HeaderValue::from_static("7"));
    assert_eq!(read(Received::from_headers(&two)).0.code(), Code::Unknown);

    let mut opaque = HeaderMap::new();
    opaque.insert("grpc-status", HeaderValue::from_bytes(b"5\xff").unwrap());
    assert_eq!(read(Received::from_headers(&opaque)).0.code(), Code::Unknown);

    let mut good = HeaderMap::new();
    good.insert("grpc-status", HeaderValue::from_static("5"));
    good.insert("grpc-message", HeaderValue::from_static("gone%21"));
    let (error, _) = read(Received::from_headers(&good));
    assert_eq!((error.code(), &*error.message()), (Code::NotFound, "gone!"));
}

#[test]
fn a_message_is_decoded_leniently_and_once() {
    let rows = [
        ("", ""),
        ("plain", "plain"),
        ("%", "%"),
        ("100%", "100%"),
        ("%4", "%4"),
        ("%GG", "%GG"),
        ("a%b%20c", "a%b c"),
        ("%%41", "%A"),
        ("%2541", "%41"),
        ("%e2%98%ba%E2%98%BA", "☺☺"),
        ("%00", "\0"),
        ("%FF", "\u{fffd}"),
        ("a%C3", "a\u{fffd}"),
        // The interop text of gRPC: interop/test_utils.go, "special_status_message".
        (
            "%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A",
            "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
        ),
    ];
    for (raw, expected) in rows {
        let (error, _) = trailers("5", raw, "");
        assert_eq!((error.code(), &*error.message()), (Code::NotFound, expected), "{raw:?}");
    }
    let (error, _) = trailers("5", "%ED%A0%80", "");
    assert!(error.message().chars().all(|c| c == '\u{fffd}'), "a lone surrogate");
    let mut headers = HeaderMap::new();
    headers.insert("grpc-status", HeaderValue::from_static("5"));
    headers.insert("grpc-message", HeaderValue::from_bytes(b"a\xffb").unwrap());
    let (error, _) = read(Received::from_headers(&headers));
    assert_eq!((error.code(), &*error.message()), (Code::NotFound, "a\u{fffd}b"));
}

#[test]
fn details_are_read_in_every_form_of_base64() {
    let one = packed(5, "m", &[info("TASK_NOT_FOUND", "errwire.dev")]);
    let two = packed(5, "m", &[info("RUN_NOT_FOUND", "errwire.dev")]);
    let (padded, unpadded, other) = (STANDARD.encode(&one), STANDARD_NO_PAD.encode(&one), STANDARD_NO_PAD.encode(two));
    assert_ne!(padded, unpadded, "the sample has to need padding");
    let rows = [
        (padded.clone(), "task_not_found"),
        (unpadded.clone(), "task_not_found"),
        (format!("{unpadded},{other}"), "task_not_found"),
        (format!("{padded}, {other}"), "task_not_found"),
        (format!("@@@,{other}"), "run_not_found"),
        (format!("{other},@@@"), "run_not_found"),
        ("@@@".to_owned(), "not_found"),
        ("A".to_owned(), "not_found"),
        (STANDARD_NO_PAD.encode(b"\xff\xff\xff"), "not_found"),
        (String::new(), "not_found"),
    ];
    for (value, kind) in rows {
        let (error, _) = trailers("5", "m", &value);
        assert_eq!((error.code(), &*error.message(), error.kind().as_str()), (Code::NotFound, "m", kind), "{value}");
        assert_eq!(error.details().len(), usize::from(kind != "not_found"), "{value}");
    }
    for values in [[&*padded, &*other], ["@@@", &*padded], ["", &*unpadded]] {
        let mut headers = HeaderMap::new();
        headers.insert("grpc-status", HeaderValue::from_static("5"));
        for value in values {
            headers.append("grpc-status-details-bin", HeaderValue::from_str(value).unwrap());
        }
        let (error, _) = read(Received::from_headers(&headers));
        assert_eq!(error.kind(), "task_not_found", "{values:?}");
    }
}

#[test]
fn broken_details_are_reported() {
    let (error, report) = trailers("7", "m", "@@@");
    assert_eq!((error.code(), &*error.message(), error.details().len()), (Code::PermissionDenied, "m", 0));
    assert!(!report.notes.is_empty());
    assert!(Received::decode(Bytes::from_static(b"\xff\xff\xff")).is_err());
}

#[test]
fn the_header_wins_over_the_details() {
    let details = [info("TASK_NOT_FOUND", "errwire.dev"), Detail::new("x/acme.Unknown", &b"\xff"[..])];
    for (code, message, mismatch) in
        [(5, "m", false), (13, "m", true), (0, "m", true), (99, "m", true), (-7, "m", true), (5, "other", true)]
    {
        let (error, report) = trailers("5", "m", &STANDARD_NO_PAD.encode(packed(code, message, &details)));
        assert_eq!((error.code(), &*error.message()), (Code::NotFound, "m"), "{code} {message}");
        assert_eq!(error.details(), details, "{code} {message}");
        assert_eq!(report.mismatch, mismatch, "{code} {message}");
    }
    // A code that is none does not let the details decide either.
    let (error, _) = trailers("", "m", &STANDARD_NO_PAD.encode(packed(5, "m", &details)));
    assert_eq!(error.code(), Code::Unknown);
    assert_eq!(error.details(), details);
}

#[test]
fn the_kind_is_that_of_the_first_error_info_of_ours() {
    use Rule::{CodeFallback, ErrorInfo, ForeignErrorInfo};
    let ours = |reason| info(reason, "errwire.dev");
    let theirs = |reason| info(reason, "other.example");
    let broken = Detail::new("type.googleapis.com/google.rpc.ErrorInfo", &b"\x0a\xff"[..]);
    let long = "A".repeat(64);
    let rows: Vec<(Vec<Detail>, &str, Rule)> = vec![
        (vec![ours("TASK_NOT_FOUND")], "task_not_found", ErrorInfo),
        (vec![ours("NO_SUCH_KIND")], "no_such_kind", ErrorInfo),
        (vec![theirs("THEIR_KIND"), ours("TASK_NOT_FOUND")], "task_not_found", ErrorInfo),
        (vec![ours("RUN_NOT_FOUND"), ours("TASK_NOT_FOUND")], "run_not_found", ErrorInfo),
        (vec![theirs("THEIR_KIND"), theirs("SECOND_KIND")], "their_kind", ForeignErrorInfo),
        (vec![theirs("not valid"), theirs("THEIR_KIND")], "their_kind", ForeignErrorInfo),
        (vec![ours("task_not_found"), theirs("THEIR_KIND")], "their_kind", ForeignErrorInfo),
        (vec![ours("Bad.Reason"), ours("TASK_NOT_FOUND")], "task_not_found", ErrorInfo),
        (vec![broken.clone(), ours("TASK_NOT_FOUND")], "task_not_found", ErrorInfo),
        (vec![broken], "not_found", CodeFallback),
        (vec![ours("task_not_found")], "not_found", CodeFallback),
        (vec![ours("")], "not_found", CodeFallback),
        (vec![ours("AB")], "not_found", CodeFallback),
        (vec![ours("A_")], "not_found", CodeFallback),
        (vec![ours("ABC_")], "not_found", CodeFallback),
        (vec![ours("1ABC")], "not_found", CodeFallback),
        (vec![ours("_ABC")], "not_found", CodeFallback),
        (vec![ours("A-BC")], "not_found", CodeFallback),
        (vec![ours(&long)], "not_found", CodeFallback),
        (vec![ours(&long[1..])], &*Box::leak(long[1..].to_lowercase().into_boxed_str()), ErrorInfo),
        (vec![info("NO_DOMAIN", "")], "no_domain", ForeignErrorInfo),
        (vec![rpc::DebugInfo::default().into()], "not_found", CodeFallback),
    ];
    for (details, kind, rule) in rows {
        let (error, report) = read(status(Code::NotFound, details.clone()).into());
        assert_eq!((error.kind().as_str(), report.kind_rule), (kind, Some(rule)), "{details:?}");
        assert_eq!(error.details(), details);
    }
}

#[test]
fn accepted_domains_are_as_good_as_ours() {
    let details =
        [info("FIRST_KIND", "one.example"), info("SECOND_KIND", "two.example"), info("OUR_KIND", "errwire.dev")];
    let mut policy = Policy::default();
    policy.accepted_domains = vec!["two.example".into()];
    let translator = Translator::with_policy(Catalog::builtin(), policy);
    assert_eq!(translator.from_grpc(status(Code::NotFound, details.clone())).kind(), "second_kind");

    let options = ParseOptions::new().with_domain("one.example");
    let read = Translator::default().read_grpc(status(Code::NotFound, details.clone()).into(), &options);
    assert_eq!(read.unwrap().0.kind(), "first_kind");
    assert_eq!(Translator::default().from_grpc(status(Code::NotFound, details)).kind(), "our_kind");
}

#[test]
fn a_type_is_what_follows_the_last_slash() {
    let value = info("TASK_NOT_FOUND", "errwire.dev").value().clone();
    for (url, kind) in [
        ("type.googleapis.com/google.rpc.ErrorInfo", "task_not_found"),
        ("types.example.com/google.rpc.ErrorInfo", "task_not_found"),
        ("https://a.example/b/c/google.rpc.ErrorInfo", "task_not_found"),
        ("/google.rpc.ErrorInfo", "task_not_found"),
        ("type.googleapis.com/google.rpc.errorinfo", "not_found"),
        ("type.googleapis.com/x.google.rpc.ErrorInfo", "not_found"),
        ("type.googleapis.com/google.rpc.ErrorInfo/", "not_found"),
        ("type.googleapis.com/google.rpc.DebugInfo", "not_found"),
        ("", "not_found"),
    ] {
        let detail = Detail::new(url, value.clone());
        let error = Translator::default().from_grpc(status(Code::NotFound, [detail.clone()]));
        assert_eq!(error.kind(), kind, "{url}");
        assert_eq!(error.details(), [detail], "the prefix stays");
    }
}

#[test]
fn the_status_is_the_details_then_the_catalogs_then_the_codes() {
    let http = |status| Detail::from(rpc::HttpResponse { status, ..Default::default() });
    let ours = |reason| info(reason, "errwire.dev");
    use Rule::{Catalog, CodeFallback, HttpResponse};
    let rows: Vec<(Code, Vec<Detail>, u16, Rule)> = vec![
        (Code::NotFound, vec![http(418)], 418, HttpResponse),
        (Code::NotFound, vec![ours("TASK_NOT_FOUND"), http(410)], 410, HttpResponse),
        (Code::NotFound, vec![http(400)], 400, HttpResponse),
        (Code::NotFound, vec![http(599)], 599, HttpResponse),
        (Code::FailedPrecondition, vec![ours("PAYMENT_REQUIRED")], 402, Catalog),
        (Code::PermissionDenied, vec![ours("PAYMENT_REQUIRED")], 403, CodeFallback),
        (Code::FailedPrecondition, vec![ours("HTTP_418")], 418, Catalog),
        (Code::Internal, vec![ours("HTTP_418")], 500, CodeFallback),
        (Code::Unimplemented, vec![ours("METHOD_NOT_ALLOWED")], 405, Catalog),
        (Code::NotFound, vec![ours("NO_SUCH_KIND")], 404, CodeFallback),
        (Code::FailedPrecondition, vec![ours("PAYMENT_REQUIRED"), http(200)], 402, Catalog),
    ];
    for (code, details, expected, rule) in rows {
        let (error, report) = read(status(code, details.clone()).into());
        assert_eq!((error.status().as_u16(), report.status_rule), (expected, Some(rule)), "{code} {details:?}");
        assert_eq!(error.code(), code);
    }
    for no_error in [0, -1, 1, 100, 200, 399, 600, 999, 65_940, i32::MIN, i32::MAX] {
        let error = Translator::default().from_grpc(status(Code::NotFound, [http(no_error)]));
        assert_eq!(error.status(), HttpStatus::new(404).unwrap(), "{no_error}");
    }
}

#[test]
fn details_keep_order_and_bytes() {
    let mut unknown_field = info("TASK_NOT_FOUND", "errwire.dev").value().to_vec();
    unknown_field.extend_from_slice(b"\xfa\x01\x03new");
    let details = [
        Detail::new("type.example.com/acme.v1.Custom", &b"\x08\x96\x01"[..]),
        Detail::new("type.googleapis.com/google.rpc.RetryInfo", &b"\xff not a message"[..]),
        Detail::new("odd.example/google.rpc.ErrorInfo", unknown_field),
        // The fields of a map in an order that no encoder writes, and an explicit default.
        Detail::new("type.googleapis.com/google.rpc.ErrorInfo", &b"\x12\x01d\x0a\x03ABC\x12\x01e"[..]),
        Detail::new("", &b""[..]),
        Detail::new("type.googleapis.com/google.rpc.DebugInfo", &b""[..]),
    ];
    let value = STANDARD_NO_PAD.encode(packed(5, "m", &details));
    let (from_trailers, _) = trailers("5", "m", &value);
    assert_eq!(from_trailers.details(), details);
    let decoded = Received::decode(Bytes::from(packed(5, "m", &details))).unwrap();
    assert_eq!(read(decoded).0.details(), details);
    assert_eq!(Translator::default().from_grpc(status(Code::NotFound, details.clone())).details(), details);
    assert_eq!(from_trailers.kind(), "task_not_found");
}
