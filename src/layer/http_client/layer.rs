//! How the layer is set up.

use std::{fmt, sync::Arc};

use tower_layer::Layer;

use super::{HttpClient, shared::Shared};
use crate::{
    layer::Observer,
    translate::{StatusTable, Translator},
};

/// See the [module docs](super).
pub struct HttpClientLayer<O = ()> {
    shared: Arc<Shared<O>>,
}

impl HttpClientLayer {
    /// By this translator, and by the evidence of each answer.
    pub fn new(translator: Translator) -> Self {
        Self { shared: Arc::new(Shared { translator, table: StatusTable::Auto, observer: () }) }
    }
}

impl<O> HttpClientLayer<O> {
    /// Forces the table that turns an HTTP status into a code, where the body does not say.
    #[must_use]
    pub fn with_table(mut self, table: StatusTable) -> Self
    where
        O: Clone,
    {
        Arc::make_mut(&mut self.shared).table = table;
        self
    }

    /// Sets who is told of every error.
    #[must_use]
    pub fn with_observer<P: Observer>(self, observer: P) -> HttpClientLayer<P> {
        let Shared { ref translator, table, .. } = *self.shared;
        HttpClientLayer { shared: Arc::new(Shared { translator: translator.clone(), table, observer }) }
    }
}

impl Default for HttpClientLayer {
    fn default() -> Self {
        Self::new(Translator::default())
    }
}

impl<O> Clone for HttpClientLayer<O> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<O> fmt::Debug for HttpClientLayer<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClientLayer").field("table", &self.shared.table).finish_non_exhaustive()
    }
}

impl<S, O> Layer<S> for HttpClientLayer<O> {
    type Service = HttpClient<S, O>;

    fn layer(&self, inner: S) -> Self::Service {
        HttpClient::with_shared(inner, self.shared.clone())
    }
}
