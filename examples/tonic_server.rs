//! A tonic server whose handlers return `errwire::Error`, and a call that fails.
//!
//!     cargo run --example tonic_server
//!
//! The service is `grpc.health.v1.Health`, since its protos are at hand; any other is written in the same way.

use std::{collections::BTreeSet, error::Error as StdError, time::Duration};

use errwire::{Error, StatusExt, kinds, layer::GrpcServerLayer};
use tokio::net::TcpListener;
use tokio_stream::Empty;
use tonic::{
    Request, Response, Status,
    transport::{Endpoint, Server, server::TcpIncoming},
};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse,
    health_check_response::ServingStatus,
    health_client::HealthClient,
    health_server::{Health, HealthServer},
};

struct Services(BTreeSet<String>);

impl Services {
    /// No gRPC here: the error says what happened, and its kind says what that means on every wire.
    fn find(&self, name: &str) -> Result<ServingStatus, Error> {
        if name.is_empty() {
            return Err(Error::new(kinds::REQUEST_INVALID).with_field_violation("service", "Name a service."));
        }
        if self.0.contains(name) {
            return Ok(ServingStatus::Serving);
        }
        Err(Error::new(kinds::NOT_FOUND)
            .with_message(format!("Service {name} does not exist. Check its name."))
            .with_metadata("service", name))
    }
}

#[tonic::async_trait]
impl Health for Services {
    async fn check(&self, request: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        let name = &request.get_ref().service;
        if name == "reports" {
            // A plain `Status` gets its kind from the layer.
            return Err(Status::unavailable("Reports are being built."));
        }
        // `?` turns the error into a `Status` with an `ErrorInfo`.
        let status = self.find(name)?;
        Ok(Response::new(HealthCheckResponse { status: status.into() }))
    }

    type WatchStream = Empty<Result<HealthCheckResponse, Status>>;

    async fn watch(&self, _: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        panic!("the layer answers with internal_error, and the server goes on")
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let services = Services(BTreeSet::from(["tasks".to_owned()]));
    let server = Server::builder()
        .layer(GrpcServerLayer::default().with_timeout(Duration::from_secs(10)))
        .add_service(HealthServer::new(services))
        .serve_with_incoming(TcpIncoming::from(listener));
    tokio::select! {
        served = server => served?,
        called = call(Endpoint::from_shared(format!("http://{address}"))?) => called?,
    }
    Ok(())
}

async fn call(endpoint: Endpoint) -> Result<(), Box<dyn StdError>> {
    let mut client = HealthClient::new(endpoint.connect().await?);
    let check = |service: &str| HealthCheckRequest { service: service.to_owned() };

    let status = client.check(check("tsks")).await.err().ok_or("there is no such service")?;
    let error = status.to_errwire();
    println!("{:?} {error}", status.code());
    assert!(error.kind() == kinds::NOT_FOUND);
    assert_eq!(error.metadata()["service"], "tsks");

    let status = client.check(check("reports")).await.err().ok_or("there are no reports yet")?;
    println!("{:?} {}", status.code(), status.to_errwire());
    assert!(status.to_errwire().kind() == kinds::SERVICE_UNAVAILABLE);

    let status = client.watch(check("tasks")).await.err().ok_or("the handler panics")?;
    println!("{:?} {}", status.code(), status.to_errwire());
    assert!(status.to_errwire().kind() == kinds::INTERNAL_ERROR);
    Ok(())
}
