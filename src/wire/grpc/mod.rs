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

mod encoder;
#[cfg(feature = "layer")]
mod fields;
mod json;
mod outgoing;
mod received;
mod status;
mod trailers;

pub use json::{JsonError, Registry, RegistryError};
pub use received::{Received, ReceivedCode};
pub(crate) use status::WireSize;
#[cfg(feature = "tonic")]
pub(crate) use status::details_in_place;
pub use status::{DecodeError, Status};
pub use trailers::Trailers;

pub(crate) use encoder::{Naming, base64_len};
#[cfg(feature = "layer")]
pub(crate) use fields::StatusFields;
#[cfg(feature = "server")]
pub(crate) use json::parse_json;
pub(crate) use json::{ALL_FIELDS, StandardDetails, has_only_known};
pub(crate) use outgoing::Outgoing;
pub(crate) use trailers::{GRPC_MESSAGE, GRPC_STATUS, GRPC_STATUS_DETAILS_BIN, encoded_len};
