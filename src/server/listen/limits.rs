//! What one connection may take.

use std::{sync::Arc, time::Duration};

use crate::server::{concurrency::Places, config::Config, descriptors};

/// How many connections the admin listener takes. It is for few callers.
const ADMIN_CONNECTIONS: usize = 100;

/// The settings that a connection needs, by value.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(super) connections: usize,
    pub(super) header_list_bytes: u32,
    pub(super) streams: u32,
    pub(super) handshake: Option<Duration>,
    pub(super) write: Option<Duration>,
    pub(super) idle: Option<Duration>,
    pub(super) age: Option<Duration>,
    pub(super) grace: Duration,
    pub(super) keepalive: Option<Duration>,
    pub(super) keepalive_timeout: Duration,
    /// How long the header of a request over HTTP/1.1 may take, from the end of the request before it.
    pub(super) header: Option<Duration>,
    /// Those of the calls on all connections.
    pub(super) places: Arc<Places>,
}

impl Limits {
    /// Those of the RPCs.
    pub(crate) fn of(config: &Config, places: Arc<Places>) -> Self {
        Self::with(descriptors::connections(config.max_connections.get()), config, places)
    }

    fn with(connections: usize, config: &Config, places: Arc<Places>) -> Self {
        Self {
            connections,
            header_list_bytes: config.max_header_list_bytes.get(),
            streams: config.max_concurrent_streams.get(),
            handshake: config.handshake_timeout,
            write: config.write_timeout,
            idle: config.idle_timeout,
            age: config.max_connection_age,
            grace: config.max_connection_age_grace,
            keepalive: config.keepalive_interval,
            keepalive_timeout: config.keepalive_timeout,
            header: config.request_timeout,
            places,
        }
    }

    /// Those of the admin listener: as the RPCs', for few callers.
    pub(crate) fn of_admin(config: &Config) -> Self {
        Self::with(ADMIN_CONNECTIONS, config, Arc::new(Places::unlimited()))
    }
}
