//! Catalogs from files, good and bad.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[cfg(feature = "yaml")]
mod bad;
#[cfg(feature = "yaml")]
mod good;
#[cfg(feature = "yaml")]
mod hostile;
#[cfg(feature = "yaml")]
mod merge;
#[cfg(all(feature = "proto", feature = "yaml"))]
mod methods;
#[cfg(all(feature = "yaml", feature = "proto"))]
mod proto_bad;
#[cfg(all(feature = "yaml", feature = "proto"))]
mod proto_good;
#[cfg(feature = "proto")]
mod proto_hostile;
#[cfg(all(feature = "yaml", feature = "proto"))]
mod round_trip;
