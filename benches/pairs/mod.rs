//! The same work twice: by this crate, and by hand.

mod any_api;
mod grpc_to_http;
mod http_to_grpc;
mod input;
mod look_up;

/// Fails if the two do not do the same work.
pub(crate) fn agree() {
    grpc_to_http::agree();
    http_to_grpc::agree();
}
