//! What a public audience may see: docs/rules.md, R-PUBLIC-1 to R-PUBLIC-4.

use std::{collections::BTreeMap, time::Duration};

use errwire::{
    Audience, Catalog, Code, Detail, Error, HttpStatus, Kind, KindEntry, MessageTemplate, Translator, Visibility,
    WriteGrpcOptions, WriteHttpOptions, kinds, rpc, wire::grpc::Status,
};
use serde_json::Value;

const SECRET: &str = "s3cret";

fn entry(name: &str, status: u16, code: Code, visibility: Visibility) -> KindEntry {
    let text = MessageTemplate::from(format!("Default of {name}. Do this."));
    let mut entry = KindEntry::new(name.into(), "api.example.com".into(), HttpStatus::new(status).unwrap(), code, text);
    entry.visibility = visibility;
    entry
}

fn catalog() -> Catalog {
    Catalog::with_entries([
        entry("busy_public", 503, Code::Unavailable, Visibility::Public),
        entry("odd_public", 400, Code::Internal, Visibility::Public),
        entry("hidden_client", 404, Code::NotFound, Visibility::Internal),
    ])
}

fn error(name: &str) -> Error {
    Error::new(catalog().get(name).unwrap_or_else(|| Kind::new(name).unwrap()))
}

/// What a public caller gets over both wires: the message of each, the details, and all bytes of the HTTP response.
fn public(error: &Error) -> (String, Status, String) {
    let translator = Translator::new(catalog());
    let (status, report) = translator.write_grpc_with(error, &WriteGrpcOptions::new(Audience::Public));
    let options = WriteHttpOptions::new(Audience::Public).with_details();
    let (response, http_report) = translator.write_http_with(error, &options);
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body["kind"], error.kind().as_str());
    assert_eq!((response.status().as_u16(), status.code), (error.status().as_u16(), error.code()));
    assert!(!response.headers().contains_key("grpc-status-details-bin"));
    let message = body["message"].as_str().unwrap().to_owned();
    if *message != *error.message() {
        assert!(!report.redacted.is_empty() && !http_report.redacted.is_empty(), "what is withheld is reported");
    }
    (message, status, format!("{:?} {}", response.headers(), body))
}

// docs/rules.md: R-PUBLIC-2, R-PUBLIC-3
#[test]
fn which_messages_are_withheld() {
    let status = |error: Error, status| error.with_status(HttpStatus::new(status).unwrap());
    let unknown = || error("widget_jammed").with_code(Code::NotFound);
    let rows = [
        // Kept: the kinds are public, with a code that says that the caller is at fault.
        (error("task_not_found"), true, ""),
        (error("payment_required"), true, ""),
        (error("http_418"), true, ""),
        (error("busy_public"), true, "5xx, but the catalog says public"),
        (error("odd_public"), true, "INTERNAL, but the catalog lists the kind as public with that very code"),
        (status(unknown(), 404), true, "no catalog, below 500"),
        (status(unknown(), 499), true, "no catalog, below 500"),
        // Replaced: the kind is internal.
        (error("internal_error"), false, "5xx"),
        (error("service_unavailable"), false, "5xx"),
        (error("deadline_exceeded"), false, "5xx"),
        (error("http_599"), false, "5xx"),
        (error("hidden_client"), false, "the catalog says internal"),
        (status(error("internal_error"), 404), false, "internal, whatever the status is"),
        // Replaced: no catalog has the kind, 500 or more.
        (status(unknown(), 500), false, "no catalog, 500"),
        (status(unknown(), 503).with_code(Code::Unavailable), false, "no catalog, 503"),
        // Replaced: a failure of the server does not become public by the name of a fault of the caller.
        (status(error("task_not_found"), 503), false, "5xx under the name of a 404"),
        (status(error("rate_limited"), 503).with_code(Code::Unavailable), false, "5xx under the name of a 429"),
        (status(error("odd_public"), 503), false, "5xx under the name of a 400"),
        (status(error("busy_public"), 502), true, "another 5xx than that of a public kind"),
        // Replaced: a code that tells of the inside.
        (status(unknown(), 404).with_code(Code::Unknown), false, "UNKNOWN"),
        (status(unknown(), 404).with_code(Code::Internal), false, "INTERNAL"),
        (status(unknown(), 404).with_code(Code::DataLoss), false, "DATA_LOSS"),
        (error("task_not_found").with_code(Code::Internal), false, "public, but with another code"),
        (error("busy_public").with_code(Code::Unknown), false, "public, but with another code"),
        (error("odd_public").with_code(Code::DataLoss), false, "public, but with another code"),
    ];
    for (error, kept, why) in rows {
        let error = error.with_message(SECRET).with_metadata("key", SECRET).with_field_violation("f", SECRET);
        let (message, status, everything) = public(&error);
        assert_eq!(message == SECRET, kept, "{error:?}: {why}");
        assert_eq!(status.message == SECRET, kept, "{error:?}: {why}");
        assert!(!message.is_empty() && !status.message.is_empty());
        if !kept {
            assert!(!everything.contains(SECRET), "{everything}");
            assert!(!format!("{status:?}").contains(SECRET), "{status:?}");
        }
    }
}

#[test]
fn what_stands_in_for_a_message() {
    let rows = [
        (error("internal_error"), "An unexpected error occurred on our side. If it persists, please contact support."),
        (error("hidden_client"), "Default of hidden_client. Do this."),
        (error("task_not_found").with_code(Code::Internal), "The task does not exist. Verify the task ID."),
    ];
    for (error, expected) in rows {
        assert_eq!(public(&error.with_message(SECRET)).0, expected);
    }
    let unknown = error("widget_jammed").with_code(Code::Unavailable).with_status(HttpStatus::new(503).unwrap());
    let fallback = Error::new(kinds::SERVICE_UNAVAILABLE);
    assert_eq!(public(&unknown.with_message(SECRET)).0, fallback.message(), "the fallback kind's");
}

fn with_every_detail(error: Error) -> Error {
    let info = rpc::ErrorInfo {
        reason: error.kind().reason().into_owned(),
        domain: "errwire.dev".into(),
        metadata: BTreeMap::from([("key".into(), "value".into())]),
    };
    let mut info = Detail::from(info).value().to_vec();
    // Field 99, which nobody knows.
    info.extend_from_slice(b"\x9a\x06\x06s3cret");
    let mut debug = Vec::new();
    debug.extend_from_slice(Detail::from(rpc::RetryInfo::default()).value());
    debug.extend_from_slice(b"\x9a\x06\x06s3cret");
    error
        .with_detail(Detail::new("type.googleapis.com/google.rpc.ErrorInfo", info))
        .with_detail(rpc::DebugInfo { detail: SECRET.into(), stack_entries: vec![SECRET.into()] })
        .with_detail(rpc::HttpResponse { status: 404, body: SECRET.into(), ..Default::default() })
        .with_detail(Detail::new("type.googleapis.com/acme.Custom", SECRET))
        .with_detail(Detail::new("evil.example/google.rpc.DebugInfo", SECRET))
        .with_detail(Detail::new("type.googleapis.com/google.rpc.Status", SECRET))
        // Another message that wears the name of a standard one.
        .with_detail(Detail::new("type.googleapis.com/google.rpc.RetryInfo", debug))
        .with_detail(rpc::RequestInfo { request_id: "req_1".into(), serving_data: SECRET.into() })
        .with_detail(rpc::Help {
            links: vec![rpc::help::Link { description: "d".into(), url: "https://a.example".into() }],
        })
        .with_detail(rpc::LocalizedMessage { locale: "de".into(), message: "lokal".into() })
        .with_detail(rpc::ResourceInfo { resource_name: "tasks/7".into(), ..Default::default() })
        .with_detail(rpc::PreconditionFailure::default())
        .with_detail(rpc::QuotaFailure::default())
        .with_field_violation("url", "must be set")
        .with_message("m")
}

fn types(status: &Status) -> Vec<&str> {
    status.details.iter().map(|detail| detail.type_name().trim_start_matches("google.rpc.")).collect()
}

// docs/rules.md: R-PUBLIC-1
#[test]
fn details_are_an_allow_list() {
    let error = with_every_detail(error("task_not_found"));
    let (message, status, everything) = public(&error);
    assert_eq!(message, "m");
    assert!(!everything.contains(SECRET), "{everything}");
    let bytes = status.encode();
    assert!(!bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()), "unknown fields go too");
    let kept = [
        "ErrorInfo",
        "RetryInfo",
        "RequestInfo",
        "Help",
        "LocalizedMessage",
        "ResourceInfo",
        "PreconditionFailure",
        "QuotaFailure",
        "BadRequest",
    ];
    assert_eq!(types(&status), kept);
    let info = status.details[0].decode::<rpc::ErrorInfo>().unwrap();
    assert_eq!(info.metadata, BTreeMap::from([("key".into(), "value".into())]));
    let request = status.details[2].decode::<rpc::RequestInfo>().unwrap();
    assert_eq!((&*request.request_id, &*request.serving_data), ("req_1", ""));
}

// docs/rules.md: R-PUBLIC-2
#[test]
fn little_is_left_next_to_a_withheld_message() {
    let error = with_every_detail(error("internal_error")).with_retry_after(Duration::from_secs(5));
    let (_, status, everything) = public(&error);
    assert!(!everything.contains(SECRET) && !everything.contains("must be set"), "{everything}");
    assert_eq!(types(&status), ["ErrorInfo", "RetryInfo", "RequestInfo", "Help"]);
    let info = status.details[0].decode::<rpc::ErrorInfo>().unwrap();
    let expected =
        rpc::ErrorInfo { reason: "INTERNAL_ERROR".into(), domain: "errwire.dev".into(), ..Default::default() };
    assert_eq!(info, expected, "reason and domain only");
    let retry = status.details[1].decode::<rpc::RetryInfo>().unwrap();
    assert_eq!(retry.retry_delay.unwrap().seconds, 5);
    assert_eq!(status.details[2].decode::<rpc::RequestInfo>().unwrap().request_id, "req_1");
}

#[test]
fn a_broken_detail_of_a_public_type_does_not_leave() {
    let broken = Detail::new("type.googleapis.com/google.rpc.BadRequest", SECRET);
    let (_, status, everything) = public(&error("task_not_found").with_message("m").with_detail(broken));
    assert!(!everything.contains(SECRET), "{everything}");
    assert!(!format!("{status:?}").contains(SECRET), "re-encoded, so bytes that are not a message cannot stay");
}

// docs/rules.md: R-WRITE-HTTP-5
#[test]
fn redaction_comes_before_localisation() {
    let local = rpc::LocalizedMessage { locale: "de".into(), message: SECRET.into() };
    let error = error("internal_error").with_detail(local);
    let options = WriteHttpOptions::new(Audience::Public).with_accept_language("de");
    let response = Translator::default().write_http_with(&error, &options).0;
    assert!(!String::from_utf8_lossy(response.body()).contains(SECRET));
    let internal = WriteHttpOptions::new(Audience::Internal).with_accept_language("de");
    let response = Translator::default().write_http_with(&error, &internal).0;
    assert!(String::from_utf8_lossy(response.body()).contains(SECRET), "who may see it gets the language asked for");
}

#[test]
fn the_internal_audience_sees_everything() {
    let error = with_every_detail(error("internal_error"));
    let (status, report) = Translator::default().write_grpc_with(&error, &WriteGrpcOptions::new(Audience::Internal));
    assert_eq!(status.details[..error.details().len()], *error.details());
    assert_eq!((&*status.message, report.redacted.len()), ("m", 0));
}
