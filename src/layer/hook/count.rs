//! Counting errors.

use crate::{
    layer::{Event, Observer},
    model::Kind,
};

/// What stands for a kind that no catalog has, since a peer chooses it and a label must come from a closed set
/// (<https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/>).
const OTHER: &str = "_OTHER";

/// Counts errors through the [`metrics`] facade, by `direction`, `kind` and `code`:
///
/// - `errwire_errors_total`: every error;
/// - `errwire_redacted_total`, `errwire_trimmed_total`, `errwire_mismatched_total`: those from which something was
///   withheld or trimmed, and those whose header and details disagreed;
/// - `errwire_undeclared_total`, by `method` too: those whose kind the method does not declare.
///
/// A kind that no catalog has counts as `_OTHER`. Each has the labels of
/// [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/) too: `error.type` (the kind if the catalog has
/// it, else the code: a closed set), and `rpc.response.status_code` over gRPC or `http.response.status_code` over HTTP.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountErrors;

impl Observer for CountErrors {
    fn on_error(&self, event: &Event<'_>) {
        let Event { direction, error, report } = event;
        let (protocol, status) = match (event.rpc_status_code(), event.http_status_code()) {
            (Some(code), _) => ("rpc.response.status_code", code.to_owned()),
            (None, status) => ("http.response.status_code", status.unwrap_or_default().to_string()),
        };
        let labels = [
            ("direction", direction.name().to_owned()),
            ("kind", kind(error.kind()).to_owned()),
            ("code", error.code().name().to_owned()),
            ("error.type", event.error_type().to_owned()),
            (protocol, status),
        ];
        metrics::counter!("errwire_errors_total", &labels).increment(1);
        if !report.redacted.is_empty() {
            metrics::counter!("errwire_redacted_total", &labels).increment(1);
        }
        if !report.trimmed.is_empty() {
            metrics::counter!("errwire_trimmed_total", &labels).increment(1);
        }
        if let Some(method) = &report.undeclared {
            // The names come from the catalog.
            let [direction, kind, code, error_type, status] = labels.clone();
            let labels = [direction, kind, code, error_type, status, ("method", method.clone())];
            metrics::counter!("errwire_undeclared_total", &labels).increment(1);
        }
        if report.mismatch {
            metrics::counter!("errwire_mismatched_total", &labels).increment(1);
        }
    }
}

fn kind(kind: &Kind) -> &str {
    if kind.entry().is_some() { kind.as_str() } else { OTHER }
}
