//! Routes requests to pages, and writes the frame of every page.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode, Uri, header};
use maud::{Markup, html};

use super::{
    reference::{self, Query},
    translate,
};
use crate::{
    docs::{
        STYLE,
        fragments::{self, Links},
    },
    model::shown,
    translate::Translator,
};

#[cfg(test)]
mod tests;

/// The most bytes of a submitted form.
pub(crate) const MAX_FORM_BYTES: usize = 1024 * 1024;

/// No scripts, nothing from other origins, and no framing.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Whether a path is for a person.
pub(crate) fn is_page(path: &str) -> bool {
    matches!(path, "/" | "/errors" | "/translate" | "/style.css") || path.starts_with("/errors/")
}

/// The pages of a translator's catalog. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    translator: Translator,
}

impl Pages {
    pub(crate) fn new(translator: Translator) -> Self {
        Self { translator }
    }

    /// The response to a request with this body of at most [`MAX_FORM_BYTES`]; `None` if the path is not one of a page.
    pub(crate) fn respond(&self, method: &Method, uri: &Uri, body: &[u8]) -> Option<Response<Bytes>> {
        // A page shows one version of the catalog.
        let translator = self.translator.pinned();
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
