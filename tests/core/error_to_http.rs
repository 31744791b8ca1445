//! `Error` to HTTP: docs/rules.md, R-WRITE-HTTP-1 to R-WRITE-HTTP-6.

use std::{borrow::Cow, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use errwire::{
    Audience, Catalog, Code, Detail, Dialect, Error, HttpStatus, Kind, KindEntry, MessageTemplate, Policy, Translator,
    Visibility, WriteHttpOptions, kinds, rpc, wire::grpc::Status,
};
use http::Response;
use prost::Message;
use serde_json::{Value, json};

fn written(error: &Error, options: &WriteHttpOptions) -> Response<Bytes> {
    Translator::default().write_http_with(error, options).0
}

fn body(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

fn header<'a>(response: &'a Response<Bytes>, name: &str) -> Option<&'a str> {
    assert!(response.headers().get_all(name).iter().count() <= 1, "{name} is repeated");
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

// docs/rules.md: R-WRITE-HTTP-1
#[test]
fn the_default_is_kind_and_message_and_no_more() {
    let error = Error::new(kinds::TASK_NOT_FOUND)
        .with_message("Task \"7\" is gone.\n☺")
        .with_detail(rpc::DebugInfo { detail: "d".into(), ..Default::default() });
    let response = Translator::default().write_http(&error);
    assert_eq!(response.status(), 404);
    assert_eq!(header(&response, "content-type"), Some("application/json"));
    assert_eq!(body(&response), json!({"kind": "task_not_found", "message": "Task \"7\" is gone.\n☺"}));
    let plain = Translator::default().write_http(&Error::new(kinds::TASK_NOT_FOUND).with_message("Gone."));
    assert_eq!(plain.body(), r#"{"kind":"task_not_found","message":"Gone."}"#.as_bytes());
}

#[test]
fn the_status_is_the_errors() {
    for status in 400..=599 {
        let error = Error::new(Kind::new("widget_jammed").unwrap()).with_status(HttpStatus::new(status).unwrap());
        assert_eq!(Translator::default().write_http(&error).status(), status);
    }
}

// docs/rules.md: R-WRITE-HTTP-2
#[test]
fn details_are_proto_json_on_request() {
    let info = rpc::ErrorInfo { reason: "TASK_NOT_FOUND".into(), domain: "errwire.dev".into(), ..Default::default() };
    let error = Error::new(kinds::TASK_NOT_FOUND)
        .with_message("m")
        .with_detail(info)
        .with_detail(Detail::new("type.example.com/acme.Custom", &b"\x08\x01"[..]))
        .with_detail(Detail::new("type.googleapis.com/google.rpc.RetryInfo", &b"\xff\xff"[..]))
        .with_detail(rpc::ResourceInfo { resource_name: "tasks/7".into(), ..Default::default() });
    let response = written(&error, &WriteHttpOptions::new(Audience::Internal).with_details());
    let body = body(&response);
    assert_eq!(body.as_object().unwrap().len(), 3);
    let details = body["details"].as_array().unwrap();
    assert_eq!(details.len(), 4);
    assert_eq!(details[0]["@type"], "type.googleapis.com/google.rpc.ErrorInfo");
    assert_eq!((&details[0]["reason"], &details[0]["domain"]), (&json!("TASK_NOT_FOUND"), &json!("errwire.dev")));
    assert_eq!(details[1], json!({"@type": "type.example.com/acme.Custom", "value": "CAE="}));
    assert_eq!(details[2], json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "value": "//8="}));
    assert_eq!(
        (&details[3]["@type"], &details[3]["resourceName"]),
        (&json!("type.googleapis.com/google.rpc.ResourceInfo"), &json!("tasks/7"))
    );
    let limited = Error::new(kinds::RATE_LIMITED).with_retry_after(Duration::from_secs(42));
    let response = written(&limited, &WriteHttpOptions::new(Audience::Internal).with_details());
    let details = self::body(&response)["details"].as_array().unwrap().clone();
    let delay = json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "42s"});
    assert!(details.contains(&delay), "{details:?}");
}

#[test]
fn a_body_has_room_for_details_that_metadata_has_not() {
    let violation = |n| rpc::bad_request::FieldViolation {
        field: format!("items[{n}].name"),
        description: "is longer than 64 characters".into(),
        ..Default::default()
    };
    let error = Error::new(kinds::REQUEST_INVALID)
        .with_detail(rpc::BadRequest { field_violations: (0..500).map(violation).collect() });
    for audience in [Audience::Public, Audience::Internal] {
        let response = written(&error, &WriteHttpOptions::new(audience).with_details());
        let details = &body(&response)["details"];
        assert_eq!(details[0]["metadata"], Value::Null, "nothing is trimmed");
        assert_eq!(details[1]["fieldViolations"].as_array().unwrap().len(), 500);
    }
}

// docs/rules.md: R-WRITE-HTTP-4
#[test]
fn the_internal_audience_gets_every_byte_back() {
    let unknown = Detail::new("type.example.com/acme.Custom", &b"\xff"[..]);
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("m☺").with_detail(unknown.clone());
    let internal = written(&error, &WriteHttpOptions::new(Audience::Internal));
    let bin = STANDARD_NO_PAD.decode(header(&internal, "grpc-status-details-bin").unwrap()).unwrap();
    let status = rpc::Status::decode(&*bin).unwrap();
    assert_eq!((status.code, &*status.message, status.details.len()), (5, "m☺", 2));
    assert_eq!((&*status.details[1].type_url, &*status.details[1].value), (unknown.type_url(), &b"\xff"[..]));
    assert_eq!(header(&internal, "grpc-status"), None, "an HTTP client would take it for a gRPC response");
    let public = written(&error, &WriteHttpOptions::new(Audience::Public));
    assert_eq!(header(&public, "grpc-status-details-bin"), None);
    assert!(header(&Translator::default().write_http(&error), "grpc-status-details-bin").is_some(), "by default");
    let mut policy = Policy::default();
    policy.audience = Audience::Public;
    let response = Translator::with_policy(Catalog::builtin(), policy).write_http(&error);
    assert_eq!(header(&response, "grpc-status-details-bin"), None);
}

// docs/rules.md: R-WRITE-HTTP-3
#[test]
fn other_dialects_can_be_written() {
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("m");
    let options = || WriteHttpOptions::new(Audience::Internal);
    let response = written(&error, &options().with_dialect(Dialect::Problem));
    assert_eq!(header(&response, "content-type"), Some("application/problem+json"));
    let problem = body(&response);
    assert_eq!((&problem["status"], &problem["detail"]), (&json!(404), &json!("m")), "RFC 9457, section 3.1");

    let google = body(&written(&error, &options().with_dialect(Dialect::Google)));
    assert_eq!(google["error"]["code"], 404, "AIP-193");
    assert_eq!((&google["error"]["message"], &google["error"]["status"]), (&json!("m"), &json!("NOT_FOUND")));

    let connect = body(&written(&error, &options().with_dialect(Dialect::Connect)));
    assert_eq!((&connect["code"], &connect["message"]), (&json!("not_found"), &json!("m")));

    for (accept, content_type) in [
        ("application/problem+json", "application/problem+json"),
        ("application/problem+json;q=0.5, application/json;q=0.1", "application/problem+json"),
        ("application/json, application/problem+json;q=0.5", "application/json"),
        ("application/problem+json;q=0", "application/json"),
        ("text/html", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
        (";;,=q", "application/json"),
    ] {
        let response = written(&error, &options().with_accept(accept));
        assert_eq!(header(&response, "content-type"), Some(content_type), "{accept}");
        let chosen = options().with_dialect(Dialect::KindMessage).with_accept(accept);
        assert_eq!(header(&written(&error, &chosen), "content-type"), Some("application/json"), "a choice wins");
    }
}

fn job_entry(kind: &str) -> KindEntry {
    let status = HttpStatus::new(404).unwrap();
    let template = |text: &str| MessageTemplate::from(text.to_owned());
    let text = template("Job {job_id} does not exist. Verify it.");
    let mut entry = KindEntry::new(kind.into(), "api.example.com".into(), status, Code::NotFound, text);
    entry.localized = Cow::Owned(vec![("de".into(), template("Job {job_id} gibt es nicht."))]);
    entry
}

fn job_catalog() -> Catalog {
    Catalog::with_entries([job_entry("job_not_found")])
}

// docs/rules.md: R-WRITE-HTTP-5
#[test]
fn the_message_speaks_the_callers_language() {
    let catalog = job_catalog();
    let error = Error::new(catalog.get("job_not_found").unwrap()).with_metadata("job_id", "7");
    let translator = Translator::new(catalog);
    let message = |error: &Error, language: &str| {
        let options = WriteHttpOptions::new(Audience::Public).with_accept_language(language);
        let response = translator.write_http_with(error, &options).0;
        let language = header(&response, "content-language").map(str::to_owned);
        (body(&response)["message"].as_str().unwrap().to_owned(), language)
    };
    let (english, german) = ("Job 7 does not exist. Verify it.", "Job 7 gibt es nicht.");
    for language in ["de", "de-AT", "de-DE, de;q=0.9, en;q=0.5", "fr, de;q=0.1"] {
        assert_eq!(message(&error, language), (german.into(), Some("de".into())), "{language}");
    }
    for language in ["", "fr", "de;q=0, en", ";;=,", "x".repeat(9_000).as_str()] {
        assert_eq!(message(&error, language).0, english, "{language}");
    }
    let unfilled = Error::new(translator.catalog().get("job_not_found").unwrap()).with_message("Own words.");
    assert_eq!(message(&unfilled, "de").0, "Own words.", "an unfilled template is not used");

    let local = rpc::LocalizedMessage { locale: "fr-CH".into(), message: "La tâche n'existe pas.".into() };
    let error = Error::new(kinds::TASK_NOT_FOUND).with_message("Own words.").with_detail(local);
    assert_eq!(message(&error, "fr-CH"), ("La tâche n'existe pas.".into(), Some("fr-CH".into())));
    assert_eq!(message(&error, "it").0, "Own words.");
}

#[test]
fn an_http_body_never_shows_an_empty_message() {
    let status = Status { code: Code::NotFound, message: "".into(), details: Default::default() };
    let error = Translator::default().read_grpc(status);
    assert_eq!(error.message(), "");
    let message = body(&Translator::default().write_http(&error))["message"].clone();
    assert_eq!(message, "The requested resource was not found. Verify the resource ID.");
    // Nor where the catalog has nothing that can be shown as it is.
    let unfilled = Status { code: Code::NotFound, message: "".into(), details: Default::default() };
    let translator = Translator::new(Catalog::with_entries([job_entry("not_found")]));
    let message = body(&translator.write_http(&translator.read_grpc(unfilled)))["message"].clone();
    assert_eq!(message, "The requested resource was not found. Verify the resource ID.");
    let foreign = Error::new(Kind::new("widget_jammed").unwrap()).with_message("").with_code(Code::NotFound);
    let message = body(&Translator::default().write_http(&foreign))["message"].clone();
    assert!(!message.as_str().unwrap().is_empty());
}

/// The status's own kind speaks for it if it has the code; else the code's kind does, which may say another status.
// docs/rules.md: R-CATALOG-4
#[test]
fn the_message_that_stands_in_fits_status_and_code() {
    let rows = [
        (507, Code::ResourceExhausted, "insufficient_storage"),
        (413, Code::ResourceExhausted, "content_too_large"),
        (429, Code::ResourceExhausted, "rate_limited"),
        (402, Code::FailedPrecondition, "payment_required"),
        (412, Code::FailedPrecondition, "precondition_failed"),
        (410, Code::NotFound, "gone"),
        (409, Code::AlreadyExists, "already_exists"),
        (409, Code::Aborted, "conflict"),
        (418, Code::FailedPrecondition, "http_418"),
        (418, Code::InvalidArgument, "request_invalid"),
        (503, Code::ResourceExhausted, "rate_limited"),
    ];
    for (status, code, expected) in rows {
        let expected = Kind::new(expected).unwrap().entry().unwrap().message.to_string();
        let status = HttpStatus::new(status).unwrap();
        let text = "Needs {a_key}.".to_owned();
        let mut entry = KindEntry::new("disk_full".into(), "a.example".into(), status, code, text.into());
        entry.visibility = Visibility::Public;
        let translator = Translator::new(Catalog::with_entries([entry]));
        let error = Error::new(translator.catalog().get("disk_full").unwrap());
        assert_eq!(error.message(), expected, "{status} {code}");
        assert_eq!(translator.write_grpc(&error).message, expected, "{status} {code}");
        for audience in [Audience::Internal, Audience::Public] {
            let response = translator.write_http_with(&error, &WriteHttpOptions::new(audience)).0;
            assert_eq!(body(&response)["message"], expected, "{status} {code}");
        }
        assert_eq!(error.with_metadata("a_key", "this").message(), "Needs this.");
    }
}

/// The metadata travelled, so the kind's own message can be made again.
#[test]
fn an_empty_message_is_made_of_the_metadata() {
    let info = rpc::ErrorInfo {
        reason: "JOB_NOT_FOUND".into(),
        domain: "api.example.com".into(),
        metadata: [("job_id".to_owned(), "7".to_owned())].into(),
    };
    let arrived = |info| Status { code: Code::NotFound, message: "".into(), details: [Detail::from(info)].into() };
    let shown = |translator: &Translator, info: &rpc::ErrorInfo, audience| {
        let error = translator.read_grpc(arrived(info.clone()));
        assert_eq!(error.message(), "");
        let response = translator.write_http_with(&error, &WriteHttpOptions::new(audience)).0;
        body(&response)["message"].as_str().unwrap().to_owned()
    };
    let public = Translator::new(job_catalog());
    let mut secret = job_entry("job_not_found");
    secret.visibility = Visibility::Internal;
    let secret = Translator::new(Catalog::with_entries([secret]));
    let fallback = "The requested resource was not found. Verify the resource ID.";
    let other = rpc::ErrorInfo { metadata: [("other".to_owned(), "7".to_owned())].into(), ..info.clone() };
    for (translator, info, audience, expected) in [
        (&public, &info, Audience::Public, "Job 7 does not exist. Verify it."),
        (&public, &info, Audience::Internal, "Job 7 does not exist. Verify it."),
        (&public, &other, Audience::Public, fallback),
        (&secret, &info, Audience::Internal, "Job 7 does not exist. Verify it."),
        (&secret, &info, Audience::Public, fallback),
    ] {
        assert_eq!(shown(translator, info, audience), expected, "{audience:?}");
    }
}
