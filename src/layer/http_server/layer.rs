//! How the layer is set up.

use std::{fmt, sync::Arc};

use http::request::Parts;
use tower_layer::Layer;

use super::{
    HttpServer,
    shared::{Settings, Shared},
};
use crate::{
    layer::{Direction, Observer, status_writer::Writer},
    model::Audience,
    translate::Translator,
    wire::http::Dialect,
};

/// See the [module docs](super).
pub struct HttpServerLayer<O = ()> {
    shared: Arc<Shared<O>>,
}

impl HttpServerLayer {
    /// By this translator, for anybody, in the dialect that the caller accepts and without details.
    // docs/rules.md: R-PUBLIC-8
    pub fn new(translator: Translator) -> Self {
        let (audience, direction) = (Audience::Public, Direction::HttpServer);
        let writer = Writer { translator, audience, direction, observer: () };
        let settings = Settings { dialect: None, details: false, exempt: Vec::new(), name_method: None };
        Self { shared: Arc::new(Shared::new(writer, settings)) }
    }
}

impl<O: Clone> HttpServerLayer<O> {
    /// Sets who reads the errors.
    #[must_use]
    pub fn with_audience(mut self, audience: Audience) -> Self {
        let shared = Arc::make_mut(&mut self.shared);
        Arc::make_mut(&mut shared.grpc).writer.audience = audience;
        self
    }

    /// Sets the shape of the body for all callers, whatever they accept: [`Dialect::KindMessage`], [`Dialect::Problem`],
    /// [`Dialect::Google`] or [`Dialect::Connect`]; any other counts as the first.
    #[must_use]
    pub fn with_dialect(self, dialect: Dialect) -> Self {
        self.with(|settings| settings.dialect = Some(dialect))
    }

    /// Puts the `details` that the audience may see in the body.
    #[must_use]
    pub fn with_details(self) -> Self {
        self.with(|settings| settings.details = true)
    }

    /// Lets the answers to such requests pass as they are, errors included, because another standard says what their
    /// body is. Requests that any of several predicates names are exempt.
    ///
    /// A panic, and a service that fails to answer, are still answered by this layer.
    #[must_use]
    pub fn exempt(self, predicate: impl Fn(&Parts) -> bool + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.exempt.push(Arc::new(predicate)))
    }

    /// Says which method of the catalog a request is for, as `tasks.v1.TaskService/GetTask`: an error of a kind that the method
    /// does not declare is counted and logged, and answered all the same. Without this, the method is found by the routes of
    /// its `google.api.http` annotation.
    ///
    /// Requests that nothing is named for are not looked at any further.
    #[must_use]
    pub fn with_method(self, name: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.name_method = Some(Arc::new(name)))
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut Arc::make_mut(&mut self.shared).settings);
        self
    }
}

impl<O> HttpServerLayer<O> {
    /// Sets who is told of every error.
    #[must_use]
    pub fn with_observer<P: Observer>(self, observer: P) -> HttpServerLayer<P> {
        let (writer, settings) = (self.shared.writer().with_observer(observer), self.shared.settings.clone());
        HttpServerLayer { shared: Arc::new(Shared::new(writer, settings)) }
    }
}

impl Default for HttpServerLayer {
    fn default() -> Self {
        Self::new(Translator::default())
    }
}

impl<O> Clone for HttpServerLayer<O> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<O> fmt::Debug for HttpServerLayer<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServerLayer")
            .field("audience", &self.shared.writer().audience)
            .field("dialect", &self.shared.settings.dialect)
            .field("details", &self.shared.settings.details)
            .finish_non_exhaustive()
    }
}

impl<S, O> Layer<S> for HttpServerLayer<O> {
    type Service = HttpServer<S, O>;

    fn layer(&self, inner: S) -> Self::Service {
        HttpServer::with_shared(inner, self.shared.clone())
    }
}
