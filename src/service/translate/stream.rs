//! The responses of a bulk translation.

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
    super::{ErrorMapping, Metered, pb, tonic_errors},
    Frames,
    frames::Unreadable,
};

/// The responses of a bulk translation, in the order of the requests.
///
/// Each poll takes one request and gives its response, and nothing is kept between polls: a caller that reads slowly is
/// sent to slowly, and HTTP/2's flow control holds back its requests.
pub struct TranslateStream<R = Streaming<pb::TranslateRequest>> {
    requests: R,
    mapping: ErrorMapping,
    meter: Option<Metered>,
}

impl<R> TranslateStream<R> {
    pub(in super::super) fn new(requests: R, mapping: ErrorMapping) -> Self {
        Self { requests, mapping, meter: None }
    }

    /// Refuses the items that this refuses.
    pub(super) fn with_meter(mut self, meter: Option<Metered>) -> Self {
        self.meter = meter;
        self
    }
}

impl Stream for TranslateStream {
    type Item = Result<pb::TranslateResponse, Status>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { requests, mapping, .. } = self.get_mut();
        let item = ready!(Pin::new(requests).poll_next(cx));
        Poll::Ready(item.map(|item| item.map(|item| mapping.translate(item)).map_err(tonic_errors::status)))
    }
}

impl Stream for TranslateStream<Frames> {
    /// Encoded.
    type Item = Result<Vec<u8>, Status>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { requests, mapping, meter } = self.get_mut();
        let item = ready!(Pin::new(&mut *requests).poll_next(cx));
        let answer = |message| match meter.as_ref().map_or(Ok(()), |meter| meter.0.item()) {
            Ok(()) => answer(mapping, message, requests.most()),
            Err(wait) => mapping.failed(&id(message), &tonic_errors::too_many(wait)),
        };
        Poll::Ready(item.map(|item| item.map(answer).map_err(tonic_errors::status)))
    }
}

/// The first field of a [`pb::TranslateRequest`]. The rest is passed over, so that refusing costs less than answering.
#[derive(Clone, PartialEq, Message)]
struct Id {
    #[prost(string, tag = "1")]
    id: String,
}

fn id(message: Result<Bytes, Unreadable>) -> String {
    let mut id = Id::default();
    // What was read before something went wrong counts, as below.
    let _ = message.map(|message| id.merge(message));
    id.id
}

/// Answers one message, whatever it is. `most` are the bytes that it may have.
fn answer(mapping: &ErrorMapping, message: Result<Bytes, Unreadable>, most: usize) -> Vec<u8> {
    let mut request = pb::TranslateRequest::default();
    let error = match message.map(|message| request.merge(message)) {
        Ok(Ok(())) => return mapping.translate_encoded(request),
        Ok(Err(why)) => tonic_errors::undecodable(&why.to_string()),
        Err(Unreadable::TooLarge) => tonic_errors::too_large(most),
        Err(Unreadable::Compression) => tonic_errors::undecodable("it is not what gzip writes"),
    };
    // The id is there if it came before what is wrong.
    mapping.failed(&request.id, &error)
}

impl<R> fmt::Debug for TranslateStream<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TranslateStream").finish_non_exhaustive()
    }
}
