//! The admin listener: for probes and people, and not for callers of the RPCs.

use std::convert::Infallible;

use axum::{
    Router,
    body::{self, Body},
    extract,
    routing::get,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::{body::Incoming, service::Service};
use hyper_util::service::TowerToHyperService;
use tower::Layer;

use super::{
    App,
    errors::Caller,
    lifecycle::Lifecycle,
    observe::Metrics,
    pages::{MAX_FORM_BYTES, Pages, is_page},
};
use crate::{
    layer::HttpServerLayer,
    model::{BoxError, Error, kinds},
};

/// The paths of the admin listener. `/livez` is fine as long as the process can respond, `/readyz` until the server begins to stop, `/metrics`
/// tells what was counted, and the rest are pages.
pub(crate) fn router(app: &App, lifecycle: &Lifecycle) -> Router {
    let (leaving, translator) = (lifecycle.leaving().clone(), app.translator.clone());
    let ready = async move |headers: HeaderMap| match leaving.is_cancelled() {
        false => ok(),
        true => Caller::of(&Method::GET, None, &headers).answer(&translator, &leaving_error()).map(Body::new),
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
    let page = pages.answer(&head.method, &head.uri, &body);
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

fn leaving_error() -> Error {
    Error::new(kinds::SERVICE_UNAVAILABLE).with_message("The server is shutting down. Send calls to another one.")
}
