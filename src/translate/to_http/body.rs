//! The body in each dialect that can be written.

use bytes::Bytes;

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
) -> (&'static str, Bytes) {
    let details = details(lookup, error, options, dialect);
    let json = |details: &Details| -> Vec<_> {
        details.iter().map(|detail| lookup.policy.registry.detail_to_json(detail)).collect()
    };
    match dialect {
        Dialect::Problem => {
            let details = details.as_ref().map(json);
            ("application/problem+json", wire::problem(facts, details.as_deref()))
        }
        Dialect::Google => ("application/json", wire::google(facts, &json(&details.unwrap_or_default()))),
        Dialect::Connect => ("application/json", wire::connect(facts, &details.unwrap_or_default())),
        _ => {
            let details = details.as_ref().map(json);
            ("application/json", wire::kind_message(facts.kind, facts.message, details.as_deref()))
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
