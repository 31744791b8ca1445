//! What is served.

use std::{convert::Infallible, sync::Arc, time::Duration};

use http::{Request, Response};
use tonic::{body::Body, service::RoutesBuilder};
use tower::{
    Layer, Service,
    util::{MapResponseLayer, option_layer},
};

use super::{
    CatalogFollower,
    config::{Config, Resolved},
    cors::cors,
    health::Health,
    observe::{Measured, Metrics, WithContext},
    services::{Services, add_reflection},
    tls::Identity,
    unary::WithUnary,
};
use crate::{
    layer::GrpcServerLayer,
    service::{CatalogReader, CatalogServer, ErrorMapping, ErrorMappingServer, name_refusal},
    translate::Translator,
};

/// What a server offers, and what it is set to.
#[derive(Clone, Debug)]
pub struct App {
    pub(super) translator: Translator,
    pub(super) config: Config,
    pub(super) identity: Option<Identity>,
    pub(super) catalogs: Option<CatalogFollower>,
    pub(super) metrics: Metrics,
}

impl App {
    /// The services by this translator, with the defaults of everything else.
    pub fn new(translator: Translator) -> Self {
        Self { translator, config: Config::default(), identity: None, catalogs: None, metrics: Metrics::new(None) }
    }

    /// Sets everything but the kinds and the certificates, which are read from files already when an app is made of a
    /// [`Resolved`].
    #[must_use]
    pub fn with_config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// How long calls that are in flight may go on once the server stops.
    #[must_use]
    pub fn with_drain_timeout(mut self, timeout: Duration) -> Self {
        self.config.drain_timeout = timeout;
        self
    }

    /// All that was counted so far, as [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/) text; clones
    /// count together.
    pub fn metrics_text(&self) -> String {
        self.metrics.text()
    }

    /// The services of calls, from the outside in: plain HTTP next to gRPC, then what must hold of every call of
    /// gRPC, then the services.
    pub(super) fn stack(
        &self,
        health: &Health,
    ) -> Result<
        impl Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>
        + Clone
        + Send
        + 'static
        + use<>,
        tonic_reflection::server::Error,
    > {
        let most = self.config.max_message_bytes;
        let named = MapResponseLayer::new(move |response| name_refusal(response, most.as_usize()));
        // For panics, and deadlines of callers.
        let kept = GrpcServerLayer::new(self.translator.clone());
        let grpc = kept.layer(named.layer(self.services(health)?));
        let grpc = Measured::new(grpc, self.metrics.clone());
        let all = WithUnary::new(grpc, self.translator.clone(), self.metrics.clone(), most);
        Ok(WithContext::new(option_layer(cors(&self.config.cors_origins)).layer(all)))
    }

    fn services(&self, health: &Health) -> Result<Services, tonic_reflection::server::Error> {
        let most = self.config.max_message_bytes.as_usize();
        let mapping = ErrorMapping::new(self.translator.clone()).with_watch(Arc::new(self.metrics.clone()));
        let mapping = ErrorMappingServer::new(mapping).with_max_message_bytes(most);
        let catalog = CatalogServer::new(CatalogReader::new(self.translator.clone())).with_max_message_bytes(most);
        let mut others = RoutesBuilder::default();
        others.add_service(catalog).add_service(health.server());
        add_reflection(&mut others)?;
        Ok(Services::new(mapping, others.routes()))
    }
}

impl From<Resolved> for App {
    fn from(resolved: Resolved) -> Self {
        let Resolved { config, translator, catalogs, identity, .. } = resolved;
        let metrics = Metrics::new(catalogs.as_ref().map(CatalogFollower::watch));
        Self { translator, config, identity, catalogs, metrics }
    }
}
