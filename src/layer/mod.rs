//! Interceptors: tower layers that carry errors over each hop.
//!
//! | layer | wraps | does |
//! |---|---|---|
//! | [`GrpcServerLayer`] | a tonic server, or one service | names the kind of each error, applies audience and budget, turns panics and deadlines into errors |
//! | [`GrpcClientLayer`] | a tonic `Channel`, or any gRPC client stack, below the decoding | passes a valid status unchanged; fixes a broken one, reads responses that are not gRPC, classifies transport errors |
//! | [`HttpServerLayer`] | axum, hyper, any HTTP service | turns each 4xx and 5xx, and panics, into `{"kind", "message"}` |
//! | [`HttpClientLayer`] | an HTTP client stack | returns a 4xx or 5xx, and a broken connection, as an [`Error`](crate::Error) |
//!
//! A response that is not an error passes without an allocation and without its body being touched.

pub mod grpc_client;
pub mod grpc_server;
pub mod http_client;
pub mod http_server;

mod caller;
mod classify;
mod collect;
mod deadline;
mod declared;
mod error_source;
mod fields;
mod grpc_call;
mod observe;
mod status_writer;
mod wrapper;

pub use declared::{RecordUndeclared, RequireDeclared};
pub use grpc_client::{GrpcClient, GrpcClientLayer};
pub use grpc_server::{GrpcServer, GrpcServerLayer};
pub use http_client::{HttpClient, HttpClientLayer};
pub use http_server::{HttpServer, HttpServerLayer};
#[cfg(feature = "metrics")]
pub use observe::CountErrors;
#[cfg(feature = "tracing")]
pub use observe::TraceErrors;
pub use observe::{Direction, Event, Observer};

#[cfg(feature = "server")]
pub(crate) use caller::{BodyForm, Caller};
#[cfg(feature = "remote")]
pub(crate) use error_source::catch_panic;
#[cfg(feature = "server")]
pub(crate) use observe::cut;
