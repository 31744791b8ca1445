//! gRPC errors: the three `grpc-*` fields and `google.rpc.Status`.
//!
//! ```
//! use errwire::wire::grpc::{Received, ReceivedCode, Trailers};
//!
//! let trailers = Trailers { grpc_status: "5".into(), grpc_message: "no%20such%20task".into(), ..Default::default() };
//! let received = Received::from_trailers(&trailers);
//! assert_eq!(received.code, ReceivedCode::Error(errwire::Code::NotFound));
//! assert_eq!(received.message, "no such task");
//! ```

mod json;
mod message;
mod received;
mod status;
mod trailers;

pub use json::{JsonError, Registry, RegistryError};
pub use received::{Received, ReceivedCode};
pub use status::{DecodeError, Status};
pub(crate) use status::{WireSize, base64_len};
pub use trailers::Trailers;

#[cfg(feature = "server")]
pub(crate) use json::parse_json;
pub(crate) use json::{ALL_FIELDS, StandardDetails, has_only_known};
pub(crate) use message::encoded_len;
pub(crate) use trailers::{GRPC_MESSAGE, GRPC_STATUS, GRPC_STATUS_DETAILS_BIN};
