//! The wires: syntax only, in both directions. Knows no catalog, and no wire knows another.

pub mod grpc;
pub mod http;

#[cfg(feature = "layer")]
pub(crate) mod protocol;
