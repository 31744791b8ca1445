//! Admission control.

use std::{convert::Infallible, sync::Arc};

use http::{Request, Response};
use hyper::body::Incoming;
use tonic::body::Body;
use tower::{Service, util::Oneshot};

use super::{
    ItemRate,
    body::AnswerBody,
    call::{Call, Calls, LimitedCall},
    errors,
    future::CallFuture,
    request::RequestBody,
};
use crate::{
    model::Error,
    server::{
        caller::{Caller, close_unread},
        listen::ConnectionState,
        malformed_request::{header_list_bytes, header_too_large},
        observe::identify,
    },
    service::{CallKind, Metered, Rpc},
};

/// The services of one connection, for those calls that are let in.
#[derive(Clone, Debug)]
pub(crate) struct Limited<S> {
    inner: S,
    calls: Arc<Calls>,
    connection: Arc<ConnectionState>,
    items: ItemRate,
}

impl<S> Limited<S> {
    pub(crate) fn new(inner: S, calls: Arc<Calls>, connection: Arc<ConnectionState>, items: ItemRate) -> Self {
        Self { inner, calls, connection, items }
    }
}

impl<S> hyper::service::Service<Request<Incoming>> for Limited<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone,
{
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = CallFuture<Oneshot<S, Request<Body>>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let caller = Caller::of(request.method(), request.uri().query(), request.headers());
        let refused = |error: &Error| {
            let mut answer = caller.answer(&self.calls.translator, error);
            identify(&mut answer, request.headers());
            close_unread(request.version(), request.headers(), &mut answer);
            CallFuture::refused(answer)
        };
        if header_list_bytes(&request) > self.calls.most_header_bytes() {
            return refused(&header_too_large(self.calls.most_header_bytes()));
        }
        // What is not an RPC of ours is answered at once, like a unary call.
        let kind = Rpc::of(request.uri().path()).map_or(CallKind::Unary, Rpc::kind);
        let Some(call) = Call::begin(&self.calls, &self.connection, &self.items, kind) else {
            return refused(&errors::overloaded());
        };
        let call = Arc::new(call);
        let mut request = request.map(|body| Body::new(RequestBody::new(body, call.clone())));
        if kind == CallKind::Stream {
            request.extensions_mut().insert(Metered(call.clone()));
        }
        let call = LimitedCall { call, caller };
        CallFuture::running(Oneshot::new(self.inner.clone(), request), self.calls.timeout, call)
    }
}
