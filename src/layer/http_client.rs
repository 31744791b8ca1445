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

use bytes::Bytes;
use http::{Method, Request, Response, response::Parts};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::{
    Direction, Observer,
    classify::ResponseHeaders,
    collect::{Collect, Collected},
    deadline::Deadline,
    error_source::unreached,
    status_writer::Writer,
    wrapper::{opaque, wrapper},
};
use crate::{
    model::{Audience, BoxError, Error, kinds},
    translate::{ReadOptions, Report, StatusTable, Translator},
};

/// See the [module docs](self).
pub struct HttpClientLayer<O = ()> {
    writer: Arc<Writer<O>>,
    table: StatusTable,
}

impl HttpClientLayer {
    /// By this translator, and by the evidence of each response.
    pub fn new(translator: Translator) -> Self {
        let writer = Writer::new(translator, Audience::Internal, Direction::HttpClient);
        Self { writer, table: StatusTable::Auto }
    }
}

impl<O> HttpClientLayer<O> {
    /// Forces the table that turns an HTTP status into a code, where the body does not say.
    #[must_use]
    pub fn with_table(mut self, table: StatusTable) -> Self {
        self.table = table;
        self
    }
}

impl<O> fmt::Debug for HttpClientLayer<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClientLayer").field("table", &self.table).finish_non_exhaustive()
    }
}

/// See the [module docs](self).
pub struct HttpClient<S, O = ()> {
    inner: S,
    writer: Arc<Writer<O>>,
    table: StatusTable,
}

wrapper!(HttpClientLayer, HttpClient { table });

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
        self.inner.poll_ready(cx).map_err(|error| told(&self.writer, unreached(error.into()), Report::default()))
    }

    fn call(&mut self, request: Request<Req>) -> Self::Future {
        let to_head = request.method() == Method::HEAD;
        let state = State::Calling { inner: self.inner.call(request) };
        ResponseFuture { state, writer: self.writer.clone(), table: self.table, to_head }
    }
}

pin_project! {
    /// The response of an [`HttpClient`].
    pub struct ResponseFuture<F, B, O = ()> {
        #[pin]
        state: State<F, B>,
        writer: Arc<Writer<O>>,
        table: StatusTable,
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
        let read = |head: &Parts, body: Collected| {
            let mut options = ReadOptions::new().with_table(*this.table);
            options.to_head = *this.to_head;
            // Only errors are read.
            let otherwise = |_: &Bytes| Error::new(kinds::UNKNOWN_ERROR);
            let (error, report) = body.read(&this.writer.translator, head.status, &head.headers, &options, otherwise);
            Poll::Ready(Err(told(this.writer, error, report)))
        };
        loop {
            match this.state.as_mut().project() {
                StateProjection::Calling { inner } => {
                    let response = match ready!(inner.poll(cx)) {
                        Ok(response) => response,
                        Err(error) => {
                            return Poll::Ready(Err(told(this.writer, unreached(error.into()), Report::default())));
                        }
                    };
                    let headers = ResponseHeaders::of(response.headers());
                    if !headers.is_error(response.status()) {
                        return Poll::Ready(Ok(response.map(|inner| ResponseBody { inner })));
                    }
                    let (head, body) = response.into_parts();
                    if *this.to_head || headers.has_status() {
                        return read(&head, Collected::default());
                    }
                    this.state.set(State::Reading { reading: Collect::boxed(head, body, Deadline::none()) });
                }
                StateProjection::Reading { reading } => {
                    let (head, body) = ready!(reading.as_mut().poll(cx));
                    return read(head, body);
                }
            }
        }
    }
}

/// An error for the caller, once the observer was told.
fn told<O: Observer>(writer: &Writer<O>, error: Error, report: Report) -> Error {
    writer.tell(&error, report, None);
    error
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
        self.project().inner.poll_frame(cx).map_err(|error| unreached(error.into()))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

opaque!(ResponseBody<B>);
