//! What the build made, with errwire's pure core alone.

use std::time::Duration;

use errwire::{Code, Error, Translator, WriteHttpOptions, kinds};

use super::*;

#[test]
fn a_constructor_fills_the_placeholders() {
    let error = quota_exhausted(10, "rockets");
    assert_eq!((error.code(), error.status().as_u16()), (Code::ResourceExhausted, 429));
    assert_eq!(error.message(), "All 10 tasks of rockets are running. Wait for one to finish.");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    assert_eq!(error.domain(), Some("tasks.acme.example"));
    let metadata = error.metadata();
    assert_eq!((&*metadata["limit"], &*metadata["project"]), ("10", "rockets"));
}

#[test]
fn every_kind_has_a_variant_and_back() {
    let rows = [
        (TASK_NOT_FOUND, Kind::TaskNotFound, "task_not_found"),
        (QUOTA_EXHAUSTED, Kind::QuotaExhausted, "quota_exhausted"),
        (WORKER_LOST, Kind::WorkerLost, "worker_lost"),
    ];
    for (constant, variant, name) in rows {
        assert_eq!(constant.as_str(), name);
        assert_eq!(Kind::from(&Error::new(constant.clone())), variant);
        assert_eq!(variant.kind(), constant);
    }
    assert_eq!(Kind::from(&kinds::RATE_LIMITED), Kind::Other(kinds::RATE_LIMITED));
    assert_eq!(Kind::Other(kinds::RATE_LIMITED).kind(), kinds::RATE_LIMITED);
}

#[test]
fn the_catalog_needs_no_file() {
    let catalog = catalog();
    assert_eq!(
        catalog.own().map(errwire::Kind::as_str).collect::<Vec<_>>(),
        ["task_not_found", "quota_exhausted", "worker_lost"]
    );
    assert_eq!(catalog.domains().collect::<Vec<_>>(), ["tasks.acme.example"]);
    let entry = catalog.get("task_not_found").and_then(|kind| kind.entry().cloned()).expect("the kind is in the file");
    assert_eq!(entry.message.as_str(), "Task {task_id} does not exist. Verify the task ID.");
    assert_eq!(entry.localized[0].1.as_str(), "Aufgabe {task_id} gibt es nicht. Prüfen Sie die ID.");
    assert!(catalog.get("worker_lost").and_then(|kind| kind.entry().cloned()).is_some_and(|entry| !entry.is_public()));
}

/// The built-in catalog has `task_not_found` too, with another message and no German.
#[test]
fn an_overridden_kind_means_what_the_own_catalog_says() {
    let options = WriteHttpOptions::new(errwire::Audience::Public).with_accept_language("de");
    let (response, _) = Translator::new(catalog()).write_http_with(&task_not_found("tsk_1"), &options);
    assert_eq!(response.headers()["content-language"], "de");
    assert_eq!(
        response.body(),
        r#"{"kind":"task_not_found","message":"Aufgabe tsk_1 gibt es nicht. Prüfen Sie die ID."}"#
    );
}
