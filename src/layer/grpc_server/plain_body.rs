//! The body of a response that is not gRPC.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::HeaderValue;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::call::Call;
use crate::{
    layer::{
        Observer,
        declared::Declared,
        error_source, fields,
        status_writer::{Ending, Requested, Writer},
    },
    model::{Audience, BoxError},
    translate::Report,
};

pin_project! {
    /// Passes unchanged. A panic breaks the body off, so that a caller does not take half a response for a whole one.
    pub(in crate::layer) struct PlainBody<B, O> {
        // None after a panic.
        #[pin]
        pub(in crate::layer) body: Option<B>,
        pub(in crate::layer) writer: Arc<Writer<O>>,
        pub(in crate::layer) language: Option<HeaderValue>,
        // Looked up once there is an error.
        pub(in crate::layer) declared: Declared,
        // Whether trailers that hold an error are written for the audience.
        pub(in crate::layer) is_guarded: bool,
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
        let mut this = self.as_mut().project();
        let Some(body) = this.body.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let mut polled = Poll::Pending;
        if let Err(panic) = error_source::catch_panic(|| polled = body.poll_frame(cx)) {
            let method = this.declared.method(&this.writer.translator);
            this.writer.tell(&panic, Report::default(), method.as_ref());
            error_source::replace(this.body, || None);
            return Poll::Ready(Some(Err(panic.into())));
        }
        if *this.is_guarded
            && let Poll::Ready(Some(Ok(frame))) = &mut polled
            && let Some(trailers) = frame.trailers_mut()
        {
            if Ending::of(trailers) == Ending::Error {
                let method = this.declared.method(&this.writer.translator);
                let requested = Requested { language: this.language.take(), method };
                let call = Call { writer: this.writer.clone(), requested, is_grpc: false, is_marking: false };
                call.redact(trailers);
            } else if this.writer.audience == Audience::Public {
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
