//! A gateway's two error paths, without a runtime: what a backend says over gRPC goes out as HTTP, and what an upstream
//! says over HTTP goes on as gRPC.
//!
//!     cargo run --no-default-features --example embed_translator

use std::error::Error as StdError;

use bytes::Bytes;
use errwire::{
    Audience, Catalog, Code, Error, HttpStatus, KindEntry, MessageTemplate, Policy, ReadOptions, Translator,
    WriteHttpOptions, kinds,
    wire::grpc::{Received, Trailers},
};
use http::{Response, header};

fn main() -> Result<(), Box<dyn StdError>> {
    let translator = translator()?;

    let error = error_of_a_handler(&translator)?;
    let response = to_caller(&translator, &translator.write_grpc(&error).to_trailers())?;
    println!("{} {}", response.status().as_u16(), String::from_utf8_lossy(response.body()));
    assert_eq!(response.status(), 409);
    assert_eq!(
        response.body(),
        r#"{"kind":"task_already_finished","message":"Task tsk_1 is finished. Start a new task."}"#
    );

    let upstream = Response::builder()
        .status(429)
        .header(header::CONTENT_TYPE, "application/problem+json")
        .header(header::RETRY_AFTER, "42")
        .body(Bytes::from_static(br#"{"title": "Slow down", "status": 429, "code": "rate_limited"}"#))?;
    let error = translator.read_http(&upstream)?;
    assert!(error.kind() == kinds::RATE_LIMITED, "callers match on kinds, not on texts");
    let trailers = translator.write_grpc(&error).to_trailers();
    println!("grpc-status: {}, grpc-message: {}", trailers.grpc_status, trailers.grpc_message);
    assert_eq!((&*trailers.grpc_status, &*trailers.grpc_message), ("8", "Slow down"));
    Ok(())
}

/// The built-in kinds and one more. Kinds can also come from a YAML file, with the feature `yaml`.
fn translator() -> Result<Translator, Box<dyn StdError>> {
    let entry = KindEntry::new(
        "task_already_finished".to_owned(),
        "api.example.com".to_owned(),
        HttpStatus::new(409)?,
        Code::FailedPrecondition,
        MessageTemplate::from("Task {task_id} is finished. Start a new task.".to_owned()),
    );
    let mut policy = Policy::default();
    policy.domain = "api.example.com".into();
    Ok(Translator::with_policy(Catalog::with_entries([entry]), policy))
}

fn error_of_a_handler(translator: &Translator) -> Result<Error, Box<dyn StdError>> {
    let kind = translator.catalog().get("task_already_finished").ok_or("the catalog has the kind")?;
    Ok(Error::new(kind).with_metadata("task_id", "tsk_1"))
}

/// What a backend sent is shown to external callers: an internal message stays inside.
fn to_caller(translator: &Translator, trailers: &Trailers) -> Result<Response<Bytes>, Box<dyn StdError>> {
    let (error, report) = translator.read_grpc_with(Received::from_trailers(trailers), &ReadOptions::new())?;
    let (response, written) = translator.write_http_with(&error, &WriteHttpOptions::new(Audience::Public));
    eprintln!("kind by {:?}, withheld {:?}", report.kind_rule, written.redacted);
    Ok(response)
}
