//! What was decided in a translation, in words.

use prost::{Message, Name};

use super::words;
use crate::{model::rpc, service::pb};

/// The facts of a report, each under a term. A part that was read has its place: `error.code`, `header retry-after`.
pub(crate) fn why(report: &pb::Report, error: Option<&pb::ErrorRecord>) -> Vec<(&'static str, String)> {
    let is_http = report.evidence() != pb::Evidence::Unspecified;
    let mut facts = vec![
        ("read as", if is_http { dialect(report.dialect()) } else { String::new() }),
        ("evidence", evidence(report.evidence()).to_owned()),
        ("kind", by(report.kind_rule(), &report.kind_from)),
        ("code", by(report.code_rule(), &report.code_from)),
        ("status", by(report.status_rule(), "")),
        (
            "message",
            if is_http && report.message_from.is_empty() {
                "the default of the kind".into()
            } else {
                report.message_from.clone()
            },
        ),
        ("delay", report.delay_from.clone()),
        ("violations", report.violations_from.clone()),
        (
            "not read",
            error.and_then(kept_body).map_or_else(String::new, |body| {
                let excerpt = words::excerpt(&String::from_utf8_lossy(&body));
                format!("some of the body, kept in google.rpc.HttpResponse: {excerpt}")
            }),
        ),
        ("trimmed", report.trimmed.join("; ")),
        ("withheld", report.redacted.join("; ")),
        ("mismatch", if report.mismatch { "header and details disagree: the header wins" } else { "" }.into()),
    ];
    facts.extend(report.notes.iter().map(|note| ("note", note.clone())));
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

fn dialect(dialect: pb::Dialect) -> String {
    match dialect {
        pb::Dialect::Unspecified => String::new(),
        named => named.as_str_name().trim_start_matches("DIALECT_").to_lowercase(),
    }
}

/// The place of what was read; else the rule that decided.
fn by(rule: pb::Rule, origin: &str) -> String {
    let words = match rule {
        pb::Rule::Body | pb::Rule::GrpcStatus | pb::Rule::ErrorInfo | pb::Rule::ForeignErrorInfo
            if !origin.is_empty() =>
        {
            origin
        }
        pb::Rule::Unspecified => "",
        pb::Rule::Given => "as given",
        pb::Rule::GrpcStatus => "grpc-status",
        pb::Rule::ErrorInfo => "ErrorInfo",
        pb::Rule::ForeignErrorInfo => "ErrorInfo of another domain",
        pb::Rule::Body => "the body",
        pb::Rule::StatusLine => "the status line",
        pb::Rule::HttpResponse => "google.rpc.HttpResponse",
        pb::Rule::Catalog => "the catalog, by kind",
        pb::Rule::CodeFallback => "none is named: the one of the code",
        pb::Rule::StatusFallback => "none is named: the one of the status",
        pb::Rule::OriginTable => "the table for APIs, by status",
        pb::Rule::IntermediaryTable => "the table for proxies, by status",
        pb::Rule::Invalid => "what arrived is not valid: a fixed value",
    };
    words.to_owned()
}

fn evidence(evidence: pb::Evidence) -> &'static str {
    match evidence {
        pb::Evidence::Unspecified => "",
        pb::Evidence::Forced => "forced: the caller chose the table",
        pb::Evidence::GrpcFields => "fields of gRPC",
        pb::Evidence::Strong => "strong: an API wrote the body",
        pb::Evidence::Weak => "weak: an API or a gateway wrote the body",
        pb::Evidence::None => "none: a proxy may have written the body",
    }
}

/// The body that travels on, since it says more than was understood.
fn kept_body(error: &pb::ErrorRecord) -> Option<Vec<u8>> {
    let name = rpc::HttpResponse::full_name();
    let mut responses = error.details.iter().filter(|detail| detail.type_url.rsplit('/').next() == Some(&name));
    let body = responses.find_map(|detail| rpc::HttpResponse::decode(&*detail.value).ok())?.body;
    (!body.is_empty()).then(|| body.into())
}
