//! Kind, status and details of a gRPC error: docs/rules.md, R-READ-GRPC-5 to R-READ-GRPC-7.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use errwire::{
    Catalog, Code, Detail, Error, HttpStatus, Policy, ReadOptions, Report, Translator, rpc,
    translate::Rule,
    wire::grpc::{Received, Status, Trailers},
};
use prost::Message;

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
    Translator::default().read_grpc_with(received, &ReadOptions::new()).unwrap()
}

fn trailers(status: &str, message: &str, details: &str) -> (Error, Report) {
    read(Received::from_trailers(&Trailers {
        grpc_status: status.to_owned().into(),
        grpc_message: message.into(),
        grpc_status_details_bin: details.into(),
    }))
}

// docs/rules.md: R-READ-GRPC-5
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
    assert_eq!(translator.read_grpc(status(Code::NotFound, details.clone())).kind(), "second_kind");

    let options = ReadOptions::new().with_domain("one.example");
    let read = Translator::default().read_grpc_with(status(Code::NotFound, details.clone()).into(), &options);
    assert_eq!(read.unwrap().0.kind(), "first_kind");
    assert_eq!(Translator::default().read_grpc(status(Code::NotFound, details)).kind(), "our_kind");
}

// docs/rules.md: R-READ-GRPC-7
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
        let error = Translator::default().read_grpc(status(Code::NotFound, [detail.clone()]));
        assert_eq!(error.kind(), kind, "{url}");
        assert_eq!(error.details(), [detail], "the prefix stays");
    }
}

// docs/rules.md: R-READ-GRPC-6
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
        let error = Translator::default().read_grpc(status(Code::NotFound, [http(no_error)]));
        assert_eq!(error.status(), HttpStatus::new(404).unwrap(), "{no_error}");
    }
}

// docs/rules.md: R-READ-GRPC-7
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
    assert_eq!(Translator::default().read_grpc(status(Code::NotFound, details.clone())).details(), details);
    assert_eq!(from_trailers.kind(), "task_not_found");
}
