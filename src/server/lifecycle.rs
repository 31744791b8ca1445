//! Graceful shutdown, in steps that tasks can wait for, and the health that follows from them: `grpc.health.v1`, which behaves as
//! [grpc-go's](https://pkg.go.dev/google.golang.org/grpc/health) does.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use pin_project_lite::pin_project;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Request, Response, Status, server::NamedService};

use crate::{
    model::{Error, kinds},
    pb::health::{
        HealthCheckRequest, HealthCheckResponse, HealthListRequest, HealthListResponse,
        health_check_response::ServingStatus,
        health_server::{Health as Service, HealthServer},
    },
    service::{CatalogServer, ErrorMappingServer},
};

/// The progress of a shutdown. Each step includes the earlier ones, and none is undone.
#[derive(Clone, Debug)]
pub(crate) struct Lifecycle {
    /// The server reports that it is not ready, and still accepts connections and calls.
    pub(crate) leaving: CancellationToken,
    /// It accepts no more connections.
    pub(crate) closing: CancellationToken,
    /// It sends a GOAWAY on all connections, and ends subscriptions. Clients then open new connections. The listener is
    /// closed before that, so that these do not wait in its queue.
    pub(crate) draining: CancellationToken,
    /// Calls that are still in flight end with UNAVAILABLE, and connections close.
    pub(crate) ending: CancellationToken,
}

impl Lifecycle {
    pub(crate) fn new() -> Self {
        // A token is cancelled with its parent, so that the parent is the later step.
        let ending = CancellationToken::new();
        let draining = ending.child_token();
        let closing = draining.child_token();
        let leaving = closing.child_token();
        Self { leaving, closing, draining, ending }
    }
}

/// Asks a running server, or a [`CatalogFollower`](super::CatalogFollower) alone, to check its files now, as SIGHUP does:
/// certificates and catalogs. Catalog files are read again even if they are unchanged. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Reload(watch::Sender<()>);

impl Reload {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(()))
    }

    /// Asks once. Requests that come while one is waiting are merged.
    pub fn request(&self) {
        self.0.send_replace(());
    }

    /// Sees each request from now on.
    pub(super) fn requests(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}

/// The services whose health is known; the empty name is the server as a whole. Far fewer than the 100 that
/// [A90](https://github.com/grpc/proposal/blob/master/A90-health-service-list.md) lets a response of `List` have.
const SERVICES: [&str; 3] = ["", ErrorMappingServer::NAME, CatalogServer::NAME];

/// All services are SERVING until the shutdown begins, and NOT_SERVING from then on.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    leaving: CancellationToken,
}

impl Health {
    pub(crate) fn new(lifecycle: &Lifecycle) -> Self {
        Self { leaving: lifecycle.leaving.clone() }
    }

    pub(crate) fn server(&self) -> HealthServer<Self> {
        HealthServer::new(self.clone())
    }

    fn status(&self) -> ServingStatus {
        match self.leaving.is_cancelled() {
            true => ServingStatus::NotServing,
            false => ServingStatus::Serving,
        }
    }
}

#[tonic::async_trait]
impl Service for Health {
    async fn check(&self, request: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        match SERVICES.contains(&&*request.get_ref().service) {
            true => Ok(Response::new(response(self.status()))),
            false => Err(Error::new(kinds::NOT_FOUND)
                .with_message("The server has no such service. List its services by server reflection.")
                .into()),
        }
    }

    async fn list(&self, _: Request<HealthListRequest>) -> Result<Response<HealthListResponse>, Status> {
        let status = response(self.status());
        let statuses = SERVICES.into_iter().map(|name| (name.to_owned(), status)).collect();
        Ok(Response::new(HealthListResponse { statuses }))
    }

    type WatchStream = Watch;

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Watch>, Status> {
        let known = SERVICES.contains(&&*request.get_ref().service);
        let first = if known { self.status() } else { ServingStatus::ServiceUnknown };
        let may_change = first == ServingStatus::Serving;
        Ok(Response::new(Watch { first: Some(first), may_change, leaving: self.leaving.clone().cancelled_owned() }))
    }
}

pin_project! {
    /// The state of a service, now and at each change. The stream never ends by itself.
    pub(crate) struct Watch {
        first: Option<ServingStatus>,
        may_change: bool,
        #[pin]
        leaving: WaitForCancellationFutureOwned,
    }
}

impl Stream for Watch {
    type Item = Result<HealthCheckResponse, Status>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.project();
        let status = match this.first.take() {
            Some(first) => first,
            None if *this.may_change => {
                ready!(this.leaving.poll(cx));
                *this.may_change = false;
                ServingStatus::NotServing
            }
            None => return Poll::Pending,
        };
        Poll::Ready(Some(Ok(response(status))))
    }
}

fn response(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}
