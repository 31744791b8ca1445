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
///   withheld or given up, and those whose header and details disagreed.
///
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

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        sync::{Arc, Mutex},
    };

    use metrics::{Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

    use super::*;
    use crate::{
        layer::Direction,
        model::{Error, kinds},
        translate::Report,
    };

    #[derive(Clone, Default)]
    struct Counts(Arc<Mutex<BTreeMap<String, u64>>>);

    struct One(Counts, String);

    impl CounterFn for One {
        fn increment(&self, value: u64) {
            *self.0.0.lock().unwrap().entry(self.1.clone()).or_default() += value;
        }

        fn absolute(&self, _: u64) {}
    }

    impl Recorder for Counts {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

        fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
            let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            Counter::from_arc(Arc::new(One(self.clone(), format!("{} {}", key.name(), labels.join(",")))))
        }

        fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
            Gauge::noop()
        }

        fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
            Histogram::noop()
        }
    }

    #[test]
    fn counts_by_closed_sets() {
        let counts = Counts::default();
        let mut report = Report::default();
        let see = |error: &Error, report: &Report| {
            let event = Event { direction: Direction::GrpcServer, error, report };
            metrics::with_local_recorder(&counts, || CountErrors.on_error(&event));
        };
        see(&Error::new(kinds::TASK_NOT_FOUND), &report);
        see(&Error::new(kinds::TASK_NOT_FOUND), &report);
        let error = Error::new(kinds::TASK_NOT_FOUND);
        let event = Event { direction: Direction::HttpClient, error: &error, report: &report };
        metrics::with_local_recorder(&counts, || CountErrors.on_error(&event));
        report.trimmed = vec!["DebugInfo".into()];
        report.undeclared = Some("a.S/M".into());
        see(&Error::new(Kind::new("chosen_by_a_peer").unwrap()), &report);

        let other =
            "direction=grpc_server,kind=_OTHER,code=UNKNOWN,error.type=UNKNOWN,rpc.response.status_code=UNKNOWN";
        let known = "direction=grpc_server,kind=task_not_found,code=NOT_FOUND,error.type=task_not_found,\
                     rpc.response.status_code=NOT_FOUND";
        let over_http = "direction=http_client,kind=task_not_found,code=NOT_FOUND,error.type=task_not_found,\
                         http.response.status_code=404";
        let expected = [
            (format!("errwire_errors_total {other}"), 1),
            (format!("errwire_errors_total {known}"), 2),
            (format!("errwire_errors_total {over_http}"), 1),
            (format!("errwire_trimmed_total {other}"), 1),
            (format!("errwire_undeclared_total {other},method=a.S/M"), 1),
        ];
        assert_eq!(*counts.0.lock().unwrap(), expected.into());
    }
}
