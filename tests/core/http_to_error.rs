//! HTTP to `Error`, apart from the dialects: docs/rules.md, R-READ-HTTP-1 to R-BODY-4.

use std::io::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use errwire::{
    Code, Detail, Error, ReadOptions, Report, StatusTable, Translator, kinds, rpc,
    translate::{Basis, Rule},
};
use http::{HeaderMap, HeaderName, HeaderValue};
use prost::Message;

use crate::spec::{intermediary, origin};

const JSON: &str = "application/json";
const HTML: &str = "<html><body><h1>Oops</h1><p>nginx/1.25</p></body></html>";
const OURS: &str = r#"{"kind":"widget_jammed","message":"Open the lid."}"#;

fn headers(fields: &[(&str, &str)]) -> HeaderMap {
    let field =
        |(name, value): &(&str, &str)| (HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap());
    fields.iter().map(field).collect()
}

fn read_by(options: &ReadOptions, status: u32, fields: &[(&str, &str)], body: &str) -> (Error, Report) {
    let body = Bytes::copy_from_slice(body.as_bytes());
    Translator::default().read_http_with(status, &headers(fields), &body, options).unwrap()
}

fn read(status: u32, content_type: &str, body: &str) -> (Error, Report) {
    read_by(&ReadOptions::new(), status, &[("content-type", content_type)], body)
}

fn facts(error: &Error) -> (&str, Code, u16) {
    (error.kind().as_str(), error.code(), error.status().as_u16())
}

// docs/rules.md: R-READ-HTTP-1
#[test]
fn grpc_status_on_a_response_is_the_error() {
    for status in [200, 204, 400, 404, 502, 599] {
        let fields = [("grpc-status", "5"), ("grpc-message", "no%20task"), ("content-type", JSON)];
        let (error, report) = read_by(&ReadOptions::new(), status, &fields, OURS);
        // The status line's, if it is that of an error, else the code's.
        let status = if status < 400 { 404 } else { u16::try_from(status).unwrap() };
        assert_eq!((facts(&error), &*error.message()), (("not_found", Code::NotFound, status), "no task"), "{status}");
        assert_eq!(report.basis, Some(Basis::GrpcFields));
    }
    let (error, _) = read_by(&ReadOptions::new(), 200, &[("grpc-status", "05")], OURS);
    assert_eq!(error.code(), Code::Unknown, "an invalid value is read by section 3");
    // Where the status line says that this is an error, the rest of the response says which.
    for value in ["05", "0", "17", "x"] {
        let (error, report) = read_by(&ReadOptions::new(), 404, &[("grpc-status", value)], OURS);
        assert_eq!(facts(&error), ("widget_jammed", Code::NotFound, 404), "{value}");
        assert!(report.notes[0].contains("grpc-status"), "{:?}", report.notes);
    }
    let ok = headers(&[("grpc-status", "0")]);
    assert!(Translator::default().read_http_with(200, &ok, &Bytes::new(), &ReadOptions::new()).is_err());
}

// docs/rules.md: R-READ-HTTP-1
#[test]
fn details_that_agree_with_the_status_are_the_error() {
    let info = rpc::ErrorInfo { reason: "PAYMENT_REQUIRED".into(), domain: "errwire.dev".into(), ..Default::default() };
    let info = Detail::from(info);
    let any = prost_types::Any { type_url: info.type_url().into(), value: info.value().to_vec() };
    let bin = rpc::Status { code: 9, message: "pay".into(), details: vec![any] }.encode_to_vec();
    let bin = STANDARD_NO_PAD.encode(bin);
    let fields = |bin| [("grpc-status-details-bin", bin), ("content-type", JSON), ("retry-after", "7")];

    let (error, report) = read_by(&ReadOptions::new(), 402, &fields(&bin), OURS);
    assert_eq!((facts(&error), &*error.message()), (("payment_required", Code::FailedPrecondition, 402), "pay"));
    assert_eq!(error.details(), [info], "body and other headers add nothing");
    assert_eq!(report.basis, Some(Basis::GrpcFields));

    let (error, _) = read_by(&ReadOptions::new(), 403, &fields(&bin), OURS);
    assert_eq!(facts(&error), ("widget_jammed", Code::PermissionDenied, 403), "another status: not this error");
    let (error, _) = read_by(&ReadOptions::new(), 402, &fields("@@@"), OURS);
    assert_eq!(facts(&error), ("widget_jammed", Code::FailedPrecondition, 402));
    let below = headers(&fields(&bin));
    assert!(Translator::default().read_http_with(200, &below, &Bytes::new(), &ReadOptions::new()).is_err());
}

// docs/rules.md: R-READ-HTTP-2
#[test]
fn a_status_below_400_is_no_error() {
    for status in [0, 1, 99, 100, 101, 200, 204, 301, 304, 399] {
        for body in ["", OURS, HTML] {
            let fields = headers(&[("content-type", JSON)]);
            let read = Translator::default().read_http_with(status, &fields, &Bytes::from(body), &ReadOptions::new());
            assert!(read.is_err(), "{status} {body}");
        }
    }
    assert!(Translator::default().read_http(&http::Response::new(Bytes::new())).is_err());
}

// docs/rules.md: R-READ-HTTP-2
#[test]
fn a_status_above_599_is_unknown() {
    for status in [600, 601, 799, 999, 1_000, 65_536, 65_940, u32::MAX] {
        for (content_type, body) in [("text/html", HTML), ("text/html", "")] {
            let (error, report) = read(status, content_type, body);
            assert_eq!(facts(&error), ("unknown_error", Code::Unknown, 500), "{status}");
            assert!(report.notes.iter().any(|note| note.contains(&status.to_string())), "{:?}", report.notes);
        }
        let (error, report) = read(status, JSON, OURS);
        assert_eq!((error.code(), error.status().as_u16()), (Code::Unknown, 500), "{status}");
        assert!(report.notes.iter().any(|note| note.contains(&status.to_string())), "{:?}", report.notes);
    }
}

#[test]
fn an_api_means_the_origin_table() {
    for status in 400..=599 {
        let (error, report) = read(status.into(), JSON, OURS);
        assert_eq!(facts(&error), ("widget_jammed", origin(status).1, status));
        assert_eq!((&*error.message(), report.basis), ("Open the lid.", Some(Basis::Strong)));
        assert_eq!((report.kind_rule, report.code_rule), (Some(Rule::Body), Some(Rule::OriginTable)), "{status}");
        assert_eq!(report.status_rule, Some(Rule::StatusLine));

        // A number is not an identifier, so the evidence is weak.
        let (error, report) = read(status.into(), JSON, r#"{"code":1234,"message":"m"}"#);
        let (kind, code) = if status == 504 { intermediary(status) } else { origin(status) };
        assert_eq!(facts(&error), (&*kind, code, status), "a number is not a kind");
        let rule = if status == 504 { Rule::CodeFallback } else { Rule::StatusFallback };
        assert_eq!((report.kind_rule, report.basis), (Some(rule), Some(Basis::Weak)), "{status}");
    }
}

#[test]
fn a_proxy_means_the_intermediary_table() {
    for status in 400..=599 {
        for (content_type, body) in
            [("text/html", HTML), ("text/html", ""), (JSON, ""), (JSON, HTML), ("text/plain", "upstream error")]
        {
            let (error, report) = read(status.into(), content_type, body);
            let (kind, code) = intermediary(status);
            assert_eq!(facts(&error), (&*kind, code, status), "{content_type} {body}");
            assert_eq!((report.basis, report.code_rule), (Some(Basis::None), Some(Rule::IntermediaryTable)));
        }
    }
}

// docs/rules.md: R-READ-HTTP-5
#[test]
fn an_html_404_is_unimplemented() {
    let (error, _) = read(404, "text/html", HTML);
    assert_eq!(facts(&error), ("unimplemented", Code::Unimplemented, 404));
}

// docs/rules.md: R-READ-HTTP-3
#[test]
fn weak_evidence_is_the_origin_table_but_for_gateway_statuses() {
    let bodies = [r#"{"message":"Text."}"#, r#"{"detail":"Text."}"#, r#"{"error":"Text with blanks."}"#];
    for body in bodies {
        for status in 400..=599 {
            let gateway = [502, 503, 504].contains(&status);
            let (kind, code) = if gateway { intermediary(status) } else { origin(status) };
            let (error, report) = read(status.into(), JSON, body);
            assert_eq!(facts(&error), (&*kind, code, status), "{body}");
            assert_eq!(report.basis, Some(Basis::Weak), "{body}");
        }
    }
}

// docs/rules.md: R-CODE-2, R-READ-HTTP-3
#[test]
fn the_caller_can_force_a_table() {
    let to_origin = ReadOptions::new().with_table(StatusTable::Origin);
    let to_proxy = ReadOptions::new().with_table(StatusTable::Intermediary);
    for status in 400..=599 {
        for (content_type, body) in [("text/html", HTML), ("text/html", ""), (JSON, r#"{"message":"m"}"#)] {
            let fields = [("content-type", content_type)];
            let (error, report) = read_by(&to_origin, status.into(), &fields, body);
            let (kind, code) = origin(status);
            assert_eq!(facts(&error), (&*kind, code, status), "{body}");
            assert_eq!(report.basis, Some(Basis::Forced));
            let (error, report) = read_by(&to_proxy, status.into(), &fields, body);
            let (kind, code) = intermediary(status);
            assert_eq!(facts(&error), (&*kind, code, status), "{body}");
            assert_eq!(report.basis, Some(Basis::Forced));
        }
        let (error, _) = read_by(&to_proxy, status.into(), &[("content-type", JSON)], OURS);
        assert_eq!(facts(&error), ("widget_jammed", intermediary(status).1, status), "the table decides the code only");
    }
}

// docs/rules.md: R-READ-HTTP-4, R-READ-HTTP-5
#[test]
fn the_code_first_then_the_kind() {
    let rows = [
        // What the dialect states, although the status says otherwise; the kind follows the code.
        (
            404,
            r#"{"error":{"code":404,"message":"m","status":"PERMISSION_DENIED"}}"#,
            "permission_denied",
            Code::PermissionDenied,
        ),
        (
            409,
            r#"{"error":{"code":409,"message":"m","status":"ALREADY_EXISTS"}}"#,
            "already_exists",
            Code::AlreadyExists,
        ),
        (410, r#"{"error":{"code":410,"message":"m","status":"NOT_FOUND"}}"#, "gone", Code::NotFound),
        (404, r#"{"code":"unavailable","message":"m"}"#, "service_unavailable", Code::Unavailable),
        (502, r#"{"code":"unavailable","message":"m"}"#, "bad_gateway", Code::Unavailable),
        (504, r#"{"code":"deadline_exceeded","message":"m"}"#, "deadline_exceeded", Code::DeadlineExceeded),
        (500, r#"{"code":5,"message":"m","details":[]}"#, "not_found", Code::NotFound),
        (408, r#"{"code":"canceled","msg":"m","meta":{}}"#, "request_cancelled", Code::Cancelled),
        // The catalog's, for a named kind whose status agrees; else the table's.
        (409, r#"{"kind":"already_exists","message":"m"}"#, "already_exists", Code::AlreadyExists),
        (402, r#"{"kind":"payment_required","message":"m"}"#, "payment_required", Code::FailedPrecondition),
        (500, r#"{"kind":"data_loss","message":"m"}"#, "data_loss", Code::DataLoss),
        (400, r#"{"kind":"out_of_range","message":"m"}"#, "out_of_range", Code::OutOfRange),
        (418, r#"{"kind":"http_418","message":"m"}"#, "http_418", Code::FailedPrecondition),
        (500, r#"{"kind":"task_not_found","message":"m"}"#, "task_not_found", Code::Internal),
        (409, r#"{"kind":"data_loss","message":"m"}"#, "data_loss", Code::Aborted),
        (504, r#"{"kind":"widget_jammed","message":"m"}"#, "widget_jammed", Code::DeadlineExceeded),
    ];
    for (status, body, kind, code) in rows {
        let (error, _) = read(status.into(), JSON, body);
        assert_eq!((facts(&error), &*error.message()), ((kind, code, status), "m"), "{body}");
    }
}

// docs/rules.md: R-READ-HTTP-6
#[test]
fn the_text_of_a_proxy_is_not_the_message() {
    for (status, kind) in [(404, kinds::UNIMPLEMENTED), (418, kinds::UNKNOWN_ERROR), (502, kinds::BAD_GATEWAY)] {
        let (error, _) = read(status, "text/html", HTML);
        assert_eq!(error.message(), Error::new(kind).message(), "the catalog's default");
        let kept = error.detail::<rpc::HttpResponse>().unwrap();
        let kept = (kept.status, String::from_utf8(kept.body.to_vec()).unwrap());
        assert!(kept.0 == i32::try_from(status).unwrap() && kept.1.contains("nginx/1.25"), "{kept:?}");
    }
}

// docs/rules.md: R-TERM-2, R-WRITE-GRPC-2
#[test]
fn foreign_spellings_are_folded_and_kept() {
    let long = format!("{{\"kind\":\"{}\",\"message\":\"m\"}}", "a".repeat(64));
    let rows = [
        ("Task.NotFound", Some("task_not_found")),
        ("resource-missing", Some("resource_missing")),
        ("TASK_NOT_FOUND", Some("task_not_found")),
        ("rateLimitExceeded", Some("rate_limit_exceeded")),
        ("  spaced  out  ", Some("spaced_out")),
        ("ab", None),
        ("42", None),
        ("---", None),
        ("", None),
    ];
    for (spelling, folded) in rows {
        let body = serde_json::json!({"kind": spelling, "message": "m"}).to_string();
        let (error, _) = read(404, JSON, &body);
        assert_eq!(facts(&error), (folded.unwrap_or("not_found"), Code::NotFound, 404), "{spelling}");
        // In the `HttpResponse`, or as the reason of the `ErrorInfo`, if that is how it was spelled.
        let kept = format!("{:?}", Translator::default().write_grpc(&error).details);
        assert!(folded.is_none() || kept.contains(spelling), "{spelling}: {kept}");
    }
    assert_eq!(facts(&read(404, JSON, &long).0), ("not_found", Code::NotFound, 404), "too long for a kind");
}

#[test]
fn a_name_that_no_kind_can_have_stays_in_the_body() {
    let too_long = "a".repeat(64);
    for name in ["日本", "7", too_long.as_str()] {
        let body = format!(r#"{{"kind":"{name}","message":"m"}}"#);
        let (error, _) = read(404, "application/json", &body);
        assert_eq!((error.kind(), error.message().as_ref()), (&kinds::NOT_FOUND, "m"));
        assert_eq!(error.detail::<rpc::HttpResponse>().unwrap().body, body);
    }
    let (error, _) = read(404, "application/json", r#"{"kind":"","message":"m"}"#);
    assert!(error.detail::<rpc::HttpResponse>().is_none());
}

// docs/rules.md: R-BODY-1
#[test]
fn json_is_read_under_any_type() {
    let fields: [&[(&str, &str)]; 5] = [
        &[],
        &[("content-type", "application/json")],
        &[("content-type", "Application/JSON; charset=utf-8")],
        &[("content-type", "application/problem+json")],
        &[("content-type", "application/vnd.acme.v1+json")],
    ];
    for fields in fields {
        let (error, _) = read_by(&ReadOptions::new(), 404, fields, OURS);
        assert_eq!(facts(&error), ("widget_jammed", Code::NotFound, 404), "{fields:?}");
    }
    for aws in ["application/x-amz-json-1.0", "application/x-amz-json-1.1"] {
        let (error, _) = read(404, aws, r#"{"__type":"ns#WidgetJammed","message":"m"}"#);
        assert_eq!(facts(&error), ("widget_jammed", Code::NotFound, 404), "{aws}");
    }
    // Bytes matter, labels do not.
    for other in ["text/html", "text/plain", "application/xml", "application/octet-stream", "text/json"] {
        assert_eq!(facts(&read(404, other, OURS).0), ("widget_jammed", Code::NotFound, 404), "{other}");
    }
    // A text alone is JSON only where the type says so.
    assert_eq!(facts(&read(404, "application/json", r#""none""#).0), ("not_found", Code::NotFound, 404));
    assert_eq!(facts(&read(404, "text/plain", r#""none""#).0), ("unimplemented", Code::Unimplemented, 404));
}

// docs/rules.md: R-READ-HTTP-7
#[test]
fn a_response_to_head_is_judged_by_its_type() {
    let mut to_head = ReadOptions::new();
    to_head.to_head = true;
    for (content_type, code) in
        [(JSON, Code::NotFound), ("application/problem+json", Code::NotFound), ("text/html", Code::Unimplemented)]
    {
        let (error, _) = read_by(&to_head, 404, &[("content-type", content_type)], "");
        assert_eq!(error.code(), code, "{content_type}");
    }
    assert_eq!(read(404, JSON, "").0.code(), Code::Unimplemented, "an empty body where one belongs is not evidence");
}

// docs/rules.md: R-BODY-2
#[test]
fn a_compressed_body_is_read() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(OURS.as_bytes()).unwrap();
    let fields = headers(&[("content-type", JSON), ("content-encoding", "gzip")]);
    let body = Bytes::from(gzip.finish().unwrap());
    let (error, _) = Translator::default().read_http_with(404, &fields, &body, &ReadOptions::new()).unwrap();
    assert_eq!((facts(&error), &*error.message()), (("widget_jammed", Code::NotFound, 404), "Open the lid."));
}

/// A JSON type promises an API, also where its content encoding cannot be undone; an unknown type promises nothing. By hand from
/// the tables of R-CODE-2: 404 is NOT_FOUND of an API, and UNIMPLEMENTED of a proxy.
// docs/rules.md: R-READ-HTTP-3
#[test]
fn a_json_type_counts_where_its_encoding_is_unknown() {
    for (media, code) in [(JSON, Code::NotFound), ("text/plain", Code::Unimplemented)] {
        let fields = headers(&[("content-type", media), ("content-encoding", "x-nobody-has-this")]);
        let body = Bytes::from_static(b"\x00\x01\x02");
        let (error, _) = Translator::default().read_http_with(404, &fields, &body, &ReadOptions::new()).unwrap();
        assert_eq!(error.code(), code, "{media}");
    }
}

/// The header names the error where the body does not
/// (<https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization>).
// docs/rules.md: R-READ-HTTP-3, R-DIALECT-2
#[test]
fn an_error_type_of_aws_is_strong_evidence() {
    let fields =
        headers(&[("content-type", JSON), ("x-amzn-errortype", "ThrottlingException:http://internal.example/")]);
    let body = Bytes::from_static(br#"{"message":"Rate exceeded"}"#);
    let (error, _) = Translator::default().read_http_with(429, &fields, &body, &ReadOptions::new()).unwrap();
    assert_eq!(facts(&error), ("throttling_exception", Code::ResourceExhausted, 429));
}
