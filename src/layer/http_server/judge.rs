//! What becomes of an answer, by what it is.

use bytes::Bytes;
use http::{Response, response::Parts};
use http_body::Body;

use super::{ResponseBody, asked::Asked, shared::Shared};
use crate::{
    layer::{
        Observer,
        classify::{answered, is_error},
        fields,
        grpc_server::{PlainBody, Settled},
        status_writer::Ending,
    },
    model::{Audience, BoxError},
    wire::protocol::Protocol,
};

pub(super) enum Judged<B, O> {
    /// No error, or one that is not ours to write.
    Passes(Response<ResponseBody<B, O>>),
    /// Of gRPC-Web, with the status in the body, where nobody can say what the public may see of it.
    Hidden(Parts),
    /// To be written anew.
    Error(Response<B>),
}

impl<O: Observer> Shared<O> {
    /// An answer of gRPC to a caller of gRPC is handed on; to the public only if a `GrpcServerLayer` has written it, else it
    /// is treated as that layer would. Every other error is ours, and what is not an error passes, its trailers guarded.
    pub(super) fn judge<B>(&self, mut response: Response<B>, asked: &Asked) -> Judged<B, O>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<BoxError>,
    {
        let answered = answered(response.headers());
        let is_settled = asked.protocol.is_any_grpc() && response.extensions_mut().remove::<Settled>().is_some();
        let is_trusted = is_settled || self.writer().audience == Audience::Internal;
        let hands_on = asked.hands_off || is_trusted && asked.protocol.is_any_grpc() && answered.is_any_grpc();
        let is_error = is_error(response.status(), response.headers());
        if hands_on || is_trusted && !is_error {
            let pass = |body| ResponseBody::passing(PlainBody::trusting(body, self.caller(asked)));
            return Judged::Passes(response.map(pass));
        }
        let has_status = Ending::of(response.headers()) != Ending::Missing;
        let is_trailers_only = has_status && response.body().is_end_stream();
        if answered == Protocol::GrpcWeb && !is_trailers_only {
            return Judged::Hidden(response.into_parts().0);
        }
        if is_error && !(asked.protocol == Protocol::Grpc && answered == Protocol::Grpc) {
            return Judged::Error(response);
        }
        let caller = self.caller(asked);
        if has_status {
            caller.settle_response(&mut response);
        } else {
            fields::withhold_details(response.headers_mut());
        }
        Judged::Passes(response.map(|body| ResponseBody::passing(PlainBody::guarding(body, caller))))
    }
}
