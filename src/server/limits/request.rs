//! The body of a request.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tonic::Status;

use super::{call::Call, errors};
use crate::model::BoxError;

/// What a caller sends, counted: whoever reads it holds it in memory.
pub(super) struct RequestBody {
    inner: Incoming,
    call: Arc<Call>,
}

impl RequestBody {
    pub(super) fn new(inner: Incoming, call: Arc<Call>) -> Self {
        Self { inner, call }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        let bytes = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, Buf::remaining),
            _ => 0,
        };
        if bytes > 0 && !self.call.receives(bytes) {
            let status = Status::from(self.call.calls().translator.write_grpc(&errors::full()));
            return Poll::Ready(Some(Err(status.into())));
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
