//! gRPC errors: the three `grpc-*` fields and `google.rpc.Status`.

mod json;
mod received;
mod status;
mod trailers;

pub use json::{JsonError, Registry, RegistryError};
pub use received::{Received, ReceivedCode};
pub use status::{DecodeError, Status};
pub use trailers::Trailers;
