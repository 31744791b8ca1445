//! What is served.

use std::{sync::Arc, time::Duration};

use http::HeaderValue;
use tonic::{
    codec::CompressionEncoding,
    service::{Routes, RoutesBuilder},
};

use super::{health::Health, observe::Metrics, reflection};
use crate::{
    Translator,
    service::{
        CatalogReader, ErrorMapping, ErrorMappingServer, MAX_MESSAGE_BYTES,
        pb::catalog_service_server::CatalogServiceServer,
    },
};

/// What a server offers, and how it stops.
#[derive(Clone, Debug)]
pub struct App {
    translator: Translator,
    drain_timeout: Duration,
    cors_origins: Vec<HeaderValue>,
    metrics: Metrics,
}

impl App {
    /// The services by this translator. When it stops, calls under way get twenty seconds to finish.
    pub fn new(translator: Translator) -> Self {
        // Kubernetes kills after 30 seconds
        // (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination).
        Self {
            translator,
            drain_timeout: Duration::from_secs(20),
            cors_origins: Vec::new(),
            metrics: Metrics::new(|_| {}),
        }
    }

    /// How long calls that are under way may go on once the server stops.
    #[must_use]
    pub fn with_drain_timeout(mut self, timeout: Duration) -> Self {
        self.drain_timeout = timeout;
        self
    }

    /// Lets pages of these origins, such as `https://console.example.com`, call from a browser; `*` stands for any origin. At
    /// first there are none.
    #[must_use]
    pub fn with_cors_origins(mut self, origins: impl IntoIterator<Item = HeaderValue>) -> Self {
        self.cors_origins = origins.into_iter().collect();
        self
    }

    /// All that was counted so far, as [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/) text; clones
    /// count together.
    pub fn metrics_text(&self) -> String {
        self.metrics.text()
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    pub(super) fn cors_origins(&self) -> &[HeaderValue] {
        &self.cors_origins
    }

    pub(super) fn translator(&self) -> &Translator {
        &self.translator
    }

    pub(super) fn drain_timeout(&self) -> Duration {
        self.drain_timeout
    }

    pub(super) fn routes(&self, health: &Health) -> Result<Routes, tonic_reflection::server::Error> {
        let mapping = ErrorMapping::new(self.translator.clone()).with_watch(Arc::new(self.metrics.clone()));
        let mapping = ErrorMappingServer::new(mapping);
        let catalog = CatalogServiceServer::new(CatalogReader::new(self.translator.clone()))
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .accept_compressed(CompressionEncoding::Gzip);
        let mut routes = RoutesBuilder::default();
        routes.add_service(mapping).add_service(catalog).add_service(health.server());
        reflection::add(&mut routes)?;
        Ok(routes.routes())
    }
}
