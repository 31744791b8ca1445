//! The errors of an HTTP service, for its caller.
//!
//! [`HttpClientLayer`] wraps an HTTP client that is a tower service, such as hyper-util's. To the caller,
//!
//! - a 4xx or 5xx is an [`Error`], in whatever dialect it was written: a body that is recognised shows an
//!   API, anything else a proxy in between, whose 404 is not about the resource
//!   ([`with_table`](HttpClientLayer::with_table) decides otherwise);
//! - a connection that failed is one too: UNAVAILABLE, with what failed as its source, and never a code that only an
//!   application may use ([gRFC A54](https://github.com/grpc/proposal/blob/master/A54-restrict-control-plane-status-codes.md));
//! - everything else passes unchanged. A body that breaks off fails with an `Error`.
//!
//! Of the body of an error 64 KiB are read at most, for two seconds at most, which needs a tokio runtime; then the stream
//! is reset.
//!
//! With defaults:
//!
//! ```
//! use bytes::Bytes;
//! use errwire::{kinds, layer::HttpClientLayer};
//! use http_body_util::Empty;
//! use hyper_util::{client::legacy::Client, rt::TokioExecutor};
//! use tower::{Service, ServiceBuilder, ServiceExt};
//!
//! # async fn example() -> errwire::Result<()> {
//! let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
//! let mut client = ServiceBuilder::new().layer(HttpClientLayer::default()).service(client);
//!
//! let request = http::Request::new(Empty::new());
//! match client.ready().await?.call(request).await {
//!     Err(error) if error.kind() == kinds::TASK_NOT_FOUND => println!("no such task"),
//!     Err(error) => return Err(error),
//!     Ok(response) => println!("{}", response.status()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! For a service that is reached without a proxy, with a catalog of one's own:
//!
//! ```
//! use errwire::{Catalog, StatusTable, Translator, layer::HttpClientLayer};
//!
//! let layer = HttpClientLayer::new(Translator::new(Catalog::builtin())).with_table(StatusTable::Origin);
//! ```

// docs/rules.md: R-LAYER-7

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Method, Request, Response, response::Parts};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::{
    Direction, Event, Observer, catch_panic,
    classify::ResponseHeaders,
    collect::{Collect, Collected},
    deadline::Deadline,
    error_source,
    wrapper::{opaque, wrapper},
};
use crate::{
    model::{BoxError, Error, kinds},
    translate::{ReadOptions, Report, StatusTable, Translator},
};

/// See the [module docs](self).
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

/// See the [module docs](self).
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

pin_project! {
    /// The response of an [`HttpClient`].
    pub struct ResponseFuture<F, B, O = ()> {
        #[pin]
        state: State<F, B>,
        shared: Arc<Shared<O>>,
        to_head: bool,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        Calling { #[pin] inner: F },
        /// It is an error; its body says which.
        Reading { reading: Pin<Box<Collect<B>>> },
    }
}

impl<F, B, O> ResponseFuture<F, B, O> {
    fn new(inner: F, shared: Arc<Shared<O>>, to_head: bool) -> Self {
        Self { state: State::Calling { inner }, shared, to_head }
    }
}

impl<F, O, B, E> Future for ResponseFuture<F, B, O>
where
    F: Future<Output = Result<Response<B>, E>>,
    E: Into<BoxError>,
    O: Observer,
    B: Body,
    B::Error: Into<BoxError>,
{
    type Output = Result<Response<ResponseBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProjection::Calling { inner } => {
                    let response = match ready!(inner.poll(cx)) {
                        Ok(response) => response,
                        Err(error) => return Poll::Ready(Err(this.shared.failed(error.into()))),
                    };
                    let headers = ResponseHeaders::of(response.headers());
                    if !headers.is_error(response.status()) {
                        return Poll::Ready(Ok(response.map(ResponseBody::new)));
                    }
                    let (head, body) = response.into_parts();
                    if *this.to_head || headers.has_status() {
                        return Poll::Ready(Err(this.shared.read(&head, Collected::default(), *this.to_head)));
                    }
                    this.state.set(State::Reading { reading: Collect::boxed(head, body, Deadline::none()) });
                }
                StateProjection::Reading { reading } => {
                    let (head, body) = ready!(reading.as_mut().poll(cx));
                    return Poll::Ready(Err(this.shared.read(&head, body, *this.to_head)));
                }
            }
        }
    }
}

opaque!(ResponseFuture<F, B, O>);

pin_project! {
    /// The body of a response of an [`HttpClient`], frame by frame as it came. If it breaks off, it
    /// fails with an [`Error`].
    #[derive(Default)]
    pub struct ResponseBody<B> {
        #[pin]
        inner: B,
    }
}

impl<B> ResponseBody<B> {
    fn new(inner: B) -> Self {
        Self { inner }
    }

    /// The body inside.
    pub fn into_inner(self) -> B {
        self.inner
    }
}

impl<B> Body for ResponseBody<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    type Data = B::Data;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, Error>>> {
        self.project().inner.poll_frame(cx).map_err(|error| error_of(error.into()))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

opaque!(ResponseBody<B>);

/// What all calls through one layer share.
#[derive(Clone)]
struct Shared<O> {
    translator: Translator,
    table: StatusTable,
    observer: O,
}

impl<O: Observer> Shared<O> {
    /// Reads an error response.
    fn read(&self, head: &Parts, body: Collected, to_head: bool) -> Error {
        let mut options = ReadOptions::new().with_table(self.table);
        options.to_head = to_head;
        let status = head.status.as_u16().into();
        let (error, mut report) = match self.translator.read_http_with(status, &head.headers, &body.bytes, &options) {
            Ok(read) => read,
            // Only errors are read.
            Err(_) => (Error::new(kinds::UNKNOWN_ERROR), Report::default()),
        };
        report.notes.extend(body.note.map(str::to_owned));
        self.observe(error, &report)
    }

    /// The error of a call without a response.
    fn failed(&self, cause: BoxError) -> Error {
        self.observe(error_of(cause), &Report::default())
    }

    fn observe(&self, error: Error, report: &Report) -> Error {
        let event = Event { direction: Direction::HttpClient, error: &error, report };
        // An observer must not affect the response.
        let _ = catch_panic::catch(|| self.observer.on_error(&event));
        error
    }
}

/// The `errwire::Error` in the chain; else UNAVAILABLE, since the service was not reached, or went away. The kind of an I/O error
/// (`NotFound`, `PermissionDenied`) is not an application code.
fn error_of(cause: BoxError) -> Error {
    // The caller's own timeout has passed.
    if error_source::is_timeout(&*cause) {
        return Error::new(kinds::DEADLINE_EXCEEDED).with_source(cause);
    }
    match error_source::find::<Error>(&*cause).cloned() {
        Some(error) => error.with_source(cause),
        None => Error::new(kinds::SERVICE_UNAVAILABLE).with_source(cause),
    }
}
