//! Watching the errors that pass.

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

/// Sees every translated error, once.
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

    /// Whether it also wants errors that pass a layer unchanged, which are then read only for the observer.
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

/// Both see it, one after the other.
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
