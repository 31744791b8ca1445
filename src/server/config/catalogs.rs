//! The kinds that settings name.

use super::{Config, Problem};
use crate::{
    Catalog, Policy, Translator,
    catalog::{Loader, Problems},
};

impl Config {
    /// The built-in kinds and those of the files, as they are now.
    ///
    /// # Errors
    ///
    /// All problems of all files at once.
    pub fn load_catalog(&self) -> Result<Catalog, Problems> {
        if self.catalog.is_empty() {
            return Ok(Catalog::builtin());
        }
        self.proto_path.iter().fold(Loader::new(), Loader::with_include).load(&self.catalog)
    }

    /// The policy of the service.
    pub fn policy(&self) -> Policy {
        Policy { domain: self.domain.clone().into(), ..Policy::default() }
    }
}

/// The translator, or one with the built-in kinds if there are problems.
pub(super) fn translator(config: &Config, problems: &mut Vec<Problem>) -> Translator {
    let catalog = config.load_catalog().unwrap_or_else(|found| {
        problems.extend(found.iter().map(Problem::whole));
        Catalog::builtin()
    });
    Translator::with_policy(catalog, config.policy())
}
