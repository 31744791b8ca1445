//! `Error` to gRPC: docs/rules.md, R-WRITE-GRPC-1 to R-WRITE-GRPC-3.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use errwire::{
    Catalog, Code, Detail, Error, HttpStatus, Kind, KindEntry, Policy, ReadOptions, Retry, Translator, kinds, rpc,
    wire::grpc::{Received, Status, Trailers},
};
use http::Response;
use prost::Message;

fn info(reason: &str, domain: &str) -> rpc::ErrorInfo {
    rpc::ErrorInfo { reason: reason.into(), domain: domain.into(), metadata: BTreeMap::new() }
}

fn http(status: i32, reason: &str) -> rpc::HttpResponse {
    rpc::HttpResponse { status, reason: reason.into(), ..Default::default() }
}

fn written(error: &Error) -> Vec<Detail> {
    let status = Translator::default().write_grpc(error);
    assert_eq!((status.code, &*status.message), (error.code(), &*error.message()));
    status.details.to_vec()
}

fn foreign(name: &str) -> Error {
    Error::new(Kind::new(name).unwrap())
}

// docs/rules.md: R-WRITE-GRPC-1
#[test]
fn an_error_info_is_put_in_front() {
    let debug = Detail::from(rpc::DebugInfo { detail: "d".into(), ..Default::default() });
    let error = Error::new(kinds::TASK_NOT_FOUND).with_metadata("task_id", "7").with_detail(debug.clone());
    let mut named = info("TASK_NOT_FOUND", "errwire.dev");
    named.metadata.insert("task_id".into(), "7".into());
    assert_eq!(written(&error), [named.into(), debug]);
}

#[test]
fn every_listed_kind_needs_its_error_info_and_nothing_else() {
    for kind in Catalog::builtin().iter() {
        let details = written(&Error::new(kind.clone()));
        assert_eq!(details, [Detail::from(info(&kind.as_str().to_uppercase(), "errwire.dev"))], "{kind}");
    }
    let details = written(&foreign("http_418"));
    assert_eq!(details, [Detail::from(info("HTTP_418", "errwire.dev"))]);
}

// docs/rules.md: R-WRITE-GRPC-1
#[test]
fn an_error_info_that_names_the_kind_stays_alone() {
    let ours = Detail::from(info("TASK_NOT_FOUND", "errwire.dev"));
    let unknown = Detail::new("a.example/acme.Custom", &b"\xff"[..]);
    let error = Error::new(kinds::TASK_NOT_FOUND).with_detail(unknown.clone()).with_detail(ours.clone());
    assert_eq!(written(&error), [unknown, ours]);

    let theirs = Detail::from(info("WIDGET_JAMMED", "widgets.example"));
    let error = foreign("widget_jammed").with_detail(theirs.clone());
    assert_eq!(written(&error), std::slice::from_ref(&theirs), "we do not claim other people's errors");
    let error = Error::new(kinds::NOT_FOUND).with_detail(info("NOT_FOUND", "widgets.example"));
    assert_eq!(written(&error), [Detail::from(info("NOT_FOUND", "widgets.example"))]);

    let error = Error::new(kinds::TASK_NOT_FOUND).with_detail(theirs.clone());
    assert_eq!(written(&error), [Detail::from(info("TASK_NOT_FOUND", "errwire.dev")), theirs]);
}

#[test]
fn an_error_info_that_names_no_kind_is_kept_behind_ours() {
    for (reason, why) in [("task_not_found", "lower case"), ("", "empty"), ("Task.NotFound", "another spelling")] {
        let invalid = Detail::from(info(reason, "errwire.dev"));
        let error = Error::new(kinds::TASK_NOT_FOUND).with_detail(invalid.clone());
        assert_eq!(written(&error), [Detail::from(info("TASK_NOT_FOUND", "errwire.dev")), invalid], "{why}");
    }
}

/// A process that has only the built-in kinds finds the status of every other.
#[test]
fn a_kind_of_ones_own_keeps_its_status_without_its_catalog() {
    let entry = |name: &str, status, code| {
        let status = HttpStatus::new(status).unwrap();
        KindEntry::new(name.to_owned(), "a.example".into(), status, code, "Do this.".to_owned().into())
    };
    let catalog = Catalog::with_entries([
        entry("quota_unpaid", 402, Code::FailedPrecondition),
        entry("quota_spent", 429, Code::ResourceExhausted),
        // Those that replace a built-in kind, with another status than it has.
        entry("task_not_found", 410, Code::NotFound),
        entry("gone", 410, Code::NotFound),
    ]);
    let with_it = Translator::new(catalog.clone());
    // Name, status, and whether `google.rpc.Code` or the built-in kind of that name says it.
    let rows = [
        ("quota_unpaid", 402, false),
        ("quota_spent", 429, true),
        ("task_not_found", 410, false),
        ("gone", 410, true),
        // Not the status that the catalog has.
        ("task_not_found", 404, false),
        ("gone", 404, false),
    ];
    for (name, status, is_known) in rows {
        let error = Error::new(catalog.get(name).unwrap()).with_status(HttpStatus::new(status).unwrap());
        let written = with_it.write_grpc(&error);
        assert_eq!(written.details.iter().any(Detail::is::<rpc::HttpResponse>), !is_known, "{name} {status}");
        for reader in [&with_it, &Translator::default()] {
            assert_eq!(reader.read_grpc(written.clone()).status().as_u16(), status, "{name} {status}");
            // Over HTTP, details count only if they say the status of the response.
            let read = reader.read_http(&with_it.write_http(&error.clone().with_metadata("key", "value"))).unwrap();
            assert_eq!(read.metadata().len(), 1, "{name} {status}");
        }
    }
}

#[test]
fn the_domain_is_the_catalogs() {
    let status = HttpStatus::new(409).unwrap();
    let text = "The job runs. Wait until it ends.".to_owned();
    let entry = KindEntry::new("job_running".into(), "api.example.com".into(), status, Code::Aborted, text.into());
    let catalog = Catalog::with_entries([entry]);
    let kind = catalog.get("job_running").unwrap();
    let mut policy = Policy::default();
    policy.domain = "house.example".into();
    let translator = Translator::with_policy(catalog, policy);
    let domain = |error: Error| translator.write_grpc(&error).details[0].decode::<rpc::ErrorInfo>().unwrap().domain;
    assert_eq!(domain(Error::new(kind)), "api.example.com");
    assert_eq!(domain(foreign("widget_jammed")), "house.example", "of kinds that no catalog has");
}

// docs/rules.md: R-WRITE-GRPC-2
#[test]
fn an_http_response_goes_to_the_end_where_the_status_would_be_lost() {
    let rows = [
        (Error::new(kinds::TASK_NOT_FOUND).with_status(HttpStatus::new(410).unwrap()), Some(http(410, "Gone"))),
        // The kind's status counts only with the kind's code: without the detail this is code.proto's 403.
        (Error::new(kinds::PAYMENT_REQUIRED).with_code(Code::PermissionDenied), Some(http(402, "Payment Required"))),
        (foreign("widget_jammed").with_code(Code::NotFound).with_status(HttpStatus::new(404).unwrap()), None),
        (
            foreign("widget_jammed").with_code(Code::NotFound).with_status(HttpStatus::new(422).unwrap()),
            Some(http(422, "Unprocessable Content")),
        ),
        (Error::new(kinds::NOT_FOUND).with_code(Code::Internal).with_status(HttpStatus::new(500).unwrap()), None),
        (Error::new(kinds::TASK_NOT_FOUND).with_code(Code::NotFound), None),
    ];
    for (error, expected) in rows {
        let details = written(&error);
        let last = details.last().unwrap().decode::<rpc::HttpResponse>();
        assert_eq!(last.as_ref().map(|last| last.status), expected.as_ref().map(|http| http.status), "{error:?}");
        assert_eq!(details.len(), 1 + usize::from(expected.is_some()));
        if let (Some(last), Some(expected)) = (last, expected) {
            assert_eq!(last.reason, expected.reason);
            assert!(last.body.is_empty());
        }
    }
}

#[test]
fn an_http_response_detail_with_the_status_is_not_repeated() {
    let error = Error::new(kinds::TASK_NOT_FOUND)
        .with_status(HttpStatus::new(410).unwrap())
        .with_detail(http(410, "Gone"))
        .with_detail(rpc::Help::default());
    let details = written(&error);
    assert_eq!(details[1..], [Detail::from(http(410, "Gone")), rpc::Help::default().into()]);
}

#[test]
fn a_spelling_and_a_foreign_body_travel_in_the_http_response() {
    let translator = Translator::default();
    let spelled = r#"{"kind":"Task.NotFound","message":"m"}"#;
    let html = "<html><body>upstream melted</body></html>";
    for (content_type, body, kind) in
        [("application/json", spelled, "task_not_found"), ("text/html", html, "unimplemented")]
    {
        let response = Response::builder().status(404).header("content-type", content_type);
        let error = translator.read_http(&response.body(Bytes::from(body)).unwrap()).unwrap();
        assert_eq!(error.kind(), kind);
        let details = translator.write_grpc(&error).details;
        let found: Vec<_> = details.iter().filter_map(Detail::decode::<rpc::HttpResponse>).collect();
        assert_eq!(found.len(), 1, "{details:?}");
        assert_eq!(found[0].status, 404);
        let kept = format!("{:?}", found[0]);
        let needle = if kind == "unimplemented" { "upstream melted" } else { "Task.NotFound" };
        assert!(kept.contains(needle), "{kept}");
        assert!(details.last().unwrap().is::<rpc::HttpResponse>());
    }
    let ours = Response::builder().status(404).header("content-type", "application/json");
    let ours = ours.body(Bytes::from(r#"{"kind":"task_not_found","message":"m"}"#)).unwrap();
    let details = translator.write_grpc(&translator.read_http(&ours).unwrap()).details;
    assert_eq!(details.to_vec(), [Detail::from(info("TASK_NOT_FOUND", "errwire.dev"))]);
}

// docs/rules.md: R-WRITE-GRPC-2
#[test]
fn at_most_2_kib_of_a_foreign_body_are_kept() {
    let translator = Translator::default();
    let response = Response::builder().status(502).header("content-type", "text/html");
    let error = translator.read_http(&response.body(Bytes::from("é".repeat(20_000))).unwrap()).unwrap();
    let details = translator.write_grpc(&error).details;
    let kept = details.iter().find_map(Detail::decode::<rpc::HttpResponse>).unwrap().body;
    assert!(!kept.is_empty() && kept.len() <= 2_048, "{}", kept.len());
    assert!(std::str::from_utf8(&kept).is_ok(), "cut on a UTF-8 boundary");
}

#[test]
fn an_empty_message_stays_empty() {
    let status = Status { code: Code::NotFound, message: "".into(), details: Default::default() };
    let translator = Translator::default();
    let again = translator.write_grpc(&translator.read_grpc(status));
    assert_eq!((again.code, &*again.message), (Code::NotFound, ""));
}

/// Decodes by the grammar of gRPC's PROTOCOL-HTTP2.md, strictly.
fn unescaped(value: &str) -> String {
    let mut bytes = value.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        assert!((0x20..=0x7e).contains(&byte), "{byte:#x} on the wire");
        if byte == b'%' {
            let hex = [bytes.next().unwrap(), bytes.next().unwrap()];
            decoded.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).unwrap()
}

// docs/rules.md: R-WRITE-GRPC-3
#[test]
fn the_wire_form_is_consistent() {
    let messages = [
        "",
        "plain",
        "100% \"quoted\" <b> #`{}?",
        "%41 is not an A",
        "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
        "\0\u{1}\u{7f}\u{80}\u{2028}",
        " padded ",
        "任务不存在",
    ];
    for message in messages {
        let error = Error::new(kinds::TASK_NOT_FOUND).with_message(message).with_metadata("k", message);
        let trailers = Translator::default().write_grpc(&error).to_trailers();
        let Trailers { grpc_status, grpc_message, grpc_status_details_bin } = &trailers;
        assert_eq!(grpc_status, "5");
        assert_eq!(unescaped(grpc_message), message);
        assert_eq!(grpc_message.trim(), grpc_message, "blanks at the ends get lost on the way");
        assert!(!grpc_status_details_bin.contains(['=', ',', '-', '_']), "{grpc_status_details_bin}");
        let inner = rpc::Status::decode(&*STANDARD_NO_PAD.decode(grpc_status_details_bin).unwrap()).unwrap();
        assert_eq!((inner.code, &*inner.message, inner.details.len()), (5, message, 1));
        let read = Translator::default().read_grpc_with(Received::from_trailers(&trailers), &ReadOptions::new());
        let (read, report) = read.unwrap();
        assert_eq!((&*read.message(), read.kind().as_str(), report.mismatch), (message, "task_not_found", false));
    }
}

#[test]
fn a_status_encodes_as_google_rpc_status() {
    let detail = Detail::new("a.example/acme.Custom", &b"\x08\x01"[..]);
    let status = Status { code: Code::NotFound, message: "m".into(), details: [detail].into_iter().collect() };
    // code = 1: 5, message = 2: "m", details = 3: { type_url = 1, value = 2 }
    let expected = b"\x08\x05\x12\x01m\x1a\x1b\x0a\x15a.example/acme.Custom\x12\x02\x08\x01";
    assert_eq!(&*status.encode(), expected);
    let back = Received::decode(status.encode()).unwrap();
    assert_eq!(back, Received::from(status));
}

// docs/rules.md: R-CATALOG-5
#[test]
fn a_delay_of_the_catalog_is_added_where_an_error_is_made() {
    let (status, seven) = (HttpStatus::new(503).unwrap(), Duration::from_secs(7));
    let mut entry =
        KindEntry::new("job_waits".into(), "api.example.com".into(), status, Code::Unavailable, "M.".to_owned().into());
    entry.retry = Retry::AfterDelay(seven);
    let translator = Translator::new(Catalog::with_entries([entry]));
    let made = Error::new(translator.catalog().get("job_waits").unwrap());
    assert_eq!(made.retry_after(), Some(seven));

    let details = [Detail::from(info("JOB_WAITS", "api.example.com"))].into_iter().collect();
    let read = translator.read_grpc(Status { code: Code::Unavailable, message: "m".into(), details });
    assert_eq!((read.kind().as_str(), read.retry_after()), ("job_waits", None), "a translation adds none");
}
