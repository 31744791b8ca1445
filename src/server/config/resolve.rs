//! From what was given to what is meant.

use std::{fmt, sync::Arc};

use super::{
    Config, Problem, Problems, Setting, Sources, catalogs,
    problem::{Invalid, Order},
    rules,
    sources::Given,
    value::Value,
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

/// Where a setting comes from. `Display` writes how to find it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Source {
    /// Nobody set it.
    Default,
    /// A place in a file.
    File(Place),
    /// A variable.
    Env(&'static Setting),
    /// A flag.
    Flag(&'static Setting),
}

/// A place in a file: line and column in characters, both from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub(super) file: Arc<str>,
    pub(super) line: u32,
    pub(super) column: u32,
}

impl Source {
    /// The larger one wins.
    fn strength(&self) -> u8 {
        match self {
            Self::Default => 0,
            Self::File(_) => 1,
            Self::Env(_) => 2,
            Self::Flag(_) => 3,
        }
    }
}

impl Source {
    /// The order of problems with a variable.
    pub(super) const VARIABLE: Order = (2, 0, 0);

    /// The order in which problems are told.
    pub(super) fn order(&self) -> Order {
        match self {
            Self::File(Place { line, column, .. }) => (self.strength(), *line, *column),
            Self::Default | Self::Env(_) | Self::Flag(_) => (self.strength(), 0, 0),
        }
    }
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

pub(super) fn resolve(sources: Sources) -> Result<Resolved, Problems> {
    let Sources { mut given, mut problems, warnings } = sources;
    given.sort_by_key(|given| given.source.strength());
    let config = Config::read(&mut Reader { given: &given, problems: &mut problems });
    let sources: Vec<Source> = Config::SETTINGS.iter().map(|setting| strongest(&given, setting.name)).collect();
    let place = |name: &str| Place::of(&given, name);
    problems.extend(rules::broken(&config, &place));
    let (translator, catalogs) = catalogs::open(&config, &mut problems);
    let identity = rules::identity(&config, &place, &mut problems);
    match Problems::some(problems) {
        None => Ok(Resolved { config, translator, catalogs, identity, sources, warnings }),
        Some(problems) => Err(problems),
    }
}

/// Gives the settings their values.
pub(super) struct Reader<'g> {
    given: &'g [Given],
    problems: &'g mut Vec<Problem>,
}

impl Reader<'_> {
    /// The strongest value. The weaker ones are read too, so that all problems are found.
    pub(super) fn value<T: Value>(&mut self, name: &str) -> Option<T> {
        let mut strongest = None;
        for given in self.given.iter().filter(|given| given.setting.name == name) {
            match T::read(&given.texts) {
                Ok(value) => strongest = Some(value),
                Err(Invalid { message, remedy }) => {
                    let problem = Problem::new(given.place(), message, remedy);
                    self.problems.push(problem.ordered(given.source.order()));
                }
            }
        }
        strongest
    }
}

impl Given {
    /// Where it was given. A file has many settings, so its place names this one.
    fn place(&self) -> String {
        match &self.source {
            Source::File(place) => format!("{place}: {}", self.setting.name),
            source => source.to_string(),
        }
    }
}

impl Place {
    /// Where the strongest value is, or what would set it.
    fn of(given: &[Given], name: &str) -> String {
        let strongest = given.iter().rfind(|given| given.setting.name == name);
        strongest.map_or_else(|| format!("--{}", name.replace('_', "-")), Given::place)
    }
}

fn strongest(given: &[Given], name: &str) -> Source {
    let strongest = given.iter().rfind(|given| given.setting.name == name);
    strongest.map_or(Source::Default, |given| given.source.clone())
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(place) => write!(f, "{place}"),
            Self::Env(setting) => f.write_str(&setting.env()),
            Self::Flag(setting) => f.write_str(&setting.flag()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column } = self;
        write!(f, "{file}:{line}:{column}")
    }
}
