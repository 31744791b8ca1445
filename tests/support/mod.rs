//! A server in this process, and the real binary.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, reason = "each test file uses its part")]

#[cfg(feature = "cli")]
pub mod binary;
pub mod catalogs;
pub mod raw;
#[cfg(feature = "metrics")]
pub mod recorder;
pub mod requests;
pub mod server;
#[cfg(feature = "server")]
pub mod tls;
