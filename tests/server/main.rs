//! The server in this process and as a process, and the follower of its catalog.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod catalog;
mod config;
mod connections;
mod deploy;
#[cfg(all(feature = "cli", target_os = "linux"))]
mod descriptors;
#[cfg(all(feature = "cli", unix))]
mod drain;
mod heads;
mod health;
#[cfg(all(feature = "cli", unix))]
mod help_url;
#[cfg(feature = "cli")]
mod http_json;
mod languages;
mod lifecycle;
#[cfg(all(feature = "cli", unix))]
mod log;
mod metrics;
mod overload;
#[cfg(all(feature = "cli", unix))]
mod process;
mod reflection;
mod refusals;
#[cfg(feature = "yaml")]
mod reload;
#[cfg(feature = "yaml")]
mod reload_load;
#[cfg(all(feature = "cli", unix))]
mod reload_process;
#[cfg(feature = "yaml")]
mod remote;
mod remote_hostile;
mod remote_watchdog;
mod serve;
#[cfg(all(feature = "cli", unix))]
mod settings;
#[cfg(all(feature = "cli", unix))]
mod tls;
mod translate;
#[cfg(all(feature = "cli", unix))]
mod unix;
mod watch;
mod web;
