//! How the layer is set up.

use std::{fmt, sync::Arc, time::Duration};

use tower_layer::Layer;

use super::{GrpcServer, shared::Shared};
use crate::{
    layer::{Direction, Observer, status_writer::Writer},
    model::Audience,
    translate::Translator,
};

/// See the [module docs](super).
pub struct GrpcServerLayer<O = ()> {
    shared: Arc<Shared<O>>,
}

impl GrpcServerLayer {
    /// By this translator, for callers inside the building, without a time limit of its own.
    pub fn new(translator: Translator) -> Self {
        let (audience, direction) = (Audience::Internal, Direction::GrpcServer);
        let writer = Writer { translator, audience, direction, observer: () };
        Self { shared: Arc::new(Shared { writer, timeout: None }) }
    }
}

impl<O> GrpcServerLayer<O> {
    /// Sets who reads the errors.
    #[must_use]
    pub fn with_audience(self, audience: Audience) -> Self
    where
        O: Clone,
    {
        let Shared { writer, timeout } = Shared::clone(&self.shared);
        Self { shared: Arc::new(Shared { writer: Writer { audience, ..writer }, timeout }) }
    }

    /// Limits every call, bodies included. A caller's shorter `grpc-timeout` wins.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self
    where
        O: Clone,
    {
        Self { shared: Arc::new(Shared { timeout: Some(timeout), ..Shared::clone(&self.shared) }) }
    }

    /// Sets who is told of every error.
    #[must_use]
    pub fn with_observer<P: Observer>(self, observer: P) -> GrpcServerLayer<P> {
        let writer = self.shared.writer.with_observer(observer);
        GrpcServerLayer { shared: Arc::new(Shared { writer, timeout: self.shared.timeout }) }
    }
}

impl Default for GrpcServerLayer {
    fn default() -> Self {
        Self::new(Translator::default())
    }
}

impl<O> Clone for GrpcServerLayer<O> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<O> fmt::Debug for GrpcServerLayer<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcServerLayer")
            .field("audience", &self.shared.writer.audience)
            .field("timeout", &self.shared.timeout)
            .finish_non_exhaustive()
    }
}

impl<S, O> Layer<S> for GrpcServerLayer<O> {
    type Service = GrpcServer<S, O>;

    fn layer(&self, inner: S) -> Self::Service {
        GrpcServer::with_shared(inner, self.shared.clone())
    }
}
