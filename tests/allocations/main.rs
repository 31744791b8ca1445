//! Allocations, counted. Apart from the other tests, since the program brings an allocator that counts.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[cfg(feature = "layer")]
#[path = "../layer_support/mod.rs"]
mod layer_support;

#[cfg(feature = "derive")]
mod derived;
mod growth;
mod inputs;
#[cfg(feature = "server")]
mod layers;
mod translation;
