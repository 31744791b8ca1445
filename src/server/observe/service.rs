//! Measuring the calls of gRPC, with the bodies that pass.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use bytestring::ByteString;
use http::{HeaderMap, Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt as _;
use pin_project_lite::pin_project;
use tonic::body::Body;
use tower_service::Service;

use super::{Call, Metrics, System};
use crate::{
    model::{BoxError, Code},
    service::CallContext,
    wire::grpc::{GRPC_STATUS, Received, ReceivedCode},
};

/// Measures every call of the gRPC service inside.
#[derive(Clone, Debug)]
pub(in crate::server) struct Measured<S> {
    inner: S,
    metrics: Metrics,
}

impl<S> Measured<S> {
    pub(in crate::server) fn new(inner: S, metrics: Metrics) -> Self {
        Self { inner, metrics }
    }
}

impl<S, B> Service<Request<Body>> for Measured<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible>,
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let context = request.extensions().get::<CallContext>().cloned();
        let call = Call::start(&self.metrics, System::Grpc, request.uri().path(), context);
        let received = Arc::new(AtomicU64::new(0));
        let (mut sizes, bytes) = (Sizes::default(), received.clone());
        let count = move |frame: Frame<Bytes>| {
            if let Some(data) = frame.data_ref() {
                sizes.pass(data);
                bytes.store(sizes.total, Ordering::Relaxed);
            }
            frame
        };
        let request = request.map(|body| Body::new(body.map_frame(count)));
        ResponseFuture { future: self.inner.call(request), call: Some((call, received)) }
    }
}

pin_project! {
    /// The response of [`Measured`].
    pub(in crate::server) struct ResponseFuture<F> {
        #[pin]
        future: F,
        call: Option<(Call, Arc<AtomicU64>)>,
    }
}

impl<F, B> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, Infallible>>,
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.future.poll(cx))?;
        let Some((mut call, received)) = this.call.take() else { return Poll::Ready(Ok(response.map(Body::new))) };
        // Trailers-Only: the status is in the headers, and there is no body that could end the call.
        if response.headers().contains_key(GRPC_STATUS) {
            let (code, message) = outcome(response.headers());
            call.end(code, &message, [0, received.load(Ordering::Relaxed)]);
            return Poll::Ready(Ok(response.map(Body::new)));
        }
        Poll::Ready(Ok(response.map(|body| Body::new(SentBody::new(body, call, received)))))
    }
}

pin_project! {
    /// A response; ends its call with the status of its trailers.
    struct SentBody<B> {
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

impl<B> SentBody<B> {
    fn new(body: B, call: Call, received: Arc<AtomicU64>) -> Self {
        Self { body, ending: Ending { call, sent: Sizes::default(), received } }
    }
}

impl Ending {
    fn end(&mut self, code: Option<Code>, message: &str) {
        self.call.end(code, message, [self.sent.total, self.received.load(Ordering::Relaxed)]);
    }
}

/// The code and the message of these trailers; no code for OK. A missing or unknown code is UNKNOWN.
fn outcome(trailers: &HeaderMap) -> (Option<Code>, ByteString) {
    let (code, message) = Received::code_and_message(trailers);
    match code {
        ReceivedCode::Ok => (None, message),
        ReceivedCode::Error(code) => (Some(code), message),
        ReceivedCode::Invalid(_) => (Some(Code::Unknown), message),
    }
}

impl<B: HttpBody<Data = Bytes, Error: Into<BoxError>>> HttpBody for SentBody<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.project();
        let frame = ready!(this.body.poll_frame(cx)).map(|frame| frame.map_err(Into::into));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    this.ending.sent.pass(data);
                }
                if let Some(trailers) = frame.trailers_ref() {
                    let (code, message) = outcome(trailers);
                    this.ending.end(code, &message);
                }
            }
            // The body of a layer reports errors in its trailers.
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

/// Adds up the bytes of messages as they pass.
#[derive(Debug, Default)]
struct Sizes {
    /// How many bytes of a prefix have passed, and the length read so far.
    prefix: (u8, u32),
    /// How many bytes of a message are still to come.
    left: u64,
    total: u64,
}

/// A flag and four bytes of length
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests>).
const PREFIX: u8 = 5;

impl Sizes {
    fn pass(&mut self, mut data: &[u8]) {
        loop {
            let message = data.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
            self.left -= message as u64;
            self.total += message as u64;
            data = &data[message..];
            let Some((byte, rest)) = data.split_first() else { return };
            let (passed, len) = self.prefix;
            // The flag is shifted out by the four bytes behind it.
            let len = len << 8 | u32::from(*byte);
            self.prefix = (passed + 1, len);
            if passed + 1 == PREFIX {
                self.left = len.into();
                self.prefix = (0, 0);
            }
            data = rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_messages_however_they_arrive() {
        let stream = b"\0\0\0\0\x02ab\0\0\0\0\0\x01\0\0\x01\0".iter().copied().chain([b'x'; 256]).collect::<Vec<_>>();
        for step in [1, 2, 3, 7, stream.len()] {
            let mut sizes = Sizes::default();
            stream.chunks(step).for_each(|data| sizes.pass(data));
            assert_eq!(sizes.total, 258, "{step}");
        }
        let mut broken_off = Sizes::default();
        broken_off.pass(b"\0\0\0\0\x09abc");
        assert_eq!(broken_off.total, 3);
    }
}
