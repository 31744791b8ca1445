//! The interceptors, each alone, with each other, and over sockets.
#![cfg(feature = "layer")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "../generate/mod.rs"]
mod generate;
#[path = "../layer_support/mod.rs"]
mod layer_support;
#[cfg(feature = "metrics")]
#[allow(unreachable_pub, reason = "another program has it in a module of its own")]
#[path = "../support/recorder.rs"]
mod recorder;
#[path = "../scripted/mod.rs"]
mod scripted;
#[path = "../spec/mod.rs"]
mod spec;

#[cfg(feature = "server")]
mod compose;
#[cfg(feature = "metrics")]
mod count;
mod declared;
mod disconnects;
#[cfg(feature = "server")]
mod grpc_client;
#[cfg(feature = "server")]
mod grpc_client_connect;
#[cfg(feature = "server")]
mod grpc_client_deadline;
#[cfg(feature = "server")]
mod grpc_client_frames;
#[cfg(feature = "server")]
mod grpc_client_streams;
#[cfg(feature = "server")]
mod grpc_client_wire;
#[cfg(feature = "server")]
mod grpc_server;
#[cfg(feature = "server")]
mod grpc_server_after_panics;
#[cfg(feature = "server")]
mod grpc_server_languages;
#[cfg(feature = "server")]
mod grpc_server_random;
#[cfg(feature = "server")]
mod grpc_server_tonic;
#[cfg(feature = "server")]
mod grpc_web;
mod http_client;
mod http_server;
mod http_server_axum;
mod http_server_faults;
mod http_server_grpc;
mod http_server_random;
mod http_server_wire;
#[cfg(feature = "server")]
mod order;
mod order_callers;
#[cfg(feature = "server")]
mod order_outside;
#[cfg(feature = "server")]
mod types;
#[cfg(feature = "server")]
mod who_decides;
