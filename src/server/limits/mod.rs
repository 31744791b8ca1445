//! Admission control: the limits of calls in flight, their memory and their time.
//!
//! [`Limited`] wraps the services of one connection. It counts the calls of all connections and refuses those above the
//! limit, ends unary calls that take too long, and ends what is still in flight when the connection or the server ends: each
//! with an error in the protocol of the caller, so that every call ends with a status.

mod body;
mod call;
mod concurrency;
mod service;

pub(super) use call::{Calls, give_back};
pub(super) use concurrency::{ItemRate, PeerWait, Places};
pub(super) use service::Limited;
