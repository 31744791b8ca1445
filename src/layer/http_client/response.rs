//! The response on its way, the body of a success, and what all calls through one layer share.

// docs/rules.md: R-LAYER-7

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Response, response::Parts};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::{
    layer::{
        Direction, Event, Observer,
        call::is_error,
        catch_panic,
        collect::{Collect, Collected},
        deadline::Deadline,
        error_source,
        wrapper::opaque,
    },
    model::{BoxError, Error, kinds},
    translate::{ReadOptions, Report, StatusTable, Translator},
    wire::grpc::GRPC_STATUS,
};

pin_project! {
    /// The response of an [`HttpClient`](super::HttpClient).
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
        /// It is an error, and the body says which.
        Reading { head: Parts, #[pin] body: Collect<B> },
    }
}

impl<F, B, O> ResponseFuture<F, B, O> {
    pub(super) fn new(inner: F, shared: Arc<Shared<O>>, to_head: bool) -> Self {
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
                    let response = ready!(inner.poll(cx)).map_err(|error| this.shared.failed(error.into()))?;
                    if !is_error(response.status(), response.headers()) {
                        return Poll::Ready(Ok(response.map(ResponseBody::new)));
                    }
                    let (head, body) = response.into_parts();
                    if *this.to_head || head.headers.contains_key(GRPC_STATUS) {
                        return Poll::Ready(Err(this.shared.read(&head, Collected::default(), *this.to_head)));
                    }
                    this.state.set(State::Reading { head, body: Collect::new(body, Deadline::none()) });
                }
                StateProjection::Reading { head, body } => {
                    let body = ready!(body.poll(cx));
                    return Poll::Ready(Err(this.shared.read(head, body, *this.to_head)));
                }
            }
        }
    }
}

opaque!(ResponseFuture<F, B, O>);

pin_project! {
    /// The body of a response of an [`HttpClient`](super::HttpClient), frame by frame as it came. If it breaks off, it
    /// fails with an [`Error`].
    #[derive(Default)]
    pub struct ResponseBody<B> {
        #[pin]
        inner: B,
    }
}

impl<B> ResponseBody<B> {
    pub(super) fn new(inner: B) -> Self {
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

#[derive(Clone)]
pub(super) struct Shared<O> {
    pub(super) translator: Translator,
    pub(super) table: StatusTable,
    pub(super) observer: O,
}

impl<O: Observer> Shared<O> {
    /// Reads the response of the service.
    pub(super) fn read(&self, head: &Parts, body: Collected, to_head: bool) -> Error {
        let mut options = ReadOptions::new().with_table(self.table);
        options.to_head = to_head;
        let status = head.status.as_u16().into();
        let (error, mut report) = match self.translator.read_http_with(status, &head.headers, &body.bytes, &options) {
            Ok(read) => read,
            // Only what is an error is read.
            Err(_) => (Error::new(kinds::UNKNOWN_ERROR), Report::default()),
        };
        report.notes.extend(body.note.map(str::to_owned));
        self.observe(error, &report)
    }

    /// There was no response.
    pub(super) fn failed(&self, cause: BoxError) -> Error {
        self.observe(error_of(cause), &Report::default())
    }

    fn observe(&self, error: Error, report: &Report) -> Error {
        let event = Event { direction: Direction::HttpClient, error: &error, report };
        // An observer must not affect the response.
        let _ = catch_panic::catch(|| self.observer.on_error(&event));
        error
    }
}

/// The `errwire::Error` in the chain. Else UNAVAILABLE: the service was not reached, or it went away; what an I/O error
/// is called (`NotFound`, `PermissionDenied`) is not a response of an application.
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
