//! The tasks example: both servers in this process, and every error of the API reference on both wires.
#![cfg(all(feature = "axum", feature = "cli"))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "../examples/tasks/app/mod.rs"]
mod app;
#[path = "tasks/product.rs"]
mod product;
#[path = "tasks/provocations.rs"]
mod provocations;
#[path = "tasks/readme.rs"]
mod readme;
#[path = "tasks/wires.rs"]
mod wires;
