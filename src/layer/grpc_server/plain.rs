//! The body of an answer that is not of gRPC.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::shared::Caller;
use crate::{
    layer::{Observer, catch_panic},
    model::BoxError,
};

pin_project! {
    /// Passes as it is, but for panics, which break it off: a caller must not take half an answer for a whole one.
    pub(in crate::layer) struct PlainBody<B, O> {
        // None after a panic.
        #[pin]
        body: Option<B>,
        caller: Caller<O>,
        // Whether trailers that hold an error are written for the audience.
        is_guarded: bool,
    }
}

impl<B, O> PlainBody<B, O> {
    /// Trailers may hold a status all the same, which is written for the audience.
    pub(in crate::layer) fn guarding(body: B, caller: Caller<O>) -> Self {
        Self { body: Some(body), caller, is_guarded: true }
    }

    /// Trailers pass too.
    pub(in crate::layer) fn trusting(body: B, caller: Caller<O>) -> Self {
        Self { body: Some(body), caller, is_guarded: false }
    }
}

impl<B, O> Body for PlainBody<B, O>
where
    B: Body,
    B::Error: Into<BoxError>,
    O: Observer,
{
    type Data = B::Data;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let mut this = self.project();
        let Some(body) = this.body.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let mut polled = Poll::Pending;
        if let Err(panic) = catch_panic::catch(|| polled = body.poll_frame(cx)) {
            this.caller.tell(&panic);
            catch_panic::replace(this.body, None);
            return Poll::Ready(Some(Err(panic.into())));
        }
        polled.map(|frame| {
            let frame = frame?.map_err(Into::into);
            Some(frame.map(|frame| if *this.is_guarded { guard(frame, this.caller) } else { frame }))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or(SizeHint::with_exact(0), Body::size_hint)
    }
}

fn guard<D, O: Observer>(frame: Frame<D>, caller: &Caller<O>) -> Frame<D> {
    match frame.into_trailers() {
        Ok(mut trailers) => {
            caller.guard(&mut trailers);
            Frame::trailers(trailers)
        }
        Err(frame) => frame,
    }
}
