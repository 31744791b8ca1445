//! The core: the translator, the wires and the laws.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "../generate/mod.rs"]
mod generate;
#[path = "../spec/mod.rs"]
mod spec;

mod budget;
mod dialects;
mod disclosure;
mod enumeration;
mod error_to_grpc;
mod error_to_http;
mod foreign_bodies;
mod foreign_families;
mod foreign_fields;
mod foreign_variants;
#[cfg(feature = "yaml")]
mod fuzz_corpora;
mod grpc_kind_and_status;
mod grpc_to_error;
mod hostile;
mod http_budget;
mod http_headers;
mod http_to_error;
mod languages;
mod laws;
mod layering;
mod live_catalog;
mod origins;
mod peers;
mod redaction;
mod roles;
mod rules;
