//! Catalog files, good and bad.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bad;
mod good;
mod hostile;
mod join;
