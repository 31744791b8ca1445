//! gRPC errors: the three `grpc-*` fields and `google.rpc.Status`.

mod received;
mod status;
mod trailers;

pub use received::{Received, ReceivedCode};
pub use status::{DecodeError, Status};
pub use trailers::Trailers;
