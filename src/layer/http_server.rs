//! Errors on their way out of an HTTP server.
//!
//! [`HttpServerLayer`] wraps an axum router, or any HTTP service. It
//!
//! - turns every 4xx and 5xx into `{"kind", "message"}`: the fallback 404, a 405 with its `Allow`,
//!   the rejections of extractors, timeouts, limits, and the responses of other services;
//! - sends an HTTP caller of a gRPC service the HTTP form of its `grpc-status`;
//! - shows the caller what its audience may see ([`Public`](crate::Audience::Public) by default), in the
//!   language and the dialect that it accepts;
//! - turns a panic, in the call or in its future, into `internal_error`; one in the body of a success breaks the body off;
//! - never fails: an error of the service inside becomes a response, for a gRPC or gRPC-Web caller a status in its headers.
//!
//! Everything else passes as it is: successes, streams, upgrades, and gRPC responses to callers of gRPC, whose
//! errors belong to a [`GrpcServerLayer`](crate::layer::GrpcServerLayer) inside. Where there is none and the audience
//! is public, this layer treats such a response as that one would. It judges by the response: the headers of a request
//! decide in which protocol an error is written, and nothing else.
//!
//! A response that has an [`Error`] among its extensions, as those of `IntoResponse` have, is written from that error,
//! under the status of the response. Otherwise its body is read, 64 KiB and two seconds of it at most, which needs a tokio
//! runtime. What was written has the `Error` among its extensions again, with nothing withheld; the other extensions of an
//! error are removed for the public, since servers write some of them, such as the reason phrase.
//!
//! CORS and compression belong outside of this layer, timeouts and limits inside.
//!
//! With defaults:
//!
//! ```
//! use axum::{Router, routing::get};
//! use errwire::layer::HttpServerLayer;
//!
//! let app: Router = Router::new().route("/tasks", get(|| async { "[]" })).layer(HttpServerLayer::default());
//! ```
//!
//! For internal callers, with RFC 9457 for all, and a route whose errors another standard fixes:
//!
//! ```
//! use errwire::{Audience, Catalog, Dialect, Translator, layer::HttpServerLayer};
//!
//! let layer = HttpServerLayer::new(Translator::new(Catalog::builtin()))
//!     .with_audience(Audience::Internal)
//!     .with_dialect(Dialect::Problem)
//!     .with_details()
//!     // https://www.rfc-editor.org/rfc/rfc6749#section-5.2
//!     .exempt(|request| request.uri.path() == "/oauth/token");
//! ```

// docs/rules.md: R-PUBLIC-8

mod call;
mod response;

use std::{
    convert::Infallible,
    fmt,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response, request};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

pub use response::{ResponseBody, ResponseFuture};

use call::{Call, error_of};

use super::{
    Direction, Observer,
    caller::{BodyForm, Caller},
    declared::Declared,
    error_source::catch_panic,
    grpc_server::MarkWanted,
    status_writer::Writer,
    wrapper::wrapper,
};
use crate::{
    model::{Audience, BoxError, Error},
    translate::Translator,
    wire::http::Dialect,
};

/// See the [module docs](self).
pub struct HttpServerLayer<O = ()> {
    writer: Arc<Writer<O>>,
    settings: Arc<Settings>,
}

#[derive(Clone)]
struct Settings {
    form: BodyForm,
    exempt: Vec<Predicate>,
    /// By the routes of the catalog's methods, if `None`.
    name_method: Option<Arc<NameMethod>>,
}

/// Whether a request is exempt.
type Predicate = Arc<dyn Fn(&request::Parts) -> bool + Send + Sync>;

/// Names the method that a request is for.
type NameMethod = dyn Fn(&request::Parts) -> Option<String> + Send + Sync;

impl HttpServerLayer {
    /// By this translator, for the public, in the dialect that the caller accepts and without details.
    pub fn new(translator: Translator) -> Self {
        let form = BodyForm { dialect: None, details: false };
        Self {
            writer: Writer::new(translator, Audience::Public, Direction::HttpServer),
            settings: Arc::new(Settings { form, exempt: Vec::new(), name_method: None }),
        }
    }
}

impl<O> HttpServerLayer<O> {
    /// Sets the audience of the errors.
    #[must_use]
    pub fn with_audience(mut self, audience: Audience) -> Self
    where
        O: Clone,
    {
        Arc::make_mut(&mut self.writer).audience = audience;
        self
    }

    /// Sets the shape of the body for all callers, whatever they accept: [`Dialect::KindMessage`], [`Dialect::Problem`],
    /// [`Dialect::Google`] or [`Dialect::Connect`]; any other counts as the first.
    #[must_use]
    pub fn with_dialect(self, dialect: Dialect) -> Self {
        self.with(|settings| settings.form.dialect = Some(dialect))
    }

    /// Puts the `details` that the audience may see in the body.
    #[must_use]
    pub fn with_details(self) -> Self {
        self.with(|settings| settings.form.details = true)
    }

    /// Lets the responses to such requests pass as they are, errors included, because another standard defines what their
    /// body is. Requests that any of several predicates names are exempt.
    ///
    /// This layer still responds to a panic, and for a service that fails.
    #[must_use]
    pub fn exempt(self, predicate: impl Fn(&request::Parts) -> bool + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.exempt.push(Arc::new(predicate)))
    }

    /// Says which method of the catalog a request is for, as `tasks.v1.TaskService/GetTask`: an error of a kind that the method
    /// does not declare is counted and logged, and still sent. Without this, the method is found by the routes of
    /// its `google.api.http` annotation.
    ///
    /// Requests without a named method are not checked.
    #[must_use]
    pub fn with_method(self, name: impl Fn(&request::Parts) -> Option<String> + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.name_method = Some(Arc::new(name)))
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        self
    }
}

impl<O> fmt::Debug for HttpServerLayer<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServerLayer")
            .field("audience", &self.writer.audience)
            .field("dialect", &self.settings.form.dialect)
            .field("details", &self.settings.form.details)
            .finish_non_exhaustive()
    }
}

/// See the [module docs](self).
pub struct HttpServer<S, O = ()> {
    inner: S,
    writer: Arc<Writer<O>>,
    settings: Arc<Settings>,
    /// Why the inner service cannot be called: the response to the next call.
    broken: Option<Error>,
}

wrapper!(HttpServerLayer, HttpServer { settings } broken);

impl<S, O, Req, B> Service<Request<Req>> for HttpServer<S, O>
where
    S: Service<Request<Req>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    O: Observer,
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody<B, O>>;
    /// Every failure is a response, since a failed service makes a server drop the connection.
    type Error = Infallible;
    type Future = ResponseFuture<S::Future, B, O>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.broken.is_none() {
            self.broken = match catch_panic(|| self.inner.poll_ready(cx)) {
                Ok(ready) => ready!(ready).err().map(|error| error_of(error.into())),
                Err(panic) => Some(panic),
            };
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Req>) -> Self::Future {
        let (writer, settings) = (&self.writer, &self.settings);
        let mut call = Call {
            writer: writer.clone(),
            form: settings.form,
            caller: Caller::of(&request),
            hands_off: false,
            declared: Declared::Method(None),
        };
        if let Some(error) = self.broken.take() {
            return ResponseFuture::failed(error, call);
        }
        if settings.name_method.is_none() {
            call.declared = Declared::of_route(&request, &writer.translator);
        }
        if call.caller.protocol.is_any_grpc() && writer.audience == Audience::Public {
            request.extensions_mut().insert(MarkWanted);
        }
        if !settings.exempt.is_empty() || settings.name_method.is_some() {
            let (head, body) = request.into_parts();
            let asked = catch_panic(|| {
                call.hands_off = settings.exempt.iter().any(|predicate| predicate(&head));
                if let Some(name) = settings.name_method.as_ref().and_then(|name| name(&head)) {
                    call.declared = Declared::Method(writer.translator.method(&name));
                }
            });
            if let Err(panic) = asked {
                return ResponseFuture::failed(panic, call);
            }
            request = Request::from_parts(head, body);
        }
        match catch_panic(|| self.inner.call(request)) {
            Ok(inner) => ResponseFuture::calling(inner, call),
            Err(panic) => ResponseFuture::failed(panic, call),
        }
    }
}
