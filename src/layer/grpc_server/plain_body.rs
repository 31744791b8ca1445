//! The body of a response that is not gRPC.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::HeaderValue;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::call::{Call, Shared};
use crate::{
    layer::{Observer, catch_panic, declared::Declared, fields, status_writer::Ending},
    model::{Audience, BoxError},
};

pin_project! {
    /// Passes unchanged. A panic breaks the body off, so that a caller does not take half a response for a whole one.
    pub(in crate::layer) struct PlainBody<B, O> {
        // None after a panic.
        #[pin]
        pub(in crate::layer) body: Option<B>,
        pub(in crate::layer) shared: Arc<Shared<O>>,
        pub(in crate::layer) accept_language: Option<HeaderValue>,
        // Looked up once there is an error.
        pub(in crate::layer) declared: Declared,
        // Whether trailers that hold an error are written for the audience.
        pub(in crate::layer) is_guarded: bool,
    }
}

impl<B, O> PlainBody<B, O> {
    pub(super) fn of(body: B, call: Call<O>) -> Self {
        let Call { shared, accept_language, method, .. } = call;
        let declared = method.map_or(Declared::Unknown, Declared::Method);
        Self { body: Some(body), shared, accept_language, declared, is_guarded: true }
    }

    /// The call, once there is an error.
    fn call(self: Pin<&mut Self>) -> Call<O> {
        let this = self.project();
        let method = this.declared.method(&this.shared.writer.translator);
        let accept_language = this.accept_language.take();
        Call { shared: this.shared.clone(), is_grpc: false, accept_language, method, is_marking: false }
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

    #[inline]
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let Some(body) = self.as_mut().project().body.as_pin_mut() else { return Poll::Ready(None) };
        let mut polled = Poll::Pending;
        if let Err(panic) = catch_panic::catch(|| polled = body.poll_frame(cx)) {
            self.as_mut().call().tell(&panic);
            catch_panic::replace(self.project().body, || None);
            return Poll::Ready(Some(Err(panic.into())));
        }
        if self.is_guarded
            && let Poll::Ready(Some(Ok(frame))) = &mut polled
            && let Some(trailers) = frame.trailers_mut()
        {
            if Ending::of(trailers) == Ending::Error {
                self.call().redact(trailers);
            } else if self.shared.writer.audience == Audience::Public {
                fields::withhold_details(trailers);
            }
        }
        polled.map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or(SizeHint::with_exact(0), Body::size_hint)
    }
}
