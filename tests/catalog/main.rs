//! Catalogs: their forms, checks, differences and what is generated from them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "../spec/mod.rs"]
mod spec;
#[cfg(feature = "cli")]
#[path = "../support/mod.rs"]
mod support;

#[cfg(all(feature = "proto", feature = "yaml"))]
mod bad_catalogs;
#[cfg(feature = "build")]
mod build_script;
#[cfg(feature = "cli")]
mod check;
mod contract;
#[cfg(feature = "yaml")]
mod diff;
#[cfg(feature = "cli")]
mod docs;
#[cfg(feature = "yaml")]
mod generate_rust;
mod generated;
#[cfg(feature = "cli")]
mod long;
#[cfg(feature = "cli")]
mod sources;
