//! Errors on their way into a gRPC client.
//!
//! [`GrpcClientLayer`] wraps tonic's `Channel`, or any service that sends calls of gRPC. It sits below the code that
//! decodes messages, and makes sure that this code always finds one valid status. It
//!
//! - passes a valid status unchanged, success and error alike;
//! - fixes a status that is not valid: an unknown code, a message that is not UTF-8, details that are not base64, or come
//!   twice, or joined by commas, or disagree with the code;
//! - reads a response that is not gRPC, such as a JSON error of an API or the HTML of a proxy, as an error: at most 64 KiB, for at
//!   most two seconds;
//! - turns transport errors into errors by their type: connections refused or lost are UNAVAILABLE, HTTP/2 resets have the code of
//!   [gRPC's table], and none becomes a code that only an application may use ([gRFC A54]);
//! - gives up a call at its `grpc-timeout`, bodies included, also where the transport has no timer for that: tonic's does not
//!   run while it connects, nor for a stream. Deadlines need a tokio runtime with a timer.
//!
//! It never fails: a call that cannot be sent ends with a status, so that what callers see does not depend on the
//! features that tonic was built with.
//!
//! With defaults:
//!
//! ```
//! use errwire::layer::GrpcClientLayer;
//! # #[cfg(feature = "server")]
//! # async fn connect() {
//! use tower::ServiceBuilder;
//!
//! let channel = tonic::transport::Endpoint::from_static("http://127.0.0.1:50051").connect_lazy();
//! let channel = ServiceBuilder::new().layer(GrpcClientLayer::default()).service(channel);
//! // let client = MyClient::new(channel);
//! # }
//! ```
//!
//! With a catalog of one's own, and an observer, which sees unchanged errors too:
//!
//! ```
//! use errwire::{
//!     Catalog, Translator,
//!     layer::{Event, GrpcClientLayer},
//! };
//!
//! let layer = GrpcClientLayer::new(Translator::new(Catalog::builtin()))
//!     .with_observer(|event: &Event<'_>| eprintln!("{}: {}", event.error.kind(), event.error.message()));
//! ```
//!
//! [gRPC's table]: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors
//! [gRFC A54]: https://github.com/grpc/proposal/blob/master/A54-restrict-control-plane-status-codes.md

mod call;
mod first_frame;
mod response;

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

pub use response::{ResponseBody, ResponseFuture};

use call::Call;

use super::{
    Direction, Observer,
    classify::CallHeaders,
    deadline::Deadline,
    error_source::{Stage, transport_error},
    status_writer::Writer,
    wrapper::{opaque, wrapper},
};
use crate::{
    model::{Audience, BoxError, Error},
    translate::Translator,
};

/// See the [module docs](self).
pub struct GrpcClientLayer<O = ()> {
    writer: Arc<Writer<O>>,
}

impl GrpcClientLayer {
    /// By this translator.
    pub fn new(translator: Translator) -> Self {
        // The caller sees the whole response.
        Self { writer: Writer::new(translator, Audience::Internal, Direction::GrpcClient) }
    }
}

opaque!(GrpcClientLayer<O>);

/// See the [module docs](self).
pub struct GrpcClient<S, O = ()> {
    inner: S,
    writer: Arc<Writer<O>>,
    /// Why the inner service cannot be called: the response to the next call.
    broken: Option<Error>,
}

wrapper!(GrpcClientLayer, GrpcClient {} broken);

impl<S, O, Req, B> Service<Request<Req>> for GrpcClient<S, O>
where
    S: Service<Request<Req>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    O: Observer,
    B: Body,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody<B, O>>;
    /// Every failure is a response, which says more than the text of an error would.
    type Error = Infallible;
    type Future = ResponseFuture<S::Future, B, O>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.broken.is_none()
            && let Err(error) = ready!(self.inner.poll_ready(cx))
        {
            self.broken = Some(transport_error(error.into(), Deadline::none(), Stage::Calling));
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Req>) -> Self::Future {
        let CallHeaders { is_grpc, timeout, .. } = CallHeaders::of(request.headers());
        let call = Call { writer: self.writer.clone(), is_grpc };
        if let Some(error) = self.broken.take() {
            return ResponseFuture::failed(error, call);
        }
        let deadline = if is_grpc { Deadline::of(timeout, None) } else { Deadline::none() };
        ResponseFuture::watching(self.inner.call(request), call, deadline)
    }
}
