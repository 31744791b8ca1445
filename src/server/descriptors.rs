//! How many file descriptors the process has, and how many of them connections may take.

/// What is kept for the admin listener, for files that are read, and for what the runtime needs.
const RESERVED: usize = 128;

/// Raises the limit of descriptors to what the system allows this process, which is often many times what it begins with.
#[cfg(all(unix, feature = "cli"))]
pub(crate) fn raise() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // If it fails, there are as many as before.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}

#[cfg(all(not(unix), feature = "cli"))]
pub(crate) fn raise() {}

/// How many connections there may be at once: as many as were set, if there are descriptors for them.
pub(crate) fn connections(set: usize) -> usize {
    let Some(descriptors) = limit() else { return set };
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

/// Half of the descriptors if there are so few that the reserve would take more.
fn for_connections(descriptors: usize) -> usize {
    descriptors.saturating_sub(RESERVED.min(descriptors / 2)).max(1)
}

/// `None` if there is no limit.
#[cfg(unix)]
fn limit() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};

    getrlimit(Resource::Nofile).current.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
fn limit() -> Option<usize> {
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
