//! The answers of a bulk translation.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use prost::Message;
use tonic::{Status, Streaming};

use super::{
    super::{ErrorMapping, pb, refused},
    Frames,
    frames::Unreadable,
};

/// The answers of a bulk translation, in the order of the requests.
///
/// Each poll takes one request and gives its answer, and nothing is kept between polls: a caller that reads slowly is
/// sent to slowly, and HTTP/2's flow control holds back its requests.
pub struct TranslateStream<R = Streaming<pb::TranslateRequest>> {
    requests: R,
    mapping: ErrorMapping,
}

impl<R> TranslateStream<R> {
    pub(in super::super) fn new(requests: R, mapping: ErrorMapping) -> Self {
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

impl Stream for TranslateStream<Frames> {
    type Item = Result<pb::TranslateResponse, Status>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { requests, mapping } = self.get_mut();
        let item = ready!(Pin::new(requests).poll_next(cx));
        Poll::Ready(item.map(|item| item.map(|message| answer(mapping, message)).map_err(refused::status)))
    }
}

/// Answers one message, whatever it is.
fn answer(mapping: &ErrorMapping, message: Result<Bytes, Unreadable>) -> pb::TranslateResponse {
    let mut request = pb::TranslateRequest::default();
    let error = match message.map(|message| request.merge(message)) {
        Ok(Ok(())) => return mapping.translate(request),
        Ok(Err(why)) => refused::undecodable(&why.to_string()),
        Err(Unreadable::TooLarge) => refused::too_large(),
        Err(Unreadable::Compression) => refused::undecodable("it is not what gzip writes"),
    };
    // The id is there if it came before what is wrong.
    mapping.failed(request.id, &error)
}

impl<R> fmt::Debug for TranslateStream<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TranslateStream").finish_non_exhaustive()
    }
}
