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
use pin_project_lite::pin_project;
use tonic::{Status, body::Body};

use super::{Call, sizes::Sizes};
use crate::{
    model::{BoxError, Code},
    wire::grpc::{self, ReceivedCode},
};

/// A request; counts the bytes of its messages.
pub(super) struct Received {
    body: Body,
    sizes: Sizes,
    bytes: Arc<AtomicU64>,
}

pin_project! {
    /// A response; ends its call with the status of its trailers.
    pub(super) struct Sent<B> {
        #[pin]
        body: B,
        ending: Ending,
    }
}

struct Ending {
    call: Call,
    sent: Sizes,
    received: Arc<AtomicU64>,
}

impl Received {
    pub(super) fn new(body: Body, bytes: Arc<AtomicU64>) -> Self {
        Self { body, sizes: Sizes::default(), bytes }
    }
}

impl<B> Sent<B> {
    pub(super) fn new(body: B, call: Call, received: Arc<AtomicU64>) -> Self {
        Self { body, ending: Ending { call, sent: Sizes::default(), received } }
    }
}

impl Ending {
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

impl<B: HttpBody<Data = Bytes, Error: Into<BoxError>>> HttpBody for Sent<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.project();
        let frame = ready!(this.body.poll_frame(cx)).map(|frame| frame.map_err(Into::into));
        if let Some(data) = data(&frame) {
            this.ending.sent.pass(data);
        }
        match &frame {
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    let (code, message) = outcome(trailers);
                    this.ending.end(code, &message);
                }
            }
            // The body of a layer says everything in its trailers.
            Some(Err(why)) => this.ending.end(Some(Code::Unknown), &why.to_string()),
            None => this.ending.end(Some(Code::Unknown), "the call ended without a status"),
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

fn data<E>(frame: &Option<Result<Frame<Bytes>, E>>) -> Option<&Bytes> {
    frame.as_ref()?.as_ref().ok()?.data_ref()
}
