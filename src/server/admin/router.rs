//! What is under which path.

use std::convert::Infallible;

use axum::{Router, body::Body, routing::get};
use http::{HeaderMap, HeaderValue, Request, Response, header};
use hyper::{body::Incoming, service::Service};
use hyper_util::service::TowerToHyperService;
use tower::Layer;

use crate::{
    BoxError, Error, kinds,
    layer::HttpServerLayer,
    server::{App, asked::Asked, lifecycle::Lifecycle},
};

/// The paths of the admin listener. `/livez` answers as long as the process can, `/readyz` until the server leaves.
pub(crate) fn router(app: &App, lifecycle: &Lifecycle) -> Router {
    let (leaving, translator) = (lifecycle.leaving().clone(), app.translator.clone());
    let ready = async move |headers: HeaderMap| match leaving.is_cancelled() {
        false => ok(),
        true => Asked::of(&headers).answer(&translator, &leaving_error()).map(Body::new),
    };
    Router::new().route("/livez", get(async || ok())).route("/readyz", get(ready))
}

/// The router, with every error in our dialect.
pub(crate) fn service(
    app: &App,
    router: Router,
) -> impl Service<
    Request<Incoming>,
    Response = Response<impl http_body::Body<Data: Send, Error: Into<BoxError>> + Send + 'static + use<>>,
    Error = Infallible,
    Future: Send + 'static,
>
+ Send
+ 'static
+ use<> {
    TowerToHyperService::new(HttpServerLayer::new(app.translator.clone()).layer(router))
}

fn ok() -> Response<Body> {
    let mut response = Response::new(Body::from("ok\n"));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn leaving_error() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE).with_message("The server is about to end. Send calls to another one.")
}
