use std::{collections::BTreeMap, sync::Mutex};

use tracing::{
    Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::*;
use crate::model::{kinds, rpc};

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
