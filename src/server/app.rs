//! What is served.

use std::time::Duration;

use tonic::{
    codec::CompressionEncoding,
    service::{Routes, RoutesBuilder},
};

use super::{health::Health, reflection};
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
}

impl App {
    /// The services by this translator. When it stops, calls under way get twenty seconds to finish.
    pub fn new(translator: Translator) -> Self {
        // Kubernetes kills after 30 seconds
        // (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination).
        Self { translator, drain_timeout: Duration::from_secs(20) }
    }

    /// How long calls that are under way may go on once the server stops.
    #[must_use]
    pub fn with_drain_timeout(mut self, timeout: Duration) -> Self {
        self.drain_timeout = timeout;
        self
    }

    pub(super) fn translator(&self) -> &Translator {
        &self.translator
    }

    pub(super) fn drain_timeout(&self) -> Duration {
        self.drain_timeout
    }

    pub(super) fn routes(
        &self,
        health: &Health,
        catalog: CatalogReader,
    ) -> Result<Routes, tonic_reflection::server::Error> {
        let mapping = ErrorMappingServer::new(ErrorMapping::new(self.translator.clone()));
        let catalog = CatalogServiceServer::new(catalog)
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .accept_compressed(CompressionEncoding::Gzip);
        let mut routes = RoutesBuilder::default();
        routes.add_service(mapping).add_service(catalog).add_service(health.server());
        reflection::add(&mut routes)?;
        Ok(routes.routes())
    }
}
