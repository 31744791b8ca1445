//! From what the file, the environment and the flags say to what is meant: settings that are valid together, and what was
//! read of the files that they name.

use std::{ffi::OsString, path::Path};

use super::{
    file::{self, RawEntry, Reader},
    problem::{At, Problem, Problems, Report, SettingRule},
    rules,
    setting::{RawValue, Setting, Source},
    table::Config,
    value::quoted,
};
use crate::{
    catalog::{Catalog, Loader, read_file},
    diagnostic::{self, nearest},
    server::{CatalogFiles, CatalogFollower, tls::Identity},
    translate::{Policy, Translator},
};

/// Collects settings. However they are added, a flag is stronger than a variable, and that is stronger than the file.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub(super) given: Vec<RawValue>,
    pub(super) report: Report,
    pub(super) warnings: Vec<Problem>,
}

/// The most bytes of a file of settings.
const MAX_BYTES: u64 = 1024 * 1024;

/// What every variable of ours begins with.
const PREFIX: &str = "ERRWIRE_";

/// Names the file itself, so it is not a setting.
const CONFIG: &str = "ERRWIRE_CONFIG";

impl Sources {
    /// Adds a YAML file: one mapping, with the name of each setting as its key. `null` leaves a setting as it is.
    pub fn add_file(&mut self, path: &Path) {
        let name = path.to_string_lossy();
        let (message, remedy) = match read_file(path, MAX_BYTES).map(String::from_utf8) {
            Ok(Ok(text)) => return self.add_file_text(&name, &text),
            Ok(Err(_)) => ("The file is not UTF-8".to_owned(), "Save it as UTF-8"),
            Err(why) => (format!("The file cannot be read: {why}"), "Check its name and its permissions"),
        };
        let problem = Problem::new((&*name).into(), None, SettingRule::UnreadableFile, message, remedy);
        self.report.add_file(vec![problem]);
    }

    /// As [`add_file`](Self::add_file), with its text. `name` is how problems call the file.
    pub fn add_file_text(&mut self, name: &str, text: &str) {
        let (entries, mut problems) = file::read(name, text);
        for RawEntry { key, at, value } in entries {
            match (Setting::named(&key), value) {
                (Some(setting), Some((texts, place))) => {
                    self.given.push(RawValue { setting, texts, source: Source::File(place) });
                }
                (Some(_), None) => {}
                (None, _) => {
                    let remedy = match nearest(&key.replace('-', "_"), Setting::names()) {
                        Some(near) => format!("Write `{near}`"),
                        None => "Remove it; `errwire serve --print-config` shows the keys".to_owned(),
                    };
                    let message = format!("The key {} is unknown", quoted(&key));
                    let place = diagnostic::Place { line: at.line, column: at.column };
                    problems.push(Problem::new(at.file, Some(place), SettingRule::UnknownKey, message, remedy));
                }
            }
        }
        self.report.add_file(problems);
        self.report.set_file(name, text);
    }

    /// Adds those of these variables that begin with `ERRWIRE_`. An empty one counts as unset; a list is separated by
    /// commas. One that is unknown is a warning and not a problem: Kubernetes sets some of these for a Service that is named
    /// `errwire`.
    pub fn add_env(&mut self, variables: impl IntoIterator<Item = (impl Into<OsString>, impl Into<OsString>)>) {
        for (name, value) in variables {
            let name = name.into().to_string_lossy().into_owned();
            if !name.starts_with(PREFIX) || name == CONFIG {
                continue;
            }
            let Some(setting) = Config::SETTINGS.iter().find(|setting| setting.env() == name) else {
                self.warnings.push(unknown_variable(&name));
                continue;
            };
            match value.into().into_string() {
                Ok(value) if value.is_empty() => {}
                Ok(value) => {
                    let texts = match setting.list {
                        true => value.split(',').map(|text| text.trim().to_owned()).collect(),
                        false => vec![value],
                    };
                    self.given.push(RawValue { setting, texts, source: Source::Env(setting) });
                }
                Err(_) => {
                    let at = At { source: Source::Env(setting), setting };
                    self.report.add(
                        SettingRule::InvalidValue,
                        &at,
                        "The value is not UTF-8".to_owned(),
                        "Write it in UTF-8",
                    );
                }
            }
        }
    }

    /// Adds a flag by the name of its setting. A name that no setting has is a problem too.
    pub fn add_flag(&mut self, name: &str, texts: Vec<String>) {
        match Setting::named(name) {
            Some(setting) => self.given.push(RawValue { setting, texts, source: Source::Flag(setting) }),
            None => {
                let name = quoted(name).to_string().into();
                let message = "No setting has this name".to_owned();
                self.report.add_file(vec![Problem::new(name, None, SettingRule::UnknownKey, message, "Remove it")]);
            }
        }
    }
}

fn unknown_variable(name: &str) -> Problem {
    let inner = name.trim_start_matches(PREFIX).to_ascii_lowercase();
    let remedy = match nearest(&inner, Setting::names()).and_then(Setting::named) {
        Some(near) => format!("Write {}", near.env()),
        None => "It is not used".to_owned(),
    };
    let message = "No setting has this variable".to_owned();
    Problem::new(name.into(), None, SettingRule::UnknownVariable, message, remedy)
}

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
    let (translator, catalogs) = open(&config, &mut report);
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
