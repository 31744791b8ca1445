//! The gRPC services: decode, call the translator, encode.
//!
//! [`ErrorMappingServer`] serves `errwire.v1.ErrorMappingService` by an [`ErrorMapping`], and [`CatalogServer`] serves
//! `errwire.v1.CatalogService` by a [`CatalogReader`]; both can be added to any tonic server. The same translations, without a socket:
//!
//! ```
//! use errwire::{Translator, service::{ErrorMapping, pb}};
//!
//! let mapping = ErrorMapping::new(Translator::default());
//! let request = pb::GrpcToHttpRequest {
//!     source: Some(pb::grpc_to_http_request::Source::Trailers(pb::GrpcTrailers {
//!         grpc_status: "5".into(),
//!         ..Default::default()
//!     })),
//!     ..Default::default()
//! };
//! let response = mapping.grpc_to_http(request)?.response.unwrap_or_default();
//! assert_eq!(response.status, 404);
//! # Ok::<(), errwire::Error>(())
//! ```

mod call;
mod catalog;
mod catalog_messages;
mod decode;
mod errors;
mod frames;
mod json;
mod mapping;
mod pasted;
mod server;
mod translation;
mod watch;

pub use crate::pb;
pub use catalog::CatalogReader;
pub use mapping::ErrorMapping;
pub use server::{CatalogServer, ErrorMappingServer};

pub(crate) use call::{CallContext, CallKind, Direction, Meter, Metered, Rpc, Translated, Watch};
#[cfg(feature = "cli")]
pub(crate) use catalog_messages::kind_message;
pub(crate) use catalog_messages::whole_catalog;
pub(crate) use errors::{name_refusal, named, too_large};
pub(crate) use json::{Codec, Json, Unary};
pub(crate) use pasted::{Pasted, read as read_pasted};
#[cfg(feature = "cli")]
pub(crate) use translation::Translation;
