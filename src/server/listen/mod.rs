//! From a socket to the calls on it: accepting, TLS, HTTP/1.1 and HTTP/2, and the limits of a connection.
//!
//! A connection is [accepted](accept), wrapped in [`TimeoutIo`](timeout_io::TimeoutIo) against peers that send or read nothing, and
//! [driven](connection) until it is too old, idle, or the server drains. Its output is sent in one piece a turn
//! ([`Corked`](cork::Corked)). [`StreamExecutor`](executor::StreamExecutor) watches its HTTP/2 streams.

mod accept;
mod connection;
mod cork;
mod executor;
mod socket;
mod timeout_io;

#[cfg(feature = "cli")]
pub(crate) use accept::raise_descriptors;
pub(super) use accept::{accept, allowed_connections};
pub(super) use connection::{Accept, ConnectionState};
pub(super) use executor::{awaits_handler, awaits_peer};
pub(super) use socket::Listener;
