//! The kinds that settings name.

use super::{Config, problem::Report};
use crate::{
    catalog::{Catalog, Loader},
    server::{CatalogFiles, CatalogFollower},
    translate::{Policy, Translator},
};

impl Config {
    /// The policy of the service.
    pub fn policy(&self) -> Policy {
        let pages_url = self.pages_url.as_ref().map(|url| url.as_str().to_owned().into());
        Policy { domain: self.domain.clone().into(), pages_url, ..Policy::default() }
    }

    /// The files of the catalog; `None` if there are only the built-in kinds.
    pub fn catalog_files(&self) -> Option<CatalogFiles> {
        if self.catalog.is_empty() {
            return None;
        }
        let loader = self.proto_path.iter().fold(Loader::new(), Loader::with_include);
        let most = self.max_catalog_bytes.get().into();
        let files = CatalogFiles::new(loader.with_max_bytes(most), &self.catalog);
        let files = files.with_interval(self.catalog_reload_interval);
        Some(match &self.state_dir {
            Some(folder) => files.with_state_dir(folder),
            None => files,
        })
    }
}

/// The translator, and the follower of its files if there are any. Has the built-in kinds if there are problems.
pub(super) fn open(config: &Config, report: &mut Report) -> (Translator, Option<CatalogFollower>) {
    let policy = config.policy();
    match config.catalog_files().map(|files| files.open(policy.clone())) {
        Some(Ok(follower)) => (follower.translator().clone(), Some(follower)),
        Some(Err(found)) => {
            report.add_catalogs(found);
            (Translator::default(), None)
        }
        None => (Translator::with_policy(Catalog::builtin(), policy), None),
    }
}
