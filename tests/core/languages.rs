//! The catalog's message in the language of the caller, on both wires: RFC 9110, 12.5.4, and RFC 4647, 3.4.

use bytes::Bytes;
use errwire::{
    Audience, Catalog, Code, Detail, Error, HttpStatus, Kind, KindEntry, MessageTemplate, Policy, Translator,
    WriteGrpcOptions, WriteHttpOptions, rpc, wire::grpc::Status,
};
use http::Response;

const DEFAULT: &str = "Job 7 is gone. Verify it.";
const GERMAN: &str = "Auftrag 7 gibt es nicht.";
const ENGLISH: &str = "Job 7 does not exist.";
const FRENCH: &str = "La tâche 7 n'existe pas.";

fn entry(kind: &str, status: u16, code: Code, texts: [&str; 4]) -> KindEntry {
    let [text, de, en, fr] = texts.map(|text| MessageTemplate::from(text.replace('7', "{job_id}")));
    let status = HttpStatus::new(status).unwrap();
    let mut entry = KindEntry::new(kind.into(), "api.example.com".into(), status, code, text);
    entry.localized = vec![("de".into(), de), ("en".into(), en), ("fr".into(), fr)].into();
    entry
}

fn translator() -> Translator {
    Translator::new(Catalog::with_entries([
        entry("job_not_found", 404, Code::NotFound, [DEFAULT, GERMAN, ENGLISH, FRENCH]),
        entry("disk_broken", 500, Code::Internal, ["Disk 7 is broken.", "Platte 7.", "Disk 7.", "Disque 7."]),
        entry("job_lost", 500, Code::Internal, ["It is lost.", "Er ist verloren.", "Lost.", "Perdu."]),
    ]))
}

fn kind(translator: &Translator, name: &str) -> Kind {
    translator.catalog().get(name).unwrap()
}

fn job_not_found(translator: &Translator) -> Error {
    Error::new(kind(translator, "job_not_found")).with_metadata("job_id", "7")
}

fn over_grpc(translator: &Translator, error: &Error, audience: Audience, language: &str) -> Status {
    translator.write_grpc_with(error, &WriteGrpcOptions::new(audience).with_accept_language(language)).0
}

fn over_http(translator: &Translator, error: &Error, audience: Audience, language: &str) -> Response<Bytes> {
    translator.write_http_with(error, &WriteHttpOptions::new(audience).with_accept_language(language)).0
}

fn text(response: &Response<Bytes>) -> String {
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    body["message"].as_str().unwrap().to_owned()
}

fn local(status: &Status) -> Option<(String, String)> {
    let mut found = status.details.iter().filter_map(Detail::decode::<rpc::LocalizedMessage>);
    let first = found.next().map(|local| (local.locale, local.message));
    assert!(found.next().is_none(), "each type at most once (AIP-193)");
    first
}

fn names(status: &Status) -> Vec<&str> {
    status.details.iter().map(|detail| detail.type_name().strip_prefix("google.rpc.").unwrap()).collect()
}

#[test]
fn both_wires_choose_the_same_language() {
    let translator = translator();
    let error = job_not_found(&translator);
    let rows = [
        ("de", Some(("de", GERMAN))),
        ("EN", Some(("en", ENGLISH))),
        // Cut from its end until it fits.
        ("en-GB", Some(("en", ENGLISH))),
        ("fr-CA-x-private", Some(("fr", FRENCH))),
        ("da, en-gb;q=0.8, en;q=0.7", Some(("en", ENGLISH))),
        ("fr;q=0.5, de;q=0.9", Some(("de", GERMAN))),
        ("fr;q=0.998, de;q=0.999, en;q=0.5", Some(("de", GERMAN))),
        ("en;q=0.8, fr", Some(("fr", FRENCH))),
        // RFC 4647, section 3.4: `*` is skipped, and where nothing else is asked for it means the default.
        ("*", None),
        ("es, *;q=0.1", None),
        ("*, de;q=0", None),
        ("de;q=0, en;q=0, *;q=0.1", None),
        ("fr;q=0.2, *;q=0.5", Some(("fr", FRENCH))),
        ("en-US,en;q=0.9,*;q=0.5", Some(("en", ENGLISH))),
        ("es", None),
        ("de;q=0", None),
        ("*;q=0", None),
        ("", None),
        (";;=,", None),
    ];
    for audience in [Audience::Internal, Audience::Public] {
        for (language, expected) in rows {
            let status = over_grpc(&translator, &error, audience, language);
            assert_eq!(status.message, DEFAULT, "{language:?}: the message stays");
            assert_eq!(local(&status), expected.map(|(tag, text)| (tag.to_owned(), text.to_owned())), "{language:?}");

            let response = over_http(&translator, &error, audience, language);
            let tag = response.headers().get("content-language").map(|tag| tag.to_str().unwrap());
            assert_eq!(tag, expected.map(|(tag, _)| tag), "{language:?}");
            assert_eq!(text(&response), expected.map_or(DEFAULT, |(_, text)| text), "{language:?}");
        }
    }
}

/// RFC 4647, 3.4: the first language of the caller that there is. The entry's own message is one, in the language of its file; what
/// matches nothing gets it as the default.
// docs/rules.md: R-CATALOG-2, R-WRITE-HTTP-5
#[test]
fn the_default_message_is_in_the_language_of_its_catalog() {
    let mut entry = entry("job_not_found", 404, Code::NotFound, [GERMAN, "", ENGLISH, FRENCH]);
    entry.language = "de".into();
    entry.localized.to_mut().remove(0);
    let translator = Translator::new(Catalog::with_entries([entry]));
    let error = job_not_found(&translator);
    let rows = [
        ("de", None),
        ("de-CH, en;q=0.5", None),
        ("en", Some(("en", ENGLISH))),
        ("en-US,en;q=0.9,*;q=0.5", Some(("en", ENGLISH))),
        ("de;q=0.8, en", Some(("en", ENGLISH))),
        ("en;q=0.8, de", None),
        ("es, fr", Some(("fr", FRENCH))),
        ("*", None),
        ("es", None),
    ];
    for audience in [Audience::Internal, Audience::Public] {
        for (language, expected) in rows {
            let status = over_grpc(&translator, &error, audience, language);
            assert_eq!(status.message, GERMAN, "{language:?}: the message stays");
            assert_eq!(local(&status), expected.map(|(tag, text)| (tag.to_owned(), text.to_owned())), "{language:?}");
            let response = over_http(&translator, &error, audience, language);
            assert_eq!(text(&response), expected.map_or(GERMAN, |(_, text)| text), "{language:?}");
        }
    }
}

#[test]
fn nothing_is_added_without_accept_language() {
    let translator = translator();
    assert_eq!(names(&translator.write_grpc(&job_not_found(&translator))), ["ErrorInfo"]);
}

#[test]
fn its_place_is_behind_the_details_and_before_the_response() {
    let translator = translator();
    let teapot = HttpStatus::new(418).unwrap();
    let error = job_not_found(&translator)
        .with_detail(rpc::RequestInfo { request_id: "req_1".into(), ..Default::default() })
        .with_status(teapot);
    let status = over_grpc(&translator, &error, Audience::Internal, "de");
    assert_eq!(names(&status), ["ErrorInfo", "RequestInfo", "LocalizedMessage", "HttpResponse"]);

    // The same of one that arrived with its `HttpResponse`; and what has a translation gets no other.
    let arrived = translator.read_grpc(translator.write_grpc(&error));
    assert_eq!(over_grpc(&translator, &arrived, Audience::Internal, "de"), status);
    let arrived = translator.read_grpc(status.clone());
    assert_eq!((arrived.status(), translator.write_grpc(&arrived)), (teapot, status.clone()));
    assert_eq!(over_grpc(&translator, &arrived, Audience::Internal, "fr"), status);
}

#[test]
fn the_errors_own_translation_wins() {
    let translator = translator();
    let own = rpc::LocalizedMessage { locale: "it".into(), message: "Non c'è.".into() };
    let error = job_not_found(&translator).with_detail(own);
    let status = over_grpc(&translator, &error, Audience::Internal, "de");
    assert_eq!(local(&status), Some(("it".into(), "Non c'è.".into())));
    // One that cannot be read is one as well.
    let broken = Detail::new("type.googleapis.com/google.rpc.LocalizedMessage", &b"\xff"[..]);
    let status = over_grpc(&translator, &job_not_found(&translator).with_detail(broken), Audience::Internal, "de");
    assert_eq!(names(&status), ["ErrorInfo", "LocalizedMessage"]);
    assert_eq!(local(&status), None);
}

/// An HTTP body has a message whenever there is one to show.
// docs/rules.md: R-READ-GRPC-8
#[test]
fn a_localized_message_without_text_is_ignored() {
    let translator = translator();
    let empty = rpc::LocalizedMessage { locale: "de".into(), message: String::new() };
    let error = job_not_found(&translator).with_detail(empty);
    for (language, expected) in [("de", GERMAN), ("it", DEFAULT)] {
        assert_eq!(text(&over_http(&translator, &error, Audience::Internal, language)), expected);
    }
}

#[test]
fn what_cannot_be_filled_is_not_used() {
    let translator = translator();
    let error = Error::new(kind(&translator, "job_not_found")).with_message("Own words.");
    assert_eq!(local(&over_grpc(&translator, &error, Audience::Internal, "de")), None);
    let foreign = Error::new(Kind::new("widget_jammed").unwrap());
    assert_eq!(local(&over_grpc(&translator, &foreign, Audience::Internal, "*")), None);
}

/// Only the catalog's own words are shown to the public, and nothing of what varies in them.
#[test]
fn redaction_comes_first() {
    let translator = translator();
    let own = rpc::LocalizedMessage { locale: "de".into(), message: "Geheim.".into() };
    let secret = |name| Error::new(kind(&translator, name)).with_metadata("job_id", "7").with_detail(own.clone());

    let lost = secret("job_lost");
    let status = over_grpc(&translator, &lost, Audience::Public, "de");
    assert_eq!((&*status.message, names(&status)), ("It is lost.", vec!["ErrorInfo", "LocalizedMessage"]));
    assert_eq!(local(&status), Some(("de".into(), "Er ist verloren.".into())));
    assert_eq!(text(&over_http(&translator, &lost, Audience::Public, "de")), "Er ist verloren.");
    assert_eq!(local(&over_grpc(&translator, &lost, Audience::Internal, "fr")).unwrap().1, "Geheim.");

    let broken = secret("disk_broken");
    assert_eq!(local(&over_grpc(&translator, &broken, Audience::Public, "de")), None);
    let opaque = "An unexpected error occurred on our side. If it persists, please contact support.";
    assert_eq!(text(&over_http(&translator, &broken, Audience::Public, "de")), opaque);
}

#[test]
fn a_small_budget_comes_before_the_language() {
    let mut policy = Policy::default();
    policy.budget = 1_500;
    let long = "ü".repeat(1_000);
    let entry = entry("job_not_found", 404, Code::NotFound, [DEFAULT, &long, ENGLISH, FRENCH]);
    let translator = Translator::with_policy(Catalog::with_entries([entry]), policy);
    let options = WriteGrpcOptions::new(Audience::Internal).with_accept_language("de");
    let (status, report) = translator.write_grpc_with(&job_not_found(&translator), &options);
    assert_eq!((local(&status), report.trimmed), (None, vec!["LocalizedMessage".to_owned()]));
    assert_eq!(status.message, DEFAULT);
}
