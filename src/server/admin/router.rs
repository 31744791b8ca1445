//! Routes the requests of the admin listener, and writes the frame of every page.

use std::convert::Infallible;

use axum::{
    Router,
    body::{self, Body},
    extract,
    routing::get,
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use hyper::{body::Incoming, service::Service};
use hyper_util::service::TowerToHyperService;
use maud::{Markup, html};
use tower::Layer;

use super::{
    reference::{self, Query},
    translate,
};
use crate::{
    docs::{
        STYLE,
        fragments::{self, Links},
    },
    layer::HttpServerLayer,
    model::{Audience, BoxError, Error, kinds, shown},
    server::{App, lifecycle::Lifecycle, observe::Metrics},
    translate::Translator,
};

#[cfg(test)]
mod tests;

/// The paths of the admin listener. `/livez` is 200 as long as the process responds, `/readyz` until the server begins to stop,
/// `/metrics` has the metrics, and the rest are pages.
pub(crate) fn router(app: &App, lifecycle: &Lifecycle) -> Router {
    let leaving = lifecycle.leaving.clone();
    let ready = async move || match leaving.is_cancelled() {
        false => alive(),
        true => not_ready(),
    };
    let metrics = app.metrics.clone();
    let translator = app.translator.clone();
    Router::new()
        .route("/livez", get(async || alive()))
        .route("/readyz", get(ready))
        .route("/metrics", get(async move || text(Metrics::CONTENT_TYPE, metrics.text())))
        .fallback(async move |request: extract::Request| people(&translator, request).await)
}

async fn people(translator: &Translator, request: extract::Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    // The form is too large or incomplete.
    let Ok(body) = body::to_bytes(body, MAX_FORM_BYTES).await else { return bare(StatusCode::PAYLOAD_TOO_LARGE) };
    let page = respond(translator, &head.method, &head.uri, &body);
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

fn alive() -> Response<Body> {
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

/// The most bytes of a submitted form.
const MAX_FORM_BYTES: usize = 1024 * 1024;

/// No scripts, nothing from other origins, and no framing.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Whether a path is for a person.
fn is_page(path: &str) -> bool {
    matches!(path, "/" | "/errors" | "/translate" | "/style.css") || path.starts_with("/errors/")
}

/// The page that responds to a request with this body of at most [`MAX_FORM_BYTES`]; `None` if the path is not one of a page.
fn respond(translator: &Translator, method: &Method, uri: &Uri, body: &[u8]) -> Option<Response<Bytes>> {
    // A page shows one version of the catalog.
    let translator = translator.pinned();
    let query = Query::parse(uri.query().unwrap_or_default().as_bytes());
    let get = *method == Method::GET || *method == Method::HEAD;
    Some(match uri.path() {
        "/translate" if *method == Method::POST => {
            let form = Query::parse(body);
            ok("Translate", Place::Translate, &translate::translate(&translator, Some(&form)))
        }
        "/" | "/errors" | "/translate" | "/style.css" if !get => not_allowed(uri.path() == "/translate"),
        "/" => redirect("/errors"),
        "/errors" => ok("Error reference", Place::Reference, &reference::list(&translator.catalog(), &query)),
        "/translate" => ok("Translate", Place::Translate, &translate::translate(&translator, None)),
        "/style.css" => style(),
        path => match path.strip_prefix("/errors/")? {
            _ if !get => not_allowed(false),
            name => kind_page(&translator, name),
        },
    })
}

fn kind_page(translator: &Translator, name: &str) -> Response<Bytes> {
    let catalog = translator.catalog();
    let found = catalog.get(name);
    if let Some((kind, entry)) = found.as_ref().and_then(|kind| Some((kind, kind.entry()?))) {
        return ok(&entry.kind, Place::Reference, &reference::kind(translator, kind, entry));
    }
    let main = html! {
        h1 { "No such kind" }
        p { "The catalog has no kind " code { (shown(name)) } "." }
        @if let Some(near) = catalog.suggest(name) {
            p { "Did you mean " (Links::Pages.kind_link(near)) "?" }
        }
        p { a href="/errors" { "Show all kinds" } }
    };
    document(StatusCode::NOT_FOUND, &page("No such kind", None, &main))
}

fn ok(title: &str, place: Place, main: &Markup) -> Response<Bytes> {
    document(StatusCode::OK, &page(title, Some(place), main))
}

fn document(status: StatusCode, page: &Markup) -> Response<Bytes> {
    response(status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.0.clone())
}

fn style() -> Response<Bytes> {
    response(StatusCode::OK, [(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE.to_owned())
}

fn redirect(to: &'static str) -> Response<Bytes> {
    response(StatusCode::SEE_OTHER, [(header::LOCATION, to)], String::new())
}

fn not_allowed(form: bool) -> Response<Bytes> {
    let main = html! { h1 { "Method not allowed" } p { a href="/errors" { "Show all kinds" } } };
    let mut response = document(StatusCode::METHOD_NOT_ALLOWED, &page("Method not allowed", None, &main));
    let allowed = if form { "GET, HEAD, POST" } else { "GET, HEAD" };
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

fn response(
    status: StatusCode,
    fields: impl IntoIterator<Item = (HeaderName, &'static str)>,
    body: String,
) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let always = [
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in always.into_iter().chain(fields) {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Where a page stands in the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Reference,
    Translate,
}

pub(super) fn page(title: &str, place: Option<Place>, main: &Markup) -> Markup {
    let link = |href, text, own| {
        let current = (place == Some(own)).then_some("page");
        html! { li { a href=(href) aria-current=[current] { (text) } } }
    };
    let style = html! { link rel="stylesheet" href="/style.css"; };
    let header = html! {
        p.brand { a href="/errors" { "errwire" } }
        nav aria-label="Pages" {
            ul {
                (link("/errors", "Error reference", Place::Reference))
                (link("/translate", "Translate", Place::Translate))
            }
        }
    };
    fragments::document(&format!("{title} · errwire"), &style, &header, main)
}
