//! Errors and what they are made of. Sizes stay well within the budget, as the laws ask.

use std::collections::BTreeMap;

use errwire::{
    Catalog, Code, Detail, Error, HttpStatus, Kind, KindEntry, MessageTemplate, Visibility, rpc, wire::grpc::Status,
};
use proptest::{collection, option, prelude::*, sample};

use crate::spec::{GENERIC, REFERENCE};

/// Most of the time a listed kind, else one that is spelled as a kind.
pub(crate) fn kind_name() -> impl Strategy<Value = String> {
    let listed: Vec<&str> = REFERENCE.iter().map(|row| row.0).chain(GENERIC.iter().map(|row| row.0)).collect();
    prop_oneof![
        3 => sample::select(listed).prop_map(str::to_owned),
        1 => (390..610_u16).prop_map(|status| format!("http_{status}")),
        3 => "[a-z][a-z0-9_]{1,61}[a-z0-9]",
        1 => "[a-c][a-c]{1,2}[a-c]",
    ]
}

pub(crate) fn kind() -> impl Strategy<Value = Kind> {
    kind_name().prop_map(|name| Kind::new(&name).unwrap())
}

pub(crate) fn code() -> impl Strategy<Value = Code> {
    sample::select(Code::ALL.to_vec())
}

pub(crate) fn status() -> impl Strategy<Value = HttpStatus> {
    (400..=599_u16).prop_map(|status| HttpStatus::new(status).unwrap())
}

/// Any text: control characters, other scripts, escapes of every wire.
pub(crate) fn message() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "[ -~]{0,60}",
        2 => collection::vec(any::<char>(), 0..40).prop_map(String::from_iter),
        1 => "[\u{0}-\u{20}%\u{7f}☺😈é\u{2028}\u{202e}\u{fffd}\"\\\\]{0,20}",
        1 => Just(String::new()),
        1 => "(%[0-9A-F]{2}){1,5}",
    ]
}

fn domain() -> impl Strategy<Value = String> {
    prop_oneof![Just("errwire.dev".to_owned()), Just("api.example.com".to_owned()), "[a-z]{0,8}(\\.example)?"]
}

fn metadata() -> impl Strategy<Value = BTreeMap<String, String>> {
    collection::btree_map("[a-z][a-zA-Z0-9_-]{1,10}", message(), 0..3)
}

fn error_info() -> impl Strategy<Value = rpc::ErrorInfo> {
    let reason = prop_oneof![
        3 => kind_name().prop_map(|name| name.to_uppercase()),
        1 => "[A-C]{3}",
        1 => "[ -~]{0,10}",
    ];
    (reason, domain(), metadata()).prop_map(|(reason, domain, metadata)| rpc::ErrorInfo { reason, domain, metadata })
}

fn http_response() -> impl Strategy<Value = rpc::HttpResponse> {
    let header = ("[a-z-]{0,8}", message()).prop_map(|(key, value)| rpc::HttpHeader { key, value });
    let status = prop_oneof![3 => 400..=599_i32, 1 => any::<i32>()];
    let body = collection::vec(any::<u8>(), 0..20);
    (status, message(), collection::vec(header, 0..2), body)
        .prop_map(|(status, reason, headers, body)| rpc::HttpResponse { status, reason, headers, body: body.into() })
}

fn retry_info() -> impl Strategy<Value = rpc::RetryInfo> {
    let small = (0..100_000_i64, 0..1_000_000_000_i32);
    let seconds =
        prop_oneof![any::<i64>(), sample::select(vec![i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX])];
    let nanos =
        prop_oneof![any::<i32>(), sample::select(vec![i32::MIN, -1, 0, 1, 999_999_999, 1_000_000_000, i32::MAX])];
    let any = (seconds, nanos);
    let delay = prop_oneof![small, any].prop_map(|(seconds, nanos)| prost_types::Duration { seconds, nanos });
    option::of(delay).prop_map(|retry_delay| rpc::RetryInfo { retry_delay })
}

/// A detail of a known type, of an unknown one, or of a known one with bytes that are none.
pub(crate) fn detail() -> impl Strategy<Value = Detail> {
    let url = prop_oneof![
        "type\\.googleapis\\.com/google\\.rpc\\.(ErrorInfo|RetryInfo|HttpResponse|Help|DebugInfo|LocalizedMessage)",
        "[ -~]{0,20}",
        "(type\\.example\\.com/)?acme\\.[A-Z][a-z]{0,5}",
    ];
    let garbage = (url, collection::vec(any::<u8>(), 0..30)).prop_map(|(url, value)| Detail::new(url, value));
    let local = ("[a-zA-Z-]{0,8}", message());
    prop_oneof![
        3 => error_info().prop_map(Detail::from),
        2 => http_response().prop_map(Detail::from),
        2 => retry_info().prop_map(Detail::from),
        3 => garbage,
        1 => local.prop_map(|(locale, message)| rpc::LocalizedMessage { locale, message }.into()),
        1 => (message(), message())
            .prop_map(|(request_id, serving_data)| rpc::RequestInfo { request_id, serving_data }.into()),
        1 => (message(), message()).prop_map(|(description, url)| {
            rpc::Help { links: vec![rpc::help::Link { description, url }] }.into()
        }),
        1 => message().prop_map(|detail| rpc::DebugInfo { detail, stack_entries: Vec::new() }.into()),
    ]
}

fn details() -> impl Strategy<Value = Vec<Detail>> {
    collection::vec(detail(), 0..4)
}

pub(crate) fn wire_status() -> impl Strategy<Value = Status> {
    (code(), message(), details()).prop_map(|(code, message, details)| Status {
        code,
        message: message.into(),
        details: details.into_iter().collect(),
    })
}

/// An error as an application makes it, with kinds of this catalog.
pub(crate) fn error(catalog: Catalog) -> impl Strategy<Value = Error> {
    let own: Vec<Kind> = catalog.iter().cloned().collect();
    let kind = prop_oneof![sample::select(own), kind()];
    // An `ErrorInfo` that names the very kind, in any place among the details.
    let named = option::of((domain(), any::<sample::Index>()));
    let parts = (kind, option::of(code()), option::of(status()), option::of(message()), metadata(), details(), named);
    parts.prop_map(|(kind, code, status, message, metadata, mut details, named)| {
        if let Some((domain, at)) = named {
            let info = rpc::ErrorInfo { reason: kind.reason().into_owned(), domain, ..Default::default() };
            details.insert(at.index(details.len() + 1), info.into());
        }
        let mut error = Error::new(kind);
        error = details.into_iter().fold(error, Error::with_detail);
        if let Some(code) = code {
            error = error.with_code(code);
        }
        if let Some(status) = status {
            error = error.with_status(status);
        }
        if let Some(message) = message {
            error = error.with_message(message);
        }
        metadata.into_iter().fold(error, |error, (name, value)| error.with_metadata(name, value))
    })
}

/// Kinds of a user's own, and perhaps built-in ones that the user replaced.
pub(crate) fn entries() -> impl Strategy<Value = Vec<KindEntry>> {
    let text = "[ -~]{1,30}".prop_map(|text| text.replace(['{', '}'], "()"));
    let text = text.prop_filter("a message is not blank", |text| !text.trim().is_empty());
    let entry = (kind_name(), status(), code(), text, any::<bool>(), any::<bool>());
    let entry = entry.prop_map(|(name, status, code, text, other_domain, public)| {
        let domain = if other_domain { "api.example.com" } else { "tasks.example.com" };
        let mut entry = KindEntry::new(name, domain.into(), status, code, MessageTemplate::from(text));
        entry.visibility = if public { Visibility::Public } else { Visibility::Internal };
        entry
    });
    collection::vec(entry, 0..4)
}
