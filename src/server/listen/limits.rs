//! What one connection may take, and how many connections the file descriptors of the process allow.

use std::{sync::Arc, time::Duration};

use crate::server::{config::Config, limits::Places};

/// The most connections of the admin listener, which has few callers.
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
    /// The places of the calls on all connections.
    pub(super) places: Arc<Places>,
}

impl Limits {
    /// The limits of the RPC listener.
    pub(crate) fn of(config: &Config, places: Arc<Places>) -> Self {
        Self::with(allowed_connections(config.max_connections.get()), config, places)
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

    /// The limits of the admin listener, which has few callers.
    pub(crate) fn of_admin(config: &Config) -> Self {
        Self::with(ADMIN_CONNECTIONS, config, Arc::new(Places::unlimited()))
    }
}

/// Descriptors that are kept for the admin listener, for files and for the runtime.
const RESERVED: usize = 128;

/// Raises the soft limit of descriptors to the hard limit, which is often many times higher.
#[cfg(all(unix, feature = "cli"))]
pub(crate) fn raise_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // If it fails, the limit stays as it is.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}

#[cfg(all(not(unix), feature = "cli"))]
pub(crate) fn raise_descriptors() {}

/// The limit of connections: as configured, or as many as there are descriptors for.
fn allowed_connections(set: usize) -> usize {
    let Some(descriptors) = descriptor_limit() else { return set };
    let most = for_connections(descriptors);
    if most < set {
        tracing::warn!(
            descriptors,
            max_connections = set,
            connections = most,
            "there are too few file descriptors for max_connections: fewer connections are accepted. Raise the limit of open \
             files (ulimit -n, LimitNOFILE)"
        );
    }
    set.min(most)
}

/// The descriptors without the reserve, which is at most half of them.
fn for_connections(descriptors: usize) -> usize {
    descriptors.saturating_sub(RESERVED.min(descriptors / 2)).max(1)
}

/// `None` if there is no limit.
#[cfg(unix)]
fn descriptor_limit() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};

    getrlimit(Resource::Nofile).current.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
fn descriptor_limit() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_kept() {
        for (descriptors, connections) in [(0, 1), (1, 1), (48, 24), (256, 128), (1_024, 896), (1_048_576, 1_048_448)] {
            assert_eq!(for_connections(descriptors), connections, "{descriptors}");
        }
    }
}
