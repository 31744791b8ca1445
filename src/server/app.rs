//! What is served: the services of gRPC behind their layers, and which web pages of other origins may call them.

use std::{
    convert::Infallible,
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderName, Method, Request, Response, header};
use tonic::{
    body::Body,
    codegen::BoxFuture,
    server::NamedService,
    service::{Routes, RoutesBuilder},
};
use tonic_reflection::server::{Builder, Error};
use tower::{
    Layer, Service,
    util::{MapResponseLayer, option_layer},
};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer, ExposeHeaders};

use super::{
    CatalogFollower,
    config::{Config, Origin, Resolved},
    lifecycle::Health,
    observe::{Measured, Metrics},
    tls::Identity,
    unary::WithUnary,
};
use crate::{
    layer::GrpcServerLayer,
    model::rpc::DESCRIPTORS,
    service::{CatalogReader, CatalogServer, ErrorMapping, ErrorMappingServer, name_refusal},
    translate::Translator,
};

/// The services of a server, and its configuration.
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
        Error,
    > {
        let most = self.config.max_message_bytes;
        let named = MapResponseLayer::new(move |response| name_refusal(response, most.as_usize()));
        // For panics, and deadlines of callers.
        let kept = GrpcServerLayer::new(self.translator.clone());
        let grpc = kept.layer(named.layer(self.services(health)?));
        let grpc = Measured::new(grpc, self.metrics.clone());
        let all = WithUnary::new(grpc, self.translator.clone(), self.metrics.clone(), most);
        Ok(option_layer(cors(&self.config.cors_origins)).layer(all))
    }

    fn services(&self, health: &Health) -> Result<Services, Error> {
        let most = self.config.max_message_bytes.as_usize();
        let mapping = ErrorMapping::new(self.translator.clone()).with_watch(self.metrics.translations());
        let mapping = ErrorMappingServer::new(mapping).with_max_message_bytes(most);
        let catalog = CatalogServer::new(CatalogReader::new(self.translator.clone())).with_max_message_bytes(most);
        let mut others = RoutesBuilder::default();
        let reflection = || Builder::configure().register_encoded_file_descriptor_set(DESCRIPTORS);
        others
            .add_service(catalog)
            .add_service(health.server())
            .add_service(reflection().build_v1()?)
            .add_service(reflection().build_v1alpha()?);
        Ok(Services { mapping, others: others.routes().prepare() })
    }
}

impl From<Resolved> for App {
    fn from(resolved: Resolved) -> Self {
        let Resolved { config, translator, catalogs, identity, .. } = resolved;
        let metrics = Metrics::new(catalogs.as_ref().map(CatalogFollower::watch));
        Self { translator, config, identity, catalogs, metrics }
    }
}

/// All services of gRPC. Cheap to clone, which is done for each call.
#[derive(Clone, Debug)]
struct Services {
    mapping: ErrorMappingServer,
    others: Routes,
}

impl Service<Request<Body>> for Services {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Response<Body>, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    /// Nearly all calls are translations, which skip the router and its allocations.
    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if is_of::<ErrorMappingServer>(request.uri().path()) {
            self.mapping.call(request)
        } else {
            Box::pin(self.others.call(request))
        }
    }
}

/// Whether a path is of a method of this service: `/package.Service/Method`.
fn is_of<S: NamedService>(path: &str) -> bool {
    let method = path.strip_prefix('/').and_then(|path| path.strip_prefix(S::NAME));
    method.is_some_and(|method| method.starts_with('/'))
}

/// The headers that a page needs to understand an error.
const EXPOSED: [HeaderName; 8] = [
    HeaderName::from_static("grpc-status"),
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-status-details-bin"),
    HeaderName::from_static("errwire-kind"),
    HeaderName::from_static("x-request-id"),
    header::RETRY_AFTER,
    header::CONTENT_LANGUAGE,
    header::LINK,
];

/// Pages of these origins may call; `*` stands for any. Nothing here is bound to a user, so no credentials are allowed.
fn cors(origins: &[Origin]) -> Option<CorsLayer> {
    let allowed = match origins {
        [] => return None,
        origins if origins.contains(&Origin::ANY) => AllowOrigin::any(),
        origins => AllowOrigin::list(origins.iter().map(Origin::value).cloned()),
    };
    Some(
        CorsLayer::new()
            .allow_origin(allowed)
            .allow_methods([Method::GET, Method::POST])
            // Metadata may have any name.
            .allow_headers(AllowHeaders::mirror_request())
            .expose_headers(ExposeHeaders::list(EXPOSED))
            // What browsers allow at most (https://fetch.spec.whatwg.org/#cors-preflight-cache).
            .max_age(Duration::from_secs(7_200)),
    )
}
