//! Which service handles a call.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use tonic::{
    body::Body,
    codegen::BoxFuture,
    server::NamedService,
    service::{Routes, RoutesBuilder},
};
use tonic_reflection::server::{Builder, Error};
use tower_service::Service;

use crate::{model::rpc::DESCRIPTORS, service::ErrorMappingServer};

/// All services of gRPC. Cheap to clone, which is done for each call.
#[derive(Clone, Debug)]
pub(super) struct Services(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    mapping: ErrorMappingServer,
    others: Routes,
}

impl Services {
    pub(super) fn new(mapping: ErrorMappingServer, others: Routes) -> Self {
        Self(Arc::new(Inner { mapping, others: others.prepare() }))
    }
}

impl Service<Request<Body>> for Services {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Response<Body>, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    /// Nearly all calls are translations, which go past the router and what it allocates.
    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if is_of::<ErrorMappingServer>(request.uri().path()) {
            self.0.mapping.clone().call(request)
        } else {
            Box::pin(self.0.others.clone().call(request))
        }
    }
}

/// Whether a path is of a method of this service: `/package.Service/Method`.
fn is_of<S: NamedService>(path: &str) -> bool {
    let method = path.strip_prefix('/').and_then(|path| path.strip_prefix(S::NAME));
    method.is_some_and(|method| method.starts_with('/'))
}

pub(super) fn add_reflection(routes: &mut RoutesBuilder) -> Result<(), Error> {
    routes.add_service(builder().build_v1()?).add_service(builder().build_v1alpha()?);
    Ok(())
}

fn builder() -> Builder<'static> {
    Builder::configure().register_encoded_file_descriptor_set(DESCRIPTORS)
}
