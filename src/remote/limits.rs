//! How large a catalog from elsewhere may be.

/// What one version may have. It is checked before anything is built, so that a server, or a file, cannot make a process
/// build what it has no room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// The encoded bytes of all parts.
    pub(crate) bytes: usize,
    /// The kinds of all parts, and as many methods.
    pub(crate) kinds: usize,
}

/// The translated messages of a version, and the declared errors, for each kind that it may have.
const OF_KIND: usize = 4;

impl Limits {
    /// Of what a server keeps of its own catalogs, which may come from several files.
    #[cfg(feature = "server")]
    pub(crate) const OWN: Self = Self { bytes: 256 * 1024 * 1024, kinds: 1_000_000 };

    /// As many bytes as a catalog file may have, and more kinds than fit into a reasonable one of that size.
    pub(crate) const DEFAULT: Self = Self { bytes: 64 * 1024 * 1024, kinds: 250_000 };

    /// How many translated messages all kinds together may have.
    pub(super) fn localized(&self) -> usize {
        self.kinds.saturating_mul(OF_KIND)
    }

    /// How many kinds and routes all methods together may have, their names included.
    pub(super) fn declared(&self) -> usize {
        self.kinds.saturating_mul(OF_KIND)
    }
}
