//! Observers of errors: the trait, and the ready-made ones.
//!
//! With the feature `tracing`, `TraceErrors` writes one event for each error; with `metrics`, `CountErrors` counts them
//! through the [`metrics`](https://docs.rs/metrics) facade. A pair of observers is an observer, so both can be used:
//!
//! ```
//! # #[cfg(all(feature = "tracing", feature = "metrics"))] {
//! use errwire::layer::{CountErrors, GrpcServerLayer, TraceErrors};
//!
//! let layer = GrpcServerLayer::default().with_observer((TraceErrors, CountErrors));
//! # }
//! ```

use std::{fmt, sync::Arc};

use crate::{model::Error, translate::Report};

/// The direction of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// Out of a gRPC service, to its caller.
    GrpcServer,
    /// Out of an HTTP service, to its caller.
    HttpServer,
    /// From a gRPC service that was called.
    GrpcClient,
    /// From an HTTP service that was called.
    HttpClient,
}

impl Direction {
    /// The name in snake_case: `grpc_server`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GrpcServer => "grpc_server",
            Self::HttpServer => "http_server",
            Self::GrpcClient => "grpc_client",
            Self::HttpClient => "http_client",
        }
    }

    const fn is_grpc(self) -> bool {
        matches!(self, Self::GrpcServer | Self::GrpcClient)
    }
}

/// One translated error.
#[non_exhaustive]
pub struct Event<'a> {
    /// The direction of the error.
    pub direction: Direction,
    /// The error before anything was withheld from the audience; its `source` is the cause.
    pub error: &'a Error,
    /// The decisions of the translation, and what was redacted, trimmed or mismatched.
    pub report: &'a Report,
}

impl<'a> Event<'a> {
    /// An event to tell an observer.
    pub fn new(direction: Direction, error: &'a Error, report: &'a Report) -> Self {
        Self { direction, error, report }
    }

    /// OpenTelemetry's [`error.type`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/#error-type):
    /// the kind if the catalog has it, else the name of the code. A peer cannot add values to it.
    pub fn error_type(&self) -> &'a str {
        let kind = self.error.kind();
        if kind.entry().is_some() { kind.as_str() } else { self.error.code().name() }
    }

    /// OpenTelemetry's
    /// [`rpc.response.status_code`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/rpc/), over gRPC: the
    /// name of the code.
    pub fn rpc_status_code(&self) -> Option<&'static str> {
        self.direction.is_grpc().then(|| self.error.code().name())
    }

    /// OpenTelemetry's
    /// [`http.response.status_code`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/), over HTTP. A
    /// response of gRPC always has 200.
    pub fn http_status_code(&self) -> Option<u16> {
        (!self.direction.is_grpc()).then(|| self.error.status().as_u16())
    }
}

impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event").field("direction", &self.direction).field("error", self.error).finish_non_exhaustive()
    }
}

/// Called once for every translated error.
///
/// `()` does nothing, and any closure that takes an [`Event`] is an observer. A panic in one is caught and ignored, so
/// that an observer never fails a call.
///
/// ```
/// use errwire::layer::{Event, GrpcServerLayer};
///
/// let layer = GrpcServerLayer::default()
///     .with_observer(|event: &Event<'_>| eprintln!("{}: {}", event.error.kind(), event.error.message()));
/// ```
pub trait Observer {
    /// Called before the error is passed on.
    fn on_error(&self, event: &Event<'_>);

    /// Whether it is also called for errors that pass a layer unchanged, which are then read for the observer alone.
    fn wants_unchanged(&self) -> bool {
        true
    }
}

impl Observer for () {
    fn on_error(&self, _: &Event<'_>) {}

    fn wants_unchanged(&self) -> bool {
        false
    }
}

/// Both are told, one after the other.
impl<A: Observer, B: Observer> Observer for (A, B) {
    fn on_error(&self, event: &Event<'_>) {
        self.0.on_error(event);
        self.1.on_error(event);
    }
}

/// One observer of several layers, or of a type that is not known before the program runs.
impl<O: Observer + ?Sized> Observer for Arc<O> {
    fn on_error(&self, event: &Event<'_>) {
        (**self).on_error(event);
    }

    fn wants_unchanged(&self) -> bool {
        (**self).wants_unchanged()
    }
}

impl<F: Fn(&Event<'_>)> Observer for F {
    fn on_error(&self, event: &Event<'_>) {
        self(event);
    }
}

/// The label of a kind that no catalog has: a peer chooses its name, and a label must come from a closed set
/// (<https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/>).
#[cfg(feature = "metrics")]
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
#[cfg(feature = "metrics")]
#[derive(Clone, Copy, Debug, Default)]
pub struct CountErrors;

#[cfg(feature = "metrics")]
impl Observer for CountErrors {
    fn on_error(&self, event: &Event<'_>) {
        let Event { direction, error, report } = event;
        let kind = error.kind().entry().map_or(OTHER, |entry| &*entry.kind);
        let (protocol, status) = match (event.rpc_status_code(), event.http_status_code()) {
            (Some(code), _) => ("rpc.response.status_code", code.to_owned()),
            (None, status) => ("http.response.status_code", status.unwrap_or_default().to_string()),
        };
        let labels = [
            ("direction", direction.name().to_owned()),
            ("kind", kind.to_owned()),
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

/// The longest value of a field, in bytes: a peer chooses some of them.
#[cfg(feature = "tracing")]
const MAX_FIELD: usize = 1_024;

/// Writes one [`tracing`] event for each error: at level ERROR for an HTTP status from 500, else INFO.
///
/// The fields are `direction`, `kind`, `code`, `status`, `request_id`, `message` and `cause`, as they were before anything was
/// withheld, then `withheld`, `trimmed`, `mismatch`, and `undeclared`: the method that does not declare the kind. Each is cut at
/// 1 KiB. What a caller does not see is thereby logged once, under the request id that the caller sees.
///
/// By the names of [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/rpc/) there are `error.type` (the kind if the
/// catalog has it, else the code: a closed set), and `rpc.response.status_code` over gRPC or `http.response.status_code`
/// over HTTP.
#[cfg(feature = "tracing")]
#[derive(Clone, Copy, Debug, Default)]
pub struct TraceErrors;

#[cfg(feature = "tracing")]
impl Observer for TraceErrors {
    fn on_error(&self, event: &Event<'_>) {
        let Event { direction, error, report } = event;
        let request_id =
            error.detail::<crate::model::rpc::RequestInfo>().map(|info| info.request_id).unwrap_or_default();
        let causes = std::iter::successors(std::error::Error::source(*error), |cause| cause.source());
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
        if error.status().is_server_error() { event!(tracing::Level::ERROR) } else { event!(tracing::Level::INFO) }
    }
}

/// The beginning of a text, as long as the value of a field may be.
#[cfg(feature = "tracing")]
pub(crate) fn cut(text: &str) -> &str {
    let end = (0..=MAX_FIELD.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}

#[cfg(test)]
#[cfg(feature = "tracing")]
mod tests;
