//! What a server does with a call, and what a client does.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Buf;
use http::HeaderMap;
use http_body::Body;

use crate::{
    layer::deadline::{Deadline, Timer},
    model::{BoxError, Error, kinds},
};

/// The two ends of a call differ in this.
pub(in crate::layer) trait Side {
    /// Runs the code of the service inside. `Err` is a panic that becomes a response.
    fn run(f: impl FnOnce()) -> Result<(), Error>;

    /// What a failure of the service inside, or of its body, means.
    fn fault(cause: BoxError, deadline: Deadline, stage: Stage) -> Error;

    /// Ready when the deadline of a call without a response has passed.
    fn poll_deadline(timer: Pin<&mut Timer>, cx: &mut Context<'_>) -> Poll<()>;

    /// What becomes of data of the body.
    fn data<D: Buf>(&mut self, data: D, timer: Pin<&mut Timer>) -> Data<D>;

    /// Reads a body of which [`data`](Self::data) has kept something, up to the trailers in its place.
    fn poll_kept<B: Body>(&mut self, _: Pin<&mut B>, _: &mut Context<'_>) -> Option<Poll<HeaderMap>> {
        None
    }

    /// Makes the block that ends the call hold one valid status.
    fn settle(&self, block: &mut HeaderMap, ended: Ended);

    /// The trailers of an error that did not come from below.
    fn trailers(&self, error: &Error) -> HeaderMap;
}

/// How far a call had come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::layer) enum Stage {
    /// Nothing of a response was there.
    Calling,
    /// The head of the response was there: the peer has begun the call, whatever it says then.
    Answered,
}

pub(in crate::layer) enum Data<D> {
    Passes(D),
    /// It is not part of a call of gRPC: what follows is to be read.
    Kept,
    Fails(Error),
}

/// How a body ended.
#[derive(Clone, Copy)]
pub(in crate::layer) struct Ended {
    pub(in crate::layer) deadline: Deadline,
    /// Whether there were trailers, with whatever in them.
    pub(in crate::layer) has_trailers: bool,
}

pub(in crate::layer) fn deadline_exceeded() -> Error {
    Error::new(kinds::DEADLINE_EXCEEDED)
}
