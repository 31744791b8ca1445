//! How the layer is set up.

use std::{fmt, sync::Arc};

use tower_layer::Layer;

use super::{GrpcClient, shared::Shared};
use crate::{
    layer::{Direction, Observer, status_writer::Writer},
    model::Audience,
    translate::Translator,
};

/// See the [module docs](super).
pub struct GrpcClientLayer<O = ()> {
    shared: Arc<Shared<O>>,
}

impl GrpcClientLayer {
    /// By this translator.
    pub fn new(translator: Translator) -> Self {
        // The caller sees everything that was answered.
        let (audience, direction) = (Audience::Internal, Direction::GrpcClient);
        Self { shared: Arc::new(Shared(Writer { translator, audience, direction, observer: () })) }
    }
}

impl<O> GrpcClientLayer<O> {
    /// Sets who is told of every error, also of those that pass unchanged.
    #[must_use]
    pub fn with_observer<P: Observer>(self, observer: P) -> GrpcClientLayer<P> {
        GrpcClientLayer { shared: Arc::new(Shared(self.shared.0.with_observer(observer))) }
    }
}

impl Default for GrpcClientLayer {
    fn default() -> Self {
        Self::new(Translator::default())
    }
}

impl<O> Clone for GrpcClientLayer<O> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<O> fmt::Debug for GrpcClientLayer<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcClientLayer").finish_non_exhaustive()
    }
}

impl<S, O> Layer<S> for GrpcClientLayer<O> {
    type Service = GrpcClient<S, O>;

    fn layer(&self, inner: S) -> Self::Service {
        GrpcClient::with_shared(inner, self.shared.clone())
    }
}
