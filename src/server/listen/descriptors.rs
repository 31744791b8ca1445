//! How many connections the file descriptors of the process allow.

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
pub(crate) fn allowed_connections(set: usize) -> usize {
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
