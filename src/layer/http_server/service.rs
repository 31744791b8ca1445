//! The layer, and the service that it makes.

// docs/rules.md: R-PUBLIC-8

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

use super::{
    ResponseBody, ResponseFuture,
    call::{Call, Settings, Shared, error_of},
};
use crate::{
    layer::{
        Direction, Observer,
        caller::{BodyForm, Caller},
        catch_panic,
        declared::Declared,
        grpc_server::MarkWanted,
        status_writer::Writer,
        wrapper::wrapper,
    },
    model::{Audience, BoxError, Error},
    translate::Translator,
    wire::http::Dialect,
};

/// See the [module docs](super).
pub struct HttpServerLayer<O = ()> {
    shared: Arc<Shared<O>>,
}

impl HttpServerLayer {
    /// By this translator, for the public, in the dialect that the caller accepts and without details.
    pub fn new(translator: Translator) -> Self {
        let (audience, direction) = (Audience::Public, Direction::HttpServer);
        let writer = Writer { translator, audience, direction, observer: () };
        let form = BodyForm { dialect: None, details: false };
        let settings = Settings { form, exempt: Vec::new(), name_method: None };
        Self { shared: Arc::new(Shared::new(writer, settings)) }
    }
}

impl<O: Clone> HttpServerLayer<O> {
    /// Sets the audience of the errors.
    #[must_use]
    pub fn with_audience(mut self, audience: Audience) -> Self {
        let shared = Arc::make_mut(&mut self.shared);
        Arc::make_mut(&mut shared.grpc).writer.audience = audience;
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
        change(&mut Arc::make_mut(&mut self.shared).settings);
        self
    }
}

impl<O> HttpServerLayer<O> {
    /// Sets the observer, which gets every error.
    #[must_use]
    pub fn with_observer<P: Observer>(self, observer: P) -> HttpServerLayer<P> {
        let (writer, settings) = (self.shared.writer().with_observer(observer), self.shared.settings.clone());
        HttpServerLayer { shared: Arc::new(Shared::new(writer, settings)) }
    }
}

impl<O> fmt::Debug for HttpServerLayer<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServerLayer")
            .field("audience", &self.shared.writer().audience)
            .field("dialect", &self.shared.settings.form.dialect)
            .field("details", &self.shared.settings.form.details)
            .finish_non_exhaustive()
    }
}

/// See the [module docs](super).
pub struct HttpServer<S, O = ()> {
    inner: S,
    shared: Arc<Shared<O>>,
    /// Why the inner service cannot be called: the response to the next call.
    broken: Option<Error>,
}

wrapper!(HttpServerLayer, HttpServer { broken: None });

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
            self.broken = match catch_panic::catch(|| self.inner.poll_ready(cx)) {
                Ok(ready) => ready!(ready).err().map(|error| error_of(error.into())),
                Err(panic) => Some(panic),
            };
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Req>) -> Self::Future {
        let mut call = Call { caller: Caller::of(&request), hands_off: false, declared: Declared::Unknown };
        if let Some(error) = self.broken.take() {
            return ResponseFuture::failed(error, self.shared.clone(), call);
        }
        let Settings { exempt, name_method, .. } = &self.shared.settings;
        let translator = &self.shared.writer().translator;
        if name_method.is_none() {
            call.declared = Declared::of_route(&request, translator);
        }
        if call.caller.protocol.is_any_grpc() && self.shared.writer().audience == Audience::Public {
            request.extensions_mut().insert(MarkWanted);
        }
        if !exempt.is_empty() || name_method.is_some() {
            let (head, body) = request.into_parts();
            let asked = catch_panic::catch(|| {
                call.hands_off = exempt.iter().any(|predicate| predicate(&head));
                if let Some(name) = name_method.as_ref().and_then(|name| name(&head)) {
                    call.declared = Declared::named(&name, translator);
                }
            });
            if let Err(panic) = asked {
                return ResponseFuture::failed(panic, self.shared.clone(), call);
            }
            request = Request::from_parts(head, body);
        }
        match catch_panic::catch(|| self.inner.call(request)) {
            Ok(inner) => ResponseFuture::calling(inner, self.shared.clone(), call),
            Err(panic) => ResponseFuture::failed(panic, self.shared.clone(), call),
        }
    }
}
