//! Bodies of gRPC that are watched as they pass.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use bytestring::ByteString;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::{Status, body::Body};

use super::{Call, sizes::Sizes};
use crate::{
    Code,
    wire::grpc::{self, ReceivedCode},
};

/// A request; counts the bytes of its messages.
pub(super) struct Received {
    body: Body,
    sizes: Sizes,
    bytes: Arc<AtomicU64>,
}

/// A response; ends its call with the status of its trailers.
pub(super) struct Sent {
    body: Body,
    call: Call,
    sent: Sizes,
    received: Arc<AtomicU64>,
}

impl Received {
    pub(super) fn new(body: Body, bytes: Arc<AtomicU64>) -> Self {
        Self { body, sizes: Sizes::default(), bytes }
    }
}

impl Sent {
    pub(super) fn new(body: Body, call: Call, received: Arc<AtomicU64>) -> Self {
        Self { body, call, sent: Sizes::default(), received }
    }

    fn end(&mut self, code: Option<Code>, message: &str) {
        self.call.end(code, message, [self.sent.total(), self.received.load(Ordering::Relaxed)]);
    }
}

/// The code and the message of these trailers; no code for OK. One that is missing or unknown is UNKNOWN.
pub(super) fn outcome(trailers: &HeaderMap) -> (Option<Code>, ByteString) {
    let grpc::Received { code, message, .. } = grpc::Received::from_headers(trailers);
    match code {
        ReceivedCode::Ok => (None, message),
        ReceivedCode::Error(code) => (Some(code), message),
        ReceivedCode::Invalid(_) => (Some(Code::Unknown), message),
    }
}

impl HttpBody for Received {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(data) = data(&frame) {
            self.sizes.pass(data);
            self.bytes.store(self.sizes.total(), Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(data) = data(&frame) {
            self.sent.pass(data);
        }
        match &frame {
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    let (code, message) = outcome(trailers);
                    self.end(code, &message);
                }
            }
            Some(Err(status)) => self.end(Code::try_from(i32::from(status.code())).ok(), status.message()),
            None => self.end(Some(Code::Unknown), "the call ended without a status"),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn data(frame: &Option<Result<Frame<Bytes>, Status>>) -> Option<&Bytes> {
    frame.as_ref()?.as_ref().ok()?.data_ref()
}
