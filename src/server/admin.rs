//! The admin listener: for probes and people, not for callers of the RPCs.

use std::convert::Infallible;

use axum::{
    Router,
    body::{self, Body},
    extract,
    routing::get,
};
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::{body::Incoming, service::Service};
use hyper_util::service::TowerToHyperService;
use tower::Layer;

use super::{
    App,
    lifecycle::Lifecycle,
    observe::Metrics,
    pages::{MAX_FORM_BYTES, Pages, is_page},
};
use crate::{
    layer::HttpServerLayer,
    model::{Audience, BoxError, Error, kinds},
};

/// The paths of the admin listener. `/livez` is 200 as long as the process responds, `/readyz` until the server begins to stop,
/// `/metrics` has the metrics, and the rest are pages.
pub(crate) fn router(app: &App, lifecycle: &Lifecycle) -> Router {
    let leaving = lifecycle.leaving.clone();
    let ready = async move || match leaving.is_cancelled() {
        false => ok(),
        true => not_ready(),
    };
    let metrics = app.metrics.clone();
    let pages = Pages::new(app.translator.clone());
    Router::new()
        .route("/livez", get(async || ok()))
        .route("/readyz", get(ready))
        .route("/metrics", get(async move || text(Metrics::CONTENT_TYPE, metrics.text())))
        .fallback(async move |request: extract::Request| page(&pages, request).await)
}

async fn page(pages: &Pages, request: extract::Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    // The form is too large or incomplete.
    let Ok(body) = body::to_bytes(body, MAX_FORM_BYTES).await else { return bare(StatusCode::PAYLOAD_TOO_LARGE) };
    let page = pages.respond(&head.method, &head.uri, &body);
    page.map_or_else(|| bare(StatusCode::NOT_FOUND), |page| page.map(Body::from))
}

/// An empty response with a status, which the layer outside turns into an error.
fn bare(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
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
    let layer = HttpServerLayer::new(app.translator.clone())
        .with_audience(Audience::Internal)
        // Their errors are pages too.
        .exempt(|request| is_page(request.uri.path()));
    TowerToHyperService::new(layer.layer(router))
}

fn ok() -> Response<Body> {
    text("text/plain; charset=utf-8", "ok\n".to_owned())
}

fn text(media_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The layer outside writes the error.
fn not_ready() -> Response<Body> {
    let error = Error::new(kinds::SERVICE_UNAVAILABLE);
    let mut response = bare(error.status().into());
    let message = "The server is shutting down. Send calls to another one.";
    response.extensions_mut().insert(error.with_message(message));
    response
}
