//! The body of a success.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::failure;
use crate::model::{BoxError, Error};

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
        self.project().inner.poll_frame(cx).map_err(|error| failure::error_of(error.into()))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B> fmt::Debug for ResponseBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").finish_non_exhaustive()
    }
}
