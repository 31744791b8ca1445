//! An error must arrive: docs/rules.md, R-BUDGET-1 to R-BUDGET-3.

use std::{collections::BTreeMap, time::Duration};

use errwire::{
    Audience, Catalog, Code, Detail, Error, HttpStatus, Kind, Policy, ReadOptions, Report, Translator,
    WriteGrpcOptions, kinds, rpc,
    wire::grpc::{Received, Trailers},
};

/// As HTTP/2 counts: RFC 9113, section 6.5.2.
fn size(trailers: &Trailers) -> usize {
    let fields = [
        ("grpc-status", trailers.grpc_status.len()),
        ("grpc-message", trailers.grpc_message.len()),
        ("grpc-status-details-bin", trailers.grpc_status_details_bin.len()),
    ];
    fields.iter().map(|(name, value)| name.len() + value + 32).sum()
}

/// Sends an error within a budget and reads it as the peer does.
fn arrived(error: &Error, budget: usize) -> (Error, Report) {
    let mut policy = Policy::default();
    policy.budget = budget;
    let translator = Translator::with_policy(Catalog::builtin(), policy);
    let (status, report) = translator.write_grpc_with(error, &WriteGrpcOptions::new(Audience::Internal));
    let trailers = status.to_trailers();
    assert!(size(&trailers) <= budget, "{} of {budget}", size(&trailers));
    let (read, reading) = translator.read_grpc_with(Received::from_trailers(&trailers), &ReadOptions::new()).unwrap();
    assert!(!reading.mismatch, "both places are cut alike");
    assert!(reading.notes.is_empty(), "{:?}", reading.notes);
    assert_eq!(read.metadata().contains_key("trimmed"), !report.trimmed.is_empty());
    (read, report)
}

fn is_cut_of(message: &str, whole: &str) -> bool {
    let start = message.strip_suffix('…').or_else(|| message.strip_suffix("..."));
    message == whole || start.is_some_and(|start| whole.starts_with(start))
}

#[test]
fn the_ladder_of_sizes() {
    let charsets = ["a", "{\"k\": \"v\"}, ", "任务", "😈", "\u{1}\n"];
    let sizes = [0, 1, 100, 1_000, 3_000, 7_000, 7_168, 16_384, 65_536];
    let details = [0, 100, 1_000, 3_000, 7_000, 32_768, 262_144];
    for charset in charsets {
        for length in sizes {
            let message = charset.repeat(length / charset.len());
            for details in details {
                let error = Error::new(kinds::TASK_NOT_FOUND)
                    .with_status(HttpStatus::new(410).unwrap())
                    .with_message(&*message)
                    .with_metadata("task_id", "7")
                    .with_detail(rpc::DebugInfo { detail: "d".repeat(details / 4), stack_entries: vec![] })
                    .with_detail(Detail::new("type.example.com/acme.Custom", vec![0xff; details / 4]))
                    .with_detail(many_violations(details / 4))
                    .with_detail(rpc::ResourceInfo { description: charset.repeat(details / 8), ..Default::default() })
                    .with_retry_after(Duration::from_secs(42));
                let (read, report) = arrived(&error, 7_168);
                assert_eq!((read.code(), read.kind()), (Code::NotFound, &kinds::TASK_NOT_FOUND));
                assert_eq!((read.status().as_u16(), read.domain()), (410, Some("errwire.dev")));
                assert_eq!(read.retry_after(), Some(Duration::from_secs(42)));
                assert_eq!(read.metadata().get("task_id").map(|id| &**id), Some("7"));
                assert!(is_cut_of(&read.message(), &message), "{charset:?} {length} {details}");
                if length <= 100 && details <= 1_000 {
                    assert!(report.trimmed.is_empty(), "{charset:?} {length} {details}: {:?}", report.trimmed);
                    assert_eq!(read.message(), message);
                }
            }
        }
    }
}

// docs/rules.md: R-BUDGET-1
#[test]
fn what_fits_is_left_alone() {
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("m".repeat(2_000)).with_detail(debug(3_400));
    let (read, report) = arrived(&error, 7_168);
    assert!(report.trimmed.len() == 1 || read.details().len() == 2, "{:?}", report.trimmed);
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("m".repeat(1_000)).with_detail(debug(3_000));
    let (read, report) = arrived(&error, 7_168);
    assert!(report.trimmed.is_empty());
    assert_eq!((read.details().len(), read.message().len()), (2, 1_000));
}

fn debug(bytes: usize) -> Detail {
    rpc::DebugInfo { detail: "x".repeat(bytes), stack_entries: Vec::new() }.into()
}

fn many_violations(bytes: usize) -> Detail {
    let violation = |n: usize| rpc::bad_request::FieldViolation {
        field: format!("tasks[{n:05}]"),
        description: "must be set".into(),
        ..Default::default()
    };
    rpc::BadRequest { field_violations: (0..bytes / 28).map(violation).collect() }.into()
}

/// The steps in the order in which they are given up, each of about 3,300 bytes: one fits, two do not.
fn steps() -> Vec<(&'static str, Detail)> {
    let text = "x".repeat(3_300);
    let link = rpc::help::Link { description: text.clone(), url: "https://a.example".into() };
    let other = rpc::ErrorInfo {
        reason: "OTHER_KIND".into(),
        domain: "other.example".into(),
        metadata: BTreeMap::from([("key".into(), text.clone())]),
    };
    vec![
        ("DebugInfo", debug(3_300)),
        ("HttpResponse", rpc::HttpResponse { status: 410, body: text.clone().into(), ..Default::default() }.into()),
        ("Help", rpc::Help { links: vec![link] }.into()),
        ("LocalizedMessage", rpc::LocalizedMessage { locale: "de".into(), message: text.clone() }.into()),
        ("acme.Custom", Detail::new("type.example.com/acme.Custom", text.clone())),
        ("ErrorInfo", other.into()),
        ("BadRequest", many_violations(3_300)),
        ("ResourceInfo", rpc::ResourceInfo { description: text.clone(), ..Default::default() }.into()),
        ("RequestInfo", rpc::RequestInfo { serving_data: text, ..Default::default() }.into()),
    ]
}

/// An `HttpResponse` says the status that the error has.
fn with_step(error: Error, detail: &Detail) -> Error {
    let gone = HttpStatus::new(410).unwrap();
    let error = if detail.is::<rpc::HttpResponse>() { error.with_status(gone) } else { error };
    error.with_detail(detail.clone())
}

// docs/rules.md: R-BUDGET-2
#[test]
fn the_order_in_which_things_go() {
    let steps = steps();
    for (at, (first, early)) in steps.iter().enumerate() {
        for (second, late) in &steps[at + 1..] {
            if (*first, *second) == ("acme.Custom", "ErrorInfo") {
                continue; // One step.
            }
            // The order among the details does not matter.
            for details in [[early, late], [late, early]] {
                let mut error = Error::new(kinds::TASK_NOT_FOUND).with_message("m");
                for detail in details {
                    error = with_step(error, detail);
                }
                let (read, report) = arrived(&error, 7_168);
                assert!(read.details().contains(late), "{second} stays while there is {first}: {:?}", report.trimmed);
                assert!(!read.details().contains(early), "{first} goes before {second}");
                assert_eq!(read.message(), "m");
                // The names are not fixed by the page: those of unknown types may stand together.
                let name = if *first == "acme.Custom" { "unknown types" } else { first };
                assert!(report.trimmed.iter().any(|went| went.contains(name)), "{name}: {:?}", report.trimmed);
                assert!(read.metadata()["trimmed"].contains(name), "{name}: {}", read.metadata()["trimmed"]);
                assert!(!report.trimmed.iter().any(|went| went.contains(second) && !first.contains(second)));
                if *first == "HttpResponse" {
                    let kept = read.detail::<rpc::HttpResponse>().unwrap();
                    assert_eq!((kept.status, kept.body.len(), read.status().as_u16()), (410, 0, 410));
                }
                if *first == "BadRequest" {
                    let whole = error.field_violations();
                    let kept = read.field_violations();
                    assert!(!kept.is_empty() && kept.len() < whole.len(), "{} of {}", kept.len(), whole.len());
                    assert_eq!(kept[..], whole[..kept.len()], "from the end");
                }
            }
        }
    }
}

#[test]
fn the_message_is_cut_after_the_details_and_before_the_metadata() {
    for (name, detail) in steps() {
        let error = with_step(Error::new(kinds::TASK_NOT_FOUND).with_message("é".repeat(400)), &detail);
        let error = error.with_metadata("key", "v".repeat(2_000));
        let (read, _) = arrived(&error, 7_168);
        assert_eq!(read.message(), "é".repeat(400), "{name} goes before the message");
        assert_eq!(read.metadata()["key"].len(), 2_000, "{name} goes before the metadata");
    }
    let long = "é".repeat(2_000);
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message(&*long).with_metadata("key", "v".repeat(3_000));
    let (read, report) = arrived(&error, 7_168);
    assert_eq!(read.metadata()["key"].len(), 3_000);
    assert!(is_cut_of(&read.message(), &long) && read.message().chars().count() > 50, "{}", read.message());
    assert!(report.trimmed.iter().any(|name| name.contains("message")), "{:?}", report.trimmed);
}

// docs/rules.md: R-BUDGET-3
#[test]
fn the_least_always_arrives() {
    let kind = Kind::new(&"k".repeat(63)).unwrap();
    let info = rpc::ErrorInfo {
        reason: kind.reason().into_owned(),
        domain: "widgets.example".into(),
        metadata: (0..500).map(|n| (format!("key_{n}"), "v".repeat(100))).collect(),
    };
    let error = Error::new(kind.clone())
        .with_code(Code::Unavailable)
        .with_status(HttpStatus::new(418).unwrap())
        .with_message("☺".repeat(30_000))
        .with_detail(rpc::RetryInfo::default())
        .with_detail(rpc::RetryInfo { retry_delay: Some(prost_types::Duration { seconds: 7, nanos: 5 }) })
        .with_detail(rpc::RetryInfo { retry_delay: Some(prost_types::Duration { seconds: 8, nanos: 0 }) })
        .with_detail(info);
    for budget in [1_024, 2_048, 3_584, 7_168, 8_192] {
        let (read, _) = arrived(&error, budget);
        assert_eq!((read.kind(), read.code(), read.domain()), (&kind, Code::Unavailable, Some("widgets.example")));
        assert_eq!((read.status().as_u16(), read.retry_after()), (418, Some(Duration::new(7, 5))));
    }
}

/// A DNS name has at most 253 bytes (RFC 1035, 2.3.4: 255 octets on the wire, with the length of the first label and the root).
// docs/rules.md: R-BUDGET-2, R-BUDGET-3
#[test]
fn a_domain_without_end_is_cut_to_the_longest_name() {
    let info = |domain: String| rpc::ErrorInfo { reason: "TASK_NOT_FOUND".into(), domain, ..Default::default() };
    let details = |domain| Error::new(kinds::TASK_NOT_FOUND).with_message("m").with_detail(info(domain));
    let (read, report) = arrived(&details("d".repeat(20_000)), 7_168);
    assert_eq!((read.kind().as_str(), read.domain()), ("task_not_found", Some(&*"d".repeat(253))));
    assert!(report.trimmed.contains(&"domain".to_owned()), "{:?}", report.trimmed);
    // Not within a character: 84 of three bytes are 252.
    let (read, _) = arrived(&details("任".repeat(10_000)), 7_168);
    assert_eq!(read.domain(), Some(&*"任".repeat(84)));
    let (read, report) = arrived(&details("d".repeat(253)), 7_168);
    assert_eq!((read.domain(), report.trimmed.len()), (Some(&*"d".repeat(253)), 0));
}

/// Found by fuzzing: reason, domain and status can be read of details that are broken elsewhere.
#[test]
fn the_least_of_broken_details_arrives() {
    let no_text: Vec<u8> = [&b"\x1a\x82\x80\x01"[..], &[0xff; 16_386]].concat();
    let broken = |detail: Detail| Detail::new(detail.type_url(), [&detail.value()[..], &no_text].concat());
    let info = rpc::ErrorInfo { reason: "OF_OTHERS".into(), domain: "d.example".into(), ..Default::default() };
    let response = rpc::HttpResponse { status: 418, ..Default::default() };
    let error = Translator::default().read_grpc(errwire::wire::grpc::Status {
        code: Code::NotFound,
        message: "m".into(),
        details: [info.into(), response.into()].into_iter().map(broken).collect(),
    });
    assert_eq!((error.kind().as_str(), error.status().as_u16()), ("of_others", 418));
    let (read, report) = arrived(&error, 7_168);
    assert_eq!((read.kind().as_str(), read.status().as_u16(), read.domain()), ("of_others", 418, Some("d.example")));
    assert_eq!(report.trimmed, ["HttpResponse", "message", "metadata"]);
}

#[test]
fn a_hundred_thousand_small_details_are_trimmed() {
    let mut error = Error::new(kinds::TASK_NOT_FOUND).with_message("m");
    for _ in 0..100_000 {
        error = error.with_detail(Detail::new("", &b""[..]));
    }
    assert_eq!(arrived(&error, 7_168).0.kind(), "task_not_found");
}

#[test]
fn other_fields_of_the_block_take_their_part() {
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("m").with_detail(debug(3_300));
    let translator = Translator::default();
    for reserved in [0, 1_000, 3_000, 6_000] {
        let options = WriteGrpcOptions::new(Audience::Internal).with_reserved(reserved);
        let (status, report) = translator.write_grpc_with(&error, &options);
        assert!(size(&status.to_trailers()) + reserved <= 7_168, "{reserved}");
        assert_eq!(report.trimmed.is_empty(), reserved <= 1_000, "{reserved}");
    }
    for reserved in [7_168, 1_000_000, usize::MAX] {
        let options = WriteGrpcOptions::new(Audience::Internal).with_reserved(reserved);
        let (status, _) = translator.write_grpc_with(&error, &options);
        assert_eq!(translator.read_grpc(status).kind(), "task_not_found", "the least arrives all the same");
    }
}

#[test]
fn the_header_of_an_http_response_fits_too() {
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("m".repeat(20_000)).with_detail(debug(20_000));
    let response = Translator::default().write_http(&error);
    let value = response.headers().get("grpc-status-details-bin").unwrap();
    assert!("grpc-status-details-bin".len() + value.len() + 32 <= 7_168, "{}", value.len());
    assert_eq!(Translator::default().read_http(&response).unwrap().kind(), "task_not_found");
}
