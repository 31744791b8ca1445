//! What the layers for gRPC servers and clients share: a call held to its deadline, and a body that ends with one status.

mod body;
mod future;

pub(super) use body::CallBody;
pub(super) use future::{CallFuture, Data, Ended, Side, Stage, deadline_exceeded};
