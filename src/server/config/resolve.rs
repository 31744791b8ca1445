//! From what was given to what is meant.

use super::{
    Config, Setting, Source, Sources, catalogs,
    file::Reader,
    problem::{At, Problem, Problems},
    rules,
    source::RawValue,
};
use crate::{
    server::{CatalogFollower, tls::Identity},
    translate::Translator,
};

/// A configuration that is valid as a whole, with what was read of the files that it names.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Resolved {
    /// The settings.
    pub config: Config,
    /// By the catalogs and the domain of the settings.
    pub translator: Translator,
    /// Follows the catalogs of the settings; `None` if there are only the built-in kinds.
    pub catalogs: Option<CatalogFollower>,
    /// The certificates of the settings; `None` without TLS.
    pub identity: Option<Identity>,
    /// Where each setting comes from, in the order of the table.
    pub(super) sources: Vec<Source>,
    pub(super) warnings: Vec<Problem>,
}

impl Resolved {
    /// What is probably a mistake, and does not keep a server from running: variables that no setting has.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Where a setting comes from.
    pub fn source(&self, name: &str) -> Option<&Source> {
        let row = Config::SETTINGS.iter().position(|setting| setting.name == name)?;
        self.sources.get(row)
    }
}

impl Sources {
    /// What all of it means. Files that settings name are read: certificates, and catalogs.
    ///
    /// # Errors
    ///
    /// All problems at once.
    pub fn resolve(self) -> Result<Resolved, Problems> {
        resolve(self)
    }
}

fn resolve(sources: Sources) -> Result<Resolved, Problems> {
    let Sources { mut given, mut report, warnings } = sources;
    given.sort_by_key(|given| given.source.strength());
    let config = Config::read(&mut Reader { given: &given, report: &mut report });
    let sources: Vec<Source> = Config::SETTINGS.iter().map(|setting| strongest(&given, setting.name)).collect();
    let at = |name: &'static str| {
        // The names are literals of `rules`, and its tests name each of them.
        let setting = Setting::named(name).unwrap_or(&Config::SETTINGS[0]);
        At { source: strongest(&given, name), setting }
    };
    rules::check(&config, &at, &mut report);
    let (translator, catalogs) = catalogs::open(&config, &mut report);
    let identity = rules::identity(&config, &at, &mut report);
    match report.finish() {
        None => Ok(Resolved { config, translator, catalogs, identity, sources, warnings }),
        Some(problems) => Err(problems),
    }
}

fn strongest(given: &[RawValue], name: &str) -> Source {
    let strongest = given.iter().rfind(|given| given.setting.name == name);
    strongest.map_or(Source::Default, |given| given.source.clone())
}
