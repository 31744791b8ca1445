//! The body in each dialect that can be written.

use bytes::Bytes;
use http::HeaderValue;

use crate::{
    model::{Details, Error, rpc},
    translate::{RenderOptions, kind::Lookup, to_grpc},
    wire::http::{self as wire, Dialect, Facts},
};

/// The content type and the body.
pub(super) fn write(
    lookup: Lookup<'_>,
    error: &Error,
    options: &RenderOptions,
    dialect: Dialect,
    facts: &Facts<'_>,
) -> (HeaderValue, Bytes) {
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");
    let details = details(lookup, error, options, dialect);
    let json = |details: &Details| -> Vec<_> {
        details.iter().map(|detail| lookup.policy.registry.detail_to_json(detail)).collect()
    };
    match dialect {
        Dialect::Problem => {
            let details = details.as_ref().map(json);
            (PROBLEM, wire::problem(facts, details.as_deref()))
        }
        Dialect::Google => (JSON, wire::google(facts, &json(&details.unwrap_or_default()))),
        Dialect::Connect => (JSON, wire::connect(facts, &details.unwrap_or_default())),
        _ => {
            let details = details.as_ref().map(json);
            (JSON, wire::kind_message(facts.kind, facts.message, details.as_deref()))
        }
    }
}

/// The details to show: those that the audience may see if they were asked for, and what names the kind where no other
/// member does.
fn details(lookup: Lookup<'_>, error: &Error, options: &RenderOptions, dialect: Dialect) -> Option<Details> {
    let names_kind = matches!(dialect, Dialect::Google | Dialect::Connect);
    if !options.include_details && !names_kind {
        return None;
    }
    let mut details = to_grpc::details(lookup, error, options.audience);
    if !options.include_details {
        details.retain(|detail| detail.is::<rpc::ErrorInfo>());
    }
    Some(details)
}
