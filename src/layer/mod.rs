//! Interceptors: tower layers that carry errors over each hop.
//!
//! | layer | wraps | does |
//! |---|---|---|
//! | [`GrpcServerLayer`] | a tonic server, or one service | names the kind of each error, applies audience and budget, turns panics and deadlines into errors |
//! | `GrpcClientLayer` (feature `grpc-client`) | a tonic `Channel`, or any gRPC client stack, below the decoding | passes a valid status unchanged; mends a broken one, reads answers that are not of gRPC, classifies faults of the transport |
//!
//! A response that is no error passes without an allocation and without its body being touched.

#[cfg(feature = "grpc-client")]
pub mod grpc_client;
pub mod grpc_server;

mod block;
mod cause;
mod deadline;
mod observe;
mod unwind;

#[cfg(feature = "grpc-client")]
pub use grpc_client::{GrpcClient, GrpcClientLayer};
pub use grpc_server::{GrpcServer, GrpcServerLayer};
pub use observe::{Direction, Event, Observer};
