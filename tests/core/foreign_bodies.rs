//! Errors of APIs that no dialect is named after, by family: what the general reader makes of them. `http.jsonl` has real bodies;
//! those of `apis.jsonl` are written after the public references that they name, not fetched from them; those of `documented.jsonl` have the
//! shape, and where the page has an example its values, of the page that each names; those of `shapes.jsonl` have the members and
//! identifiers of what each names, and texts of ours, in whatever bytes. The wanted values are what a user of that API would say, and were written down before
//! errwire read the bodies; slips in typing them were corrected since.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use errwire::{Code, Error, ReadOptions, Translator};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

const TABLES: [&str; 4] = ["http.jsonl", "apis.jsonl", "documented.jsonl", "shapes.jsonl"];

/// The cases of a table in `tests/cases`.
fn cases(table: &str) -> Vec<Value> {
    let path = format!("{}/tests/cases/{table}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn read(case: &Value) -> Error {
    let mut headers = HeaderMap::new();
    for (name, value) in case["headers"].as_object().into_iter().flatten() {
        let name: HeaderName = name.parse().unwrap();
        headers.insert(name, HeaderValue::from_str(value.as_str().unwrap()).unwrap());
    }
    let body = match (&case["text"], &case["raw"]) {
        (Value::String(text), _) => Bytes::from(text.clone()),
        (_, Value::String(raw)) => STANDARD.decode(raw).unwrap().into(),
        _ => Bytes::new(),
    };
    let status = case["status"].as_u64().unwrap().try_into().unwrap();
    Translator::default().read_http_with(status, &headers, &body, &ReadOptions::new()).unwrap().0
}

/// What differs from what is wanted.
fn differences(case: &Value, error: &Error) -> Vec<String> {
    let want = &case["want"];
    let mut differences = Vec::new();
    let mut differs = |what: &str, wanted: String, got: String| {
        if wanted != got {
            differences.push(format!("{what}: {got:?}, wanted {wanted:?}"));
        }
    };
    let code = Code::from_name(want["code"].as_str().unwrap()).unwrap();
    differs("code", code.name().to_owned(), error.code().name().to_owned());
    // Of several any is fine.
    let any_of = |wanted: &Value, got: &str| match wanted {
        Value::Array(all) if all.iter().any(|one| one == got) => got.to_owned(),
        Value::Array(all) => all[0].as_str().unwrap().to_owned(),
        one => one.as_str().unwrap_or(got).to_owned(),
    };
    let got = error.kind().as_str();
    assert!(!want["kind"].is_null(), "{}: which kind is wanted?", case["id"]);
    differs("kind", any_of(&want["kind"], got), got.to_owned());
    let got = error.message();
    differs("message", any_of(&want["message"], &got), got.to_string());
    if let Some(delay) = want["retryDelaySeconds"].as_f64() {
        let got = error.retry_after().map(|delay| delay.as_secs_f64());
        differs("delay", format!("{delay}"), format!("{}", got.unwrap_or(-1.0)));
    }
    // None is invented: a row without fields wants none.
    let wanted: Vec<&str> = want["fields"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let violations = error.field_violations();
    let got: Vec<&str> = violations.iter().map(|violation| violation.field.as_str()).collect();
    differs("fields", wanted.join(","), got.join(","));
    differences
}

#[test]
fn each_is_read_as_its_api_means_it() {
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for case in TABLES.into_iter().flat_map(cases) {
        if case["id"] == "prop-br" && cfg!(not(feature = "brotli")) {
            continue;
        }
        count += 1;
        let differences = differences(&case, &read(&case));
        if !differences.is_empty() {
            let family = case["family"].as_str().unwrap().to_owned();
            wrong.entry(family).or_default().push(format!("{}: {}", case["id"], differences.join("; ")));
        }
    }
    assert!(count >= 1_400, "only {count} cases");
    let total: usize = wrong.values().map(Vec::len).sum();
    assert!(wrong.is_empty(), "{total} of {count} are wrong:\n{wrong:#?}");
}
