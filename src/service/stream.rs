//! The answers of a bulk translation.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use tonic::{Status, Streaming};

use super::{ErrorMapping, pb, refused};

/// The answers of a bulk translation, in the order of the requests.
///
/// Each poll takes one request and gives its answer, and nothing is kept between polls: a caller that reads slowly is
/// sent to slowly, and HTTP/2's flow control holds back its requests.
pub struct TranslateStream {
    requests: Streaming<pb::TranslateRequest>,
    mapping: ErrorMapping,
}

impl TranslateStream {
    pub(super) fn new(requests: Streaming<pb::TranslateRequest>, mapping: ErrorMapping) -> Self {
        Self { requests, mapping }
    }
}

impl Stream for TranslateStream {
    type Item = Result<pb::TranslateResponse, Status>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { requests, mapping } = self.get_mut();
        let item = ready!(Pin::new(requests).poll_next(cx));
        Poll::Ready(item.map(|item| item.map(|item| mapping.translate(item)).map_err(refused::status)))
    }
}

impl fmt::Debug for TranslateStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TranslateStream").finish_non_exhaustive()
    }
}
