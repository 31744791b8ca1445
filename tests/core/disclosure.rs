//! What of an error that is public stays inside all the same: single metadata keys, and header fields of the service that
//! failed.

use std::{borrow::Cow, collections::BTreeMap};

use bytes::Bytes;
use errwire::{
    Audience, Catalog, Code, Detail, Error, HttpStatus, Kind, KindEntry, MessageTemplate, Report, StaticKindEntry,
    Translator, Visibility, WriteGrpcOptions, WriteHttpOptions, kinds, rpc,
    wire::grpc::{Received, Status},
};
use http::Response;

const SECRET: &str = "shard-7.internal";

fn template(text: &str) -> MessageTemplate {
    MessageTemplate::from(text.to_owned())
}

/// A kind that is public, but for its key `shard`.
fn entry(message: &str, german: &str) -> KindEntry {
    let status = HttpStatus::new(409).unwrap();
    let mut entry = KindEntry::new("task_busy".into(), "a.example".into(), status, Code::Aborted, template(message));
    entry.localized = vec![(Cow::Borrowed("de"), template(german))].into();
    entry.metadata =
        vec![(Cow::Borrowed("shard"), Visibility::Internal), (Cow::Borrowed("task_id"), Visibility::Public)].into();
    entry
}

fn translator(message: &str, german: &str) -> Translator {
    Translator::new(Catalog::with_entries([entry(message, german)]))
}

fn error(translator: &Translator) -> Error {
    let kind = translator.catalog().get("task_busy").unwrap();
    Error::new(kind).with_metadata("shard", SECRET).with_metadata("task_id", "t1")
}

/// As an internal hop passes it on.
fn passed_on(translator: &Translator, error: &Error) -> Error {
    let status = translator.write_grpc_with(error, &WriteGrpcOptions::new(Audience::Internal)).0;
    translator.read_grpc_with(Received::from(status), &Default::default()).unwrap().0
}

fn public(translator: &Translator, error: &Error) -> (Status, Response<Bytes>, Report) {
    let (status, _) =
        translator.write_grpc_with(error, &WriteGrpcOptions::new(Audience::Public).with_accept_language("de"));
    let options = WriteHttpOptions::new(Audience::Public).with_details();
    let (response, report) = translator.write_http_with(error, &options);
    (status, response, report)
}

fn shows(status: &Status, response: &Response<Bytes>) -> bool {
    let holds = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    holds(&status.encode())
        || holds(response.body())
        || response.headers().values().any(|value| holds(value.as_bytes()))
}

// docs/rules.md: R-PUBLIC-4
#[test]
fn an_internal_key_never_leaves() {
    let translator = translator("Task {task_id} is busy. Try again.", "Auftrag {task_id} ist belegt.");
    let made_here = error(&translator);
    let info = rpc::ErrorInfo {
        reason: "TASK_BUSY".into(),
        domain: "a.example".into(),
        metadata: BTreeMap::from([("shard".into(), SECRET.into()), ("zone".into(), "eu".into())]),
    };
    // Of whatever domain, at whatever place, and with more that came later.
    let foreign = rpc::ErrorInfo { domain: "b.example".into(), ..info.clone() };
    let arrived = Error::new(made_here.kind().clone()).with_detail(info).with_detail(foreign);
    let arrived = arrived.with_metadata("shard", SECRET).with_metadata("task_id", "t1");
    for error in [passed_on(&translator, &made_here), made_here, arrived] {
        let (status, response, report) = public(&translator, &error);
        assert!(!shows(&status, &response), "{status:?} {response:?}");
        assert_eq!((&*status.message, response.status().as_u16()), ("Task t1 is busy. Try again.", 409));
        let info = status.details[0].decode::<rpc::ErrorInfo>().unwrap();
        assert_eq!(info.metadata.get("task_id").map(String::as_str), Some("t1"), "only that key goes");
        assert_eq!(report.redacted, ["metadata"]);
        let internal = translator.write_grpc_with(&error, &WriteGrpcOptions::new(Audience::Internal)).0;
        assert!(shows(&internal, &Response::default()), "it is there for those inside");
    }
}

#[test]
fn an_internal_key_fills_no_template() {
    let translator = translator("Shard {shard} is busy. Try again.", "Shard {shard} ist belegt.");
    let made_here = error(&translator);
    let local = rpc::LocalizedMessage { locale: "de".into(), message: format!("Shard {SECRET} ist belegt.") };
    for error in [passed_on(&translator, &made_here), made_here.clone().with_detail(local), made_here] {
        assert!(error.message().contains(SECRET));
        let (status, response, report) = public(&translator, &error);
        assert!(!shows(&status, &response), "{status:?} {response:?}");
        assert_eq!(status.message, kinds::CONFLICT.entry().unwrap().message.as_str(), "the fallback kind's");
        assert_eq!(report.redacted[..2], ["message", "metadata"]);
        let german = WriteHttpOptions::new(Audience::Public).with_accept_language("de");
        assert!(!shows(&status, &translator.write_http_with(&error, &german).0));
    }
    let own = error(&translator).with_message("Wait for task t1.");
    assert_eq!(public(&translator, &own).0.message, "Wait for task t1.", "words of its own are not the template's");
}

/// As generated code has it.
#[test]
fn a_constant_keeps_its_keys_too() {
    static ENTRY: KindEntry = KindEntry::from_static(StaticKindEntry {
        kind: "task_held",
        reason: "TASK_HELD",
        status: 409,
        code: Code::Aborted,
        message: "Wait.",
        metadata: {
            const KEYS: &[(Cow<'static, str>, Visibility)] = &[(Cow::Borrowed("shard"), Visibility::Internal)];
            KEYS
        },
        ..StaticKindEntry::of("a.example")
    });
    let error = Error::new(Kind::from_static(&ENTRY)).with_metadata("shard", SECRET);
    let (status, response, _) = public(&Translator::default(), &error);
    assert!(!shows(&status, &response), "no catalog lists it, and it carries its entry: {status:?} {response:?}");
}

/// A public error with what a service of its own, further inside, has said in its header.
fn with_fields(status: u16, fields: &[(&str, &str)]) -> Error {
    let header = |(key, value): &(&str, &str)| rpc::HttpHeader { key: (*key).into(), value: (*value).into() };
    let headers = fields.iter().map(header).collect();
    let detail = Detail::from(rpc::HttpResponse { status: status.into(), headers, ..Default::default() });
    let kind = Kind::new(match status {
        401 => "token_invalid",
        404 => "task_not_found",
        405 => "method_not_allowed",
        407 => "proxy_authentication_required",
        500 => "internal_error",
        _ => "service_unavailable",
    });
    Error::new(kind.unwrap()).with_message("m").with_detail(detail)
}

fn lines<'a>(response: &'a Response<Bytes>, name: &str) -> Vec<&'a str> {
    response.headers().get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}

/// RFC 9110, sections 10.2.1, 11.6.1, 15.5.2, 15.5.6 and 15.5.8.
// docs/rules.md: R-PUBLIC-5, R-PUBLIC-6
#[test]
fn fields_of_the_service_that_failed() {
    let challenge =
        r#"Bearer realm="tasks", error="invalid_token", error_description="rack 7", as_uri="https://10.0.0.7""#;
    let fields = [
        ("www-authenticate", challenge),
        ("WWW-Authenticate", "Negotiate YII7"),
        ("allow", "GET, x y,PUT"),
        ("server", "x"),
    ];
    let shown = r#"Bearer realm="tasks", error="invalid_token""#;
    // Status, then the challenges and the methods that those inside see, and those that all others see.
    type Row<'a> = (u16, [&'a [&'a str]; 2], &'a [&'a str]);
    let rows: [Row<'_>; 6] = [
        (401, [&[challenge, "Negotiate YII7"], &[shown, "Negotiate"]], &[]),
        (407, [&[challenge, "Negotiate YII7"], &[shown, "Negotiate"]], &[]),
        (405, [&[], &[]], &["GET, PUT"]),
        (404, [&[], &[]], &[]),
        (500, [&[], &[]], &[]),
        (503, [&[], &[]], &[]),
    ];
    for (status, challenges, methods) in rows {
        let error = with_fields(status, &fields);
        for (audience, challenges) in [Audience::Internal, Audience::Public].into_iter().zip(challenges) {
            let response = Translator::default().write_http_with(&error, &WriteHttpOptions::new(audience)).0;
            assert_eq!(lines(&response, "www-authenticate"), challenges, "{status} {audience:?}");
            assert_eq!(lines(&response, "allow"), methods, "{status} {audience:?}");
            assert_eq!(lines(&response, "server"), [""; 0]);
        }
    }
}

// docs/rules.md: R-PUBLIC-7
#[test]
fn next_to_a_replaced_message_only_our_own_challenge_stands() {
    let foreign = [("www-authenticate", r#"Bearer realm="rack 7""#)];
    for (status, expected) in [(401, &["Bearer"][..]), (407, &[])] {
        let error = with_fields(status, &foreign).with_code(Code::Unknown);
        let response = Translator::default().write_http_with(&error, &WriteHttpOptions::new(Audience::Public)).0;
        assert_eq!(lines(&response, "www-authenticate"), expected, "{status}");
    }
}
