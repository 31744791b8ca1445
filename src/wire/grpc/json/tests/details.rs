//! The standard details, both ways. The JSON is typed by hand from
//! <https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto>,
//! <https://github.com/googleapis/googleapis/blob/master/google/rpc/http.proto> and
//! <https://protobuf.dev/programming-guides/json/>.

use prost_types::Duration;
use serde_json::{Value as Json, json};

use super::super::Registry;
use crate::model::{Detail, rpc};

fn both_ways(name: &str, detail: impl Into<Detail>, json: Json) {
    let (registry, detail) = (Registry::default(), detail.into());
    assert_eq!(registry.detail_to_json(&detail), json, "{name}");
    assert_eq!(registry.detail_from_json(&json).unwrap(), detail, "{name}");
}

#[test]
fn error_info() {
    let metadata = [("zone", "us-east1-a"), ("service", "compute"), ("", "empty name")];
    both_ways(
        "ErrorInfo",
        rpc::ErrorInfo {
            reason: "TASK_NOT_FOUND".into(),
            domain: "api.example.com".into(),
            metadata: metadata.map(|(name, value)| (name.into(), value.into())).into(),
        },
        json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "TASK_NOT_FOUND",
            "domain": "api.example.com",
            "metadata": {"zone": "us-east1-a", "service": "compute", "": "empty name"},
        }),
    );
}

#[test]
fn retry_info() {
    let rows = [
        ("whole", 42, 0, "42s"),
        ("milliseconds", 1, 500_000_000, "1.500s"),
        ("microseconds", 0, 1_000, "0.000001s"),
        ("nanoseconds", 0, 1, "0.000000001s"),
        ("zero", 0, 0, "0s"),
        ("negative", -1, 0, "-1s"),
        ("negative below a second", 0, -500_000_000, "-0.500s"),
        ("largest", 315_576_000_000, 999_999_999, "315576000000.999999999s"),
    ];
    for (name, seconds, nanos, text) in rows {
        both_ways(
            name,
            rpc::RetryInfo { retry_delay: Some(Duration { seconds, nanos }) },
            json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": text}),
        );
    }
    both_ways("unset", rpc::RetryInfo::default(), json!({"@type": "type.googleapis.com/google.rpc.RetryInfo"}));
}

#[test]
fn debug_info() {
    both_ways(
        "DebugInfo",
        rpc::DebugInfo { stack_entries: vec!["main.rs:1".into(), String::new()], detail: "panicked".into() },
        json!({
            "@type": "type.googleapis.com/google.rpc.DebugInfo",
            "stackEntries": ["main.rs:1", ""],
            "detail": "panicked",
        }),
    );
}

#[test]
fn quota_failure() {
    let violation = rpc::quota_failure::Violation {
        subject: "project:1".into(),
        description: "Too many reads".into(),
        api_service: "tasks.example.com".into(),
        quota_metric: "tasks.example.com/reads".into(),
        quota_id: "ReadsPerMinute".into(),
        quota_dimensions: [("region".into(), "eu".into()), ("zone".into(), "a".into())].into(),
        quota_value: 9_007_199_254_740_993,
        future_quota_value: Some(0),
    };
    both_ways(
        "QuotaFailure",
        rpc::QuotaFailure { violations: vec![violation, Default::default()] },
        json!({
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            "violations": [
                {
                    "subject": "project:1",
                    "description": "Too many reads",
                    "apiService": "tasks.example.com",
                    "quotaMetric": "tasks.example.com/reads",
                    "quotaId": "ReadsPerMinute",
                    "quotaDimensions": {"region": "eu", "zone": "a"},
                    "quotaValue": "9007199254740993",
                    "futureQuotaValue": "0",
                },
                {},
            ],
        }),
    );
}

#[test]
fn precondition_failure() {
    both_ways(
        "PreconditionFailure",
        rpc::PreconditionFailure {
            violations: vec![rpc::precondition_failure::Violation {
                r#type: "TOS".into(),
                subject: "example.com/terms".into(),
                description: "Accept the terms".into(),
            }],
        },
        json!({
            "@type": "type.googleapis.com/google.rpc.PreconditionFailure",
            "violations": [{"type": "TOS", "subject": "example.com/terms", "description": "Accept the terms"}],
        }),
    );
}

#[test]
fn bad_request() {
    both_ways(
        "BadRequest",
        rpc::BadRequest {
            field_violations: vec![rpc::bad_request::FieldViolation {
                field: "tasks[0].url".into(),
                description: "must be absolute".into(),
                reason: "URL_RELATIVE".into(),
                localized_message: Some(rpc::LocalizedMessage {
                    locale: "de".into(),
                    message: "muss absolut sein".into(),
                }),
            }],
        },
        json!({
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{
                "field": "tasks[0].url",
                "description": "must be absolute",
                "reason": "URL_RELATIVE",
                "localizedMessage": {"locale": "de", "message": "muss absolut sein"},
            }],
        }),
    );
}

#[test]
fn request_info() {
    both_ways(
        "RequestInfo",
        rpc::RequestInfo { request_id: "req-1".into(), serving_data: "\u{1}\"\u{2028}😈".into() },
        json!({
            "@type": "type.googleapis.com/google.rpc.RequestInfo",
            "requestId": "req-1",
            "servingData": "\u{1}\"\u{2028}😈",
        }),
    );
}

#[test]
fn resource_info() {
    both_ways(
        "ResourceInfo",
        rpc::ResourceInfo {
            resource_type: "task".into(),
            resource_name: "tasks/1".into(),
            owner: "user:a".into(),
            description: "deleted".into(),
        },
        json!({
            "@type": "type.googleapis.com/google.rpc.ResourceInfo",
            "resourceType": "task",
            "resourceName": "tasks/1",
            "owner": "user:a",
            "description": "deleted",
        }),
    );
}

#[test]
fn help() {
    both_ways(
        "Help",
        rpc::Help {
            links: vec![rpc::help::Link { description: "Docs".into(), url: "https://example.com/docs".into() }],
        },
        json!({
            "@type": "type.googleapis.com/google.rpc.Help",
            "links": [{"description": "Docs", "url": "https://example.com/docs"}],
        }),
    );
}

#[test]
fn localized_message() {
    both_ways(
        "LocalizedMessage",
        rpc::LocalizedMessage { locale: "fr-CH".into(), message: "Introuvable".into() },
        json!({
            "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
            "locale": "fr-CH",
            "message": "Introuvable",
        }),
    );
}

#[test]
fn http_response() {
    both_ways(
        "HttpResponse",
        rpc::HttpResponse {
            status: 418,
            reason: "I'm a teapot".into(),
            headers: vec![rpc::HttpHeader { key: "allow".into(), value: "BREW".into() }],
            body: b"\xfb\xff<html>"[..].into(),
        },
        json!({
            "@type": "type.googleapis.com/google.rpc.HttpResponse",
            "status": 418,
            "reason": "I'm a teapot",
            "headers": [{"key": "allow", "value": "BREW"}],
            "body": "+/88aHRtbD4=",
        }),
    );
}

#[test]
fn the_prefix_of_a_type_url_stays() {
    for prefix in ["", "/", "type.googleapis.com/", "https://acme.test/a/b/"] {
        let type_url = format!("{prefix}google.rpc.RequestInfo");
        both_ways(
            prefix,
            Detail::new(type_url.clone(), &b"\x0a\x01x"[..]),
            json!({"@type": type_url, "requestId": "x"}),
        );
    }
}
