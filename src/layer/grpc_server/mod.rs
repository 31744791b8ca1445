//! Errors on their way out of a gRPC server.
//!
//! [`GrpcServerLayer`] wraps a whole tonic server, or one service. It
//!
//! - names the kind of every error in an `ErrorInfo`, in headers and in trailers, unary and streaming;
//! - shows the caller what its audience may see, in metadata that fits the size budget;
//! - adds the catalog's message in the caller's language, by its `accept-language`, as a `LocalizedMessage`;
//! - turns a panic, in the call, in its future or in the body, into `internal_error`;
//! - enforces the caller's `grpc-timeout` and its own as DEADLINE_EXCEEDED, bodies included;
//! - makes each call end with one status: one that ends without is UNKNOWN, and so is a handler's `Err` that
//!   says `OK` (known by the `tonic::Status` that tonic leaves in the extensions).
//!
//! The error of a service that fails is the first `errwire::Error` among its sources, else the first `tonic::Status`, else an
//! `internal_error` that hides its cause. The layer judges by the response, never by what the request claims: a response with
//! `grpc-status` in its headers or trailers, or of gRPC's media type, is gRPC. Any other passes. A gRPC-Web response hides its
//! status in its body, so this layer belongs inside of tonic-web: outside, it passes such a response to an internal audience, and
//! refuses it to the public. Deadlines need a tokio runtime with a timer.
//!
//! tonic's own timeout, load shed and concurrency limit sit outside user layers, where this one cannot see their
//! errors. Leave them off, and use [`with_timeout`](GrpcServerLayer::with_timeout) here.
//!
//! With defaults:
//!
//! ```
//! use errwire::layer::GrpcServerLayer;
//! # #[cfg(feature = "server")] {
//! let server = tonic::transport::Server::builder().layer(GrpcServerLayer::default());
//! # }
//! ```
//!
//! For external callers, with a catalog and a limit of one's own:
//!
//! ```
//! use std::time::Duration;
//!
//! use errwire::{Audience, Catalog, Translator, layer::GrpcServerLayer};
//!
//! let layer = GrpcServerLayer::new(Translator::new(Catalog::builtin()))
//!     .with_audience(Audience::Public)
//!     .with_timeout(Duration::from_secs(10));
//! ```

mod call;
mod plain_body;
mod response;
mod service;

pub(in crate::layer) use call::{Call, MarkWanted, Settled, Shared, hidden_status};
pub(in crate::layer) use plain_body::PlainBody;
pub use response::{ResponseBody, ResponseFuture};
pub use service::{GrpcServer, GrpcServerLayer};
