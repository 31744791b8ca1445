//! The same work by hand: `tonic::Status`, `tonic-types`, `serde` structs and a `match` over a few kinds.

pub(crate) mod grpc_to_http;
pub(crate) mod http_to_grpc;

mod body;
