//! The tasks example: both servers in this process, and every error of the API reference on both wires.

#[path = "../../examples/tasks/app/mod.rs"]
mod app;
mod declared;
mod product;
mod provocations;
mod readme;
mod wires;
