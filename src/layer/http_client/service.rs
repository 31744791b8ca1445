//! The layer, and the client that it makes.

use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Method, Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::{ResponseBody, ResponseFuture, response::Shared};
use crate::{
    layer::{Observer, wrapper::wrapper},
    model::{BoxError, Error},
    translate::{StatusTable, Translator},
};

/// See the [module docs](super).
pub struct HttpClientLayer<O = ()> {
    shared: Arc<Shared<O>>,
}

impl HttpClientLayer {
    /// By this translator, and by the evidence of each response.
    pub fn new(translator: Translator) -> Self {
        Self { shared: Arc::new(Shared { translator, table: StatusTable::Auto, observer: () }) }
    }
}

impl<O> HttpClientLayer<O> {
    /// Forces the table that turns an HTTP status into a code, where the body does not say.
    #[must_use]
    pub fn with_table(mut self, table: StatusTable) -> Self
    where
        O: Clone,
    {
        Arc::make_mut(&mut self.shared).table = table;
        self
    }

    /// Sets the observer, which gets every error.
    #[must_use]
    pub fn with_observer<P: Observer>(self, observer: P) -> HttpClientLayer<P> {
        let Shared { ref translator, table, .. } = *self.shared;
        HttpClientLayer { shared: Arc::new(Shared { translator: translator.clone(), table, observer }) }
    }
}

impl<O> fmt::Debug for HttpClientLayer<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClientLayer").field("table", &self.shared.table).finish_non_exhaustive()
    }
}

/// See the [module docs](super).
pub struct HttpClient<S, O = ()> {
    inner: S,
    shared: Arc<Shared<O>>,
}

wrapper!(HttpClientLayer, HttpClient {});

impl<S, O, Req, B> Service<Request<Req>> for HttpClient<S, O>
where
    S: Service<Request<Req>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    O: Observer,
    B: Body,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody<B>>;
    type Error = Error;
    type Future = ResponseFuture<S::Future, B, O>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx).map_err(|error| self.shared.failed(error.into()))
    }

    fn call(&mut self, request: Request<Req>) -> Self::Future {
        let to_head = request.method() == Method::HEAD;
        ResponseFuture::new(self.inner.call(request), self.shared.clone(), to_head)
    }
}
