//! What a follower has to say of itself.

use std::time::SystemTime;

/// How following goes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteStatus {
    /// Where the catalog that the translator has comes from.
    pub source: CatalogSource,
    /// What that catalog [is called](crate::Catalog::version) here; empty if it is the one that the translator was given.
    pub version: String,
    /// Whether a server is being listened to that has sent a catalog.
    pub is_following: bool,
    /// When the last version came from a server.
    pub updated: Option<SystemTime>,
    /// How many attempts failed, or broke off, since the last version came.
    pub failures: u64,
    /// Why the last of these did.
    pub last_failure: Option<String>,
}

/// Where a followed catalog comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CatalogSource {
    /// The translator had it.
    #[default]
    Given,
    /// The file that keeps the last good one.
    Cache,
    /// A server sent it.
    Server,
}

impl RemoteStatus {
    pub(super) fn new() -> Self {
        Self {
            source: CatalogSource::Given,
            version: String::new(),
            is_following: false,
            updated: None,
            failures: 0,
            last_failure: None,
        }
    }
}
