//! One event for each error.

use std::{error, iter};

use tracing::Level;

use crate::{
    layer::{Event, Observer},
    model::rpc,
};

/// The longest value of a field, in bytes: a peer chooses some of them.
const MAX_FIELD: usize = 1_024;

/// Writes one [`tracing`] event for each error: at level ERROR for an HTTP status from 500, else INFO.
///
/// The fields are `direction`, `kind`, `code`, `status`, `request_id`, `message` and `cause`, as they were before
/// anything was withheld, then `withheld`, `trimmed`, `mismatch`, and `undeclared`: the method that does not declare the kind. Each is cut at 1 KiB. What was withheld from a
/// caller is thereby logged once, under the request id that the caller sees.
///
/// By the names of [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/rpc/) there are `error.type` (the kind if the
/// catalog has it, else the code: a closed set), and `rpc.response.status_code` over gRPC or `http.response.status_code`
/// over HTTP.
#[derive(Clone, Copy, Debug, Default)]
pub struct TraceErrors;

impl Observer for TraceErrors {
    fn on_error(&self, event: &Event<'_>) {
        let Event { direction, error, report } = event;
        let request_id = error.detail::<rpc::RequestInfo>().map(|info| info.request_id).unwrap_or_default();
        let causes = iter::successors(error::Error::source(*error), |cause| cause.source());
        let cause = causes.take(16).map(ToString::to_string).collect::<Vec<_>>().join(": ");
        macro_rules! event {
            ($level:expr) => {
                tracing::event!(
                    target: "errwire",
                    $level,
                    direction = direction.name(),
                    kind = error.kind().as_str(),
                    code = error.code().name(),
                    status = error.status().as_u16(),
                    "error.type" = event.error_type(),
                    "rpc.response.status_code" = event.rpc_status_code(),
                    "http.response.status_code" = event.http_status_code(),
                    request_id = cut(&request_id),
                    message = cut(&error.message()),
                    cause = cut(&cause),
                    withheld = cut(&report.redacted.join(",")),
                    trimmed = cut(&report.trimmed.join(",")),
                    mismatch = report.mismatch,
                    undeclared = cut(report.undeclared.as_deref().unwrap_or_default()),
                )
            };
        }
        // The level of an event is part of its call site.
        if error.status().is_server_error() { event!(Level::ERROR) } else { event!(Level::INFO) }
    }
}

/// As much of a text as the value of a field may have.
pub(crate) fn cut(text: &str) -> &str {
    let end = (0..=MAX_FIELD.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        fmt,
        sync::{Arc, Mutex},
    };

    use tracing::{
        Metadata, Subscriber,
        field::{Field, Visit},
        span,
    };

    use super::*;
    use crate::{
        layer::Direction,
        model::{Error, kinds},
        translate::Report,
    };

    /// Keeps the fields of each event.
    #[derive(Clone, Default)]
    struct Recorder(Arc<Mutex<Vec<BTreeMap<&'static str, String>>>>);

    struct Fields<'a>(&'a mut BTreeMap<&'static str, String>);

    impl Visit for Fields<'_> {
        fn record_str(&mut self, field: &Field, value: &str) {
            self.0.insert(field.name(), value.to_owned());
        }

        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            self.0.insert(field.name(), format!("{value:?}"));
        }
    }

    impl Subscriber for Recorder {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }

        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

        fn event(&self, event: &tracing::Event<'_>) {
            let mut fields = BTreeMap::new();
            fields.insert("level", event.metadata().level().to_string());
            event.record(&mut Fields(&mut fields));
            self.0.lock().unwrap().push(fields);
        }

        fn enter(&self, _: &span::Id) {}

        fn exit(&self, _: &span::Id) {}
    }

    #[test]
    fn reports_withheld_parts_once() {
        let recorder = Recorder::default();
        let error = Error::new(kinds::INTERNAL_ERROR)
            .with_message(format!("disk on fire {}", "ü".repeat(2_000)))
            .with_detail(rpc::RequestInfo { request_id: "req_1".into(), ..Default::default() })
            .with_source("sda1 is gone");
        let redacted = vec!["message".into(), "google.rpc.DebugInfo".into()];
        let report = Report { redacted, undeclared: Some("a.S/M".into()), ..Report::default() };
        let event = Event { direction: Direction::HttpServer, error: &error, report: &report };
        tracing::subscriber::with_default(recorder.clone(), || TraceErrors.on_error(&event));

        let events = recorder.0.lock().unwrap();
        let [fields] = &events[..] else { panic!("{events:?}") };
        let expected = [
            ("level", "ERROR"),
            ("direction", "http_server"),
            ("kind", "internal_error"),
            ("code", "INTERNAL"),
            ("status", "500"),
            ("error.type", "internal_error"),
            ("http.response.status_code", "500"),
            ("request_id", "req_1"),
            ("cause", "sda1 is gone"),
            ("withheld", "message,google.rpc.DebugInfo"),
            ("trimmed", ""),
            ("mismatch", "false"),
            ("undeclared", "a.S/M"),
        ];
        for (name, value) in expected {
            assert_eq!(fields[name], value, "{name}");
        }
        assert!(!fields.contains_key("rpc.response.status_code"));
        // 13 bytes of ASCII, then characters of two bytes: the cut falls between two of them.
        assert_eq!(fields["message"].len(), 1_023);
    }
}
