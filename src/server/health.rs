//! `grpc.health.v1`.

use tonic::server::NamedService;
use tonic_health::{
    ServingStatus,
    pb::health_server::{Health as Service, HealthServer},
    server::{HealthReporter, HealthService},
};

use crate::service::{CatalogReader, ErrorMappingServer, pb::catalog_service_server::CatalogServiceServer};

/// The services whose health is known; the empty name is the server as a whole.
const SERVICES: [&str; 3] = ["", ErrorMappingServer::NAME, CatalogServiceServer::<CatalogReader>::NAME];

pub(super) struct Health(HealthReporter);

impl Health {
    pub(super) async fn serving() -> Self {
        let reporter = HealthReporter::new();
        for name in SERVICES {
            reporter.set_service_status(name, ServingStatus::Serving).await;
        }
        Self(reporter)
    }

    pub(super) fn server(&self) -> HealthServer<impl Service + use<>> {
        HealthServer::new(HealthService::from_health_reporter(self.0.clone()))
    }

    /// Tells whoever watches that the server stops, and ends the watches: they would hold their connections open.
    pub(super) async fn stop(mut self) {
        for name in SERVICES {
            self.0.set_service_status(name, ServingStatus::NotServing).await;
            self.0.clear_service_status(name).await;
        }
    }
}
