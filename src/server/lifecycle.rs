//! Graceful shutdown, in steps that tasks can wait for, and the health that follows from them: `grpc.health.v1`, which behaves as
//! [grpc-go's](https://pkg.go.dev/google.golang.org/grpc/health) does.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use pin_project_lite::pin_project;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard, WaitForCancellationFutureOwned};
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
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifecycle {
    leaving: CancellationToken,
    closing: CancellationToken,
    draining: CancellationToken,
    ending: CancellationToken,
}

impl Lifecycle {
    /// The server reports that it is not ready, and still accepts connections and calls.
    pub(crate) fn leaving(&self) -> &CancellationToken {
        &self.leaving
    }

    /// It accepts no more connections.
    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// It sends a GOAWAY on all connections, and ends subscriptions. Clients then open new connections. The listener is
    /// closed before that, so that these do not wait in its queue.
    pub(crate) fn draining(&self) -> &CancellationToken {
        &self.draining
    }

    /// Calls that are still in flight end with UNAVAILABLE, and connections close.
    pub(crate) fn ending(&self) -> &CancellationToken {
        &self.ending
    }

    pub(super) fn leave(&self) {
        self.leaving.cancel();
    }

    pub(super) fn close(&self) {
        self.leave();
        self.closing.cancel();
    }

    pub(super) fn drain(&self) {
        self.close();
        self.draining.cancel();
    }

    pub(super) fn end(&self) {
        self.drain();
        self.ending.cancel();
    }

    /// Ends everything if the server is dropped while it runs.
    pub(super) fn guards(&self) -> [DropGuard; 4] {
        [&self.leaving, &self.closing, &self.draining, &self.ending].map(|token| token.clone().drop_guard())
    }
}

/// Asks a running server to check its files now, as SIGHUP does: certificates and catalogs.
#[derive(Clone, Debug)]
pub struct Reload(watch::Sender<()>);

impl Reload {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(()))
    }

    /// Asks. Several requests that come at once are one.
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
        Self { leaving: lifecycle.leaving().clone() }
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
        let leaving = self.leaving.clone().cancelled_owned();
        let state = if known { State::First } else { State::Unknown };
        Ok(Response::new(Watch { state, leaving }))
    }
}

pin_project! {
    /// The state of a service, now and at each change. The stream never ends by itself.
    pub(crate) struct Watch {
        state: State,
        #[pin]
        leaving: WaitForCancellationFutureOwned,
    }
}

#[derive(Clone, Copy)]
enum State {
    Unknown,
    First,
    Serving,
    /// Nothing changes after this.
    Settled,
}

impl Stream for Watch {
    type Item = Result<HealthCheckResponse, Status>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.project();
        let (status, next) = match *this.state {
            State::Unknown => (ServingStatus::ServiceUnknown, State::Settled),
            State::First => match this.leaving.poll(cx) {
                Poll::Ready(()) => (ServingStatus::NotServing, State::Settled),
                Poll::Pending => (ServingStatus::Serving, State::Serving),
            },
            State::Serving => {
                ready!(this.leaving.poll(cx));
                (ServingStatus::NotServing, State::Settled)
            }
            State::Settled => return Poll::Pending,
        };
        *this.state = next;
        Poll::Ready(Some(Ok(response(status))))
    }
}

fn response(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}
