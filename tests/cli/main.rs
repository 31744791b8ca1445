//! The commands, and the pages that show them.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod commands;
mod diff_server;
mod domain;
mod explain;
mod own_errors_page;
mod pages;
mod paste;
mod paste_clients;
mod paste_mentions;
mod paste_tools;
#[cfg(feature = "axum")]
mod tasks;
mod translate;
