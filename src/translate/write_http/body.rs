//! The body in each dialect that can be written.

use bytes::Bytes;
use http::HeaderValue;

use crate::{
    model::{DetailView, rpc},
    translate::{WriteHttpOptions, audience::View, write_grpc},
    wire::http::{self as wire, Dialect, ErrorFields},
};

/// The content type and the body.
// docs/rules.md: R-WRITE-HTTP-1, R-WRITE-HTTP-2
pub(super) fn write(
    view: &View<'_>,
    options: &WriteHttpOptions,
    dialect: Dialect,
    facts: &ErrorFields<'_>,
) -> (HeaderValue, Bytes) {
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");
    let names_kind = matches!(dialect, Dialect::Google | Dialect::Connect);
    // Those that the audience may see if they were asked for, and what names the kind where no other member does.
    let chosen = || {
        let mut details = write_grpc::details(view);
        if !options.include_details {
            details.retain(|detail| detail.is::<rpc::ErrorInfo>());
        }
        details
    };
    // Names, quotes and braces are about half of it.
    let room = |detail: DetailView<'_>| detail.type_url().len() + 2 * detail.value().len() + 16;
    let len = || view.error.views().map(room).sum::<usize>() + 64;
    let write = |out: &mut Vec<u8>| match options.include_details {
        true => write_grpc::put_details(view, out),
        false => view.lookup.policy.registry.write_details(&chosen(), out),
    };
    let list = (options.include_details || names_kind).then_some(wire::List { len: len(), write: &write });
    match dialect {
        Dialect::Problem => (PROBLEM, wire::problem_with(facts, list)),
        Dialect::Google => (JSON, wire::google_with(facts, list)),
        Dialect::Connect => (JSON, wire::connect(facts, &chosen())),
        _ => (JSON, wire::kind_message_with(facts.kind, facts.message, list)),
    }
}
