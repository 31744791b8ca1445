//! The three `grpc-*` fields to `Error`: docs/rules.md, R-READ-GRPC-1 to R-READ-GRPC-4.

use std::collections::BTreeMap;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use bytes::Bytes;
use errwire::{
    Code, Detail, Error, ReadOptions, Report, Translator, rpc,
    translate::Rule,
    wire::grpc::{Received, Status, Trailers},
};
use http::{HeaderMap, HeaderValue};
use prost::Message;

use crate::spec::STATUS_OF_CODE;

fn info(reason: &str, domain: &str) -> Detail {
    rpc::ErrorInfo { reason: reason.into(), domain: domain.into(), metadata: BTreeMap::new() }.into()
}

fn packed(code: i32, message: &str, details: &[Detail]) -> Vec<u8> {
    let any = |detail: &Detail| prost_types::Any { type_url: detail.type_url().into(), value: detail.value().to_vec() };
    let details = details.iter().map(any).collect();
    rpc::Status { code, message: message.into(), details }.encode_to_vec()
}

fn read(received: Received) -> (Error, Report) {
    Translator::default().read_grpc_with(received, &ReadOptions::new()).unwrap()
}

fn trailers(status: &str, message: &str, details: &str) -> (Error, Report) {
    read(Received::from_trailers(&Trailers {
        grpc_status: status.to_owned().into(),
        grpc_message: message.into(),
        grpc_status_details_bin: details.into(),
    }))
}

// docs/rules.md: R-READ-GRPC-1
#[test]
fn ok_is_not_an_error() {
    let translator = Translator::default();
    let options = ReadOptions::new();
    let zero = Trailers { grpc_status: "0".into(), ..Default::default() };
    assert!(translator.read_grpc_with(Received::from_trailers(&zero), &options).is_err());
    assert!(translator.read_grpc_with(Received::from_message(0, "m".into(), Default::default()), &options).is_err());
    let packed = Received::decode(Bytes::from(packed(0, "m", &[]))).unwrap();
    assert!(translator.read_grpc_with(packed, &options).is_err());
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

// docs/rules.md: R-READ-GRPC-2
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

// docs/rules.md: R-READ-GRPC-3
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

// docs/rules.md: R-READ-GRPC-3
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

// docs/rules.md: R-READ-GRPC-4
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

/// Google's servers send a detail as a trailer of its own too: <https://github.com/googleapis/google-cloud-go/issues/1279>.
#[test]
fn fields_named_like_details_are_details() {
    let encoded = |detail: &Detail| STANDARD.encode(detail.value());
    let debug = Detail::from(rpc::DebugInfo { detail: "d".into(), ..Default::default() });
    let info = |reason| info(reason, "a.example");
    let mut headers = HeaderMap::new();
    Status { code: Code::NotFound, message: "m".into(), details: [info("IN_LIST")].into_iter().collect() }
        .write_to(&mut headers);
    for (name, value) in [
        ("google.rpc.debuginfo-bin", encoded(&debug)),
        ("google.rpc.errorinfo-bin", encoded(&info("AS_FIELD"))),
        ("google.rpc.help-bin", "@@@".to_owned()),
        ("google.rpc.of-nobody-bin", encoded(&debug)),
    ] {
        headers.append(name, value.parse().unwrap());
    }
    let received = Received::from_headers(&headers);
    assert_eq!(received.details[..], [info("IN_LIST"), debug], "if the list lacks the type");
    assert_eq!(received.notes.len(), 1, "{:?}", received.notes);
}
