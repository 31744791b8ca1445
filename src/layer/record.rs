//! One event of `tracing` for each error.

use std::error;

use tracing::{debug, warn};

use super::{Event, Observer};
use crate::model::{Error, rpc};

/// Writes one event of [`tracing`] for each error, under the target `errwire`: at `WARN` if the server is at fault (its
/// status is 500 or more) or if something of the error was withheld or given up, else at `DEBUG`.
///
/// It says what the caller does not get to see: the whole message and its causes. Texts are escaped, so that none of them
/// can begin a line of its own.
///
/// ```
/// use errwire::layer::{HttpServerLayer, TracingObserver};
///
/// let layer = HttpServerLayer::default().with_observer(TracingObserver);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct TracingObserver;

impl Observer for TracingObserver {
    fn on_error(&self, event: &Event<'_>) {
        let Event { direction, error, report } = event;
        let lossy = !report.redacted.is_empty() || !report.trimmed.is_empty();
        // A level is part of what is decided when the program is built.
        macro_rules! record {
            ($level:ident) => {
                $level!(
                    target: "errwire",
                    direction = ?direction,
                    kind = error.kind().as_str(),
                    code = error.code().name(),
                    status = error.status().as_u16(),
                    text = ?error.message(),
                    request_id = request_id(error).map(tracing::field::debug),
                    cause = ?causes(error),
                    redacted = ?report.redacted,
                    trimmed = ?report.trimmed,
                    mismatch = report.mismatch,
                    notes = ?report.notes,
                    "translated an error"
                )
            };
        }
        if lossy || error.status().is_server_error() { record!(warn) } else { record!(debug) }
    }
}

fn request_id(error: &Error) -> Option<String> {
    error.detail::<rpc::RequestInfo>().map(|info| info.request_id)
}

/// What caused it, from near to far.
fn causes(error: &Error) -> Vec<String> {
    std::iter::successors(error::Error::source(error), |cause| cause.source()).map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use std::{
        fmt,
        sync::{
            Arc, Mutex,
            atomic::{AtomicU64, Ordering},
        },
    };

    use tracing::{
        Level, Metadata, Subscriber,
        field::{Field, Visit},
        span,
    };

    use super::*;
    use crate::{layer::Direction, model::kinds, translate::Report};

    type Lines = Arc<Mutex<Vec<(Level, Vec<(&'static str, String)>)>>>;

    struct Collector(Lines, AtomicU64);

    struct Fields(Vec<(&'static str, String)>);

    impl Visit for Fields {
        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            self.0.push((field.name(), format!("{value:?}")));
        }
    }

    impl Subscriber for Collector {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == "errwire"
        }

        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(self.1.fetch_add(1, Ordering::Relaxed) + 1)
        }

        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

        fn event(&self, event: &tracing::Event<'_>) {
            let mut fields = Fields(Vec::new());
            event.record(&mut fields);
            self.0.lock().unwrap().push((*event.metadata().level(), fields.0));
        }

        fn enter(&self, _: &span::Id) {}

        fn exit(&self, _: &span::Id) {}
    }

    #[test]
    fn one_event_with_everything() {
        let lines = Lines::default();
        tracing::subscriber::with_default(Collector(lines.clone(), AtomicU64::new(0)), || {
            let error = Error::new(kinds::INTERNAL_ERROR)
                .with_message("db1\n{\"level\":\"fatal\"}")
                .with_detail(rpc::RequestInfo { request_id: "req_1".into(), ..Default::default() })
                .with_source("disk on fire");
            let report = Report { redacted: vec!["message".into()], ..Report::default() };
            TracingObserver.on_error(&Event { direction: Direction::HttpServer, error: &error, report: &report });
            let error = Error::new(kinds::TASK_NOT_FOUND);
            let report = Report::default();
            TracingObserver.on_error(&Event { direction: Direction::HttpClient, error: &error, report: &report });
        });
        let lines = lines.lock().unwrap();
        let find = |at: usize, name: &str| {
            lines[at].1.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].0, lines[1].0), (Level::WARN, Level::DEBUG));
        assert_eq!(find(0, "text"), r#""db1\n{\"level\":\"fatal\"}""#);
        assert_eq!((find(0, "request_id"), find(1, "request_id")), (r#""req_1""#.to_owned(), String::new()));
        assert_eq!(
            (find(0, "cause"), find(0, "redacted")),
            (r#"["disk on fire"]"#.to_owned(), r#"["message"]"#.to_owned())
        );
        assert_eq!((find(1, "kind"), find(1, "status")), (r#""task_not_found""#.to_owned(), "404".to_owned()));
    }
}
