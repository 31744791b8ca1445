//! A row of the table of settings, where a value of it comes from, and what is wrong with a configuration.

use std::{borrow::Cow, fmt, sync::Arc};

use super::value::{Invalid, Value};
use crate::{
    catalog,
    diagnostic::{self, DiagnosticRule, Spot},
    model::named,
    yaml::YamlProblem,
};

named! {
    /// What a setting is about. Its name is a heading of `docs/configuration.md` and of `--help`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Group {
        /// Where the server listens.
        Listen = "Listening",
        /// Callers in browsers.
        Web = "Browsers",
        /// Certificates.
        Tls = "TLS",
        /// The kinds.
        Catalog = "Catalog",
        /// Limits of one caller, and of all callers together.
        Limits = "Limits",
        /// How the server stops.
        Lifecycle = "Lifecycle",
        /// The log of the server.
        Log = "Log",
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The name, and the key in a file: `max_connections`.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// What it does, in Markdown, and what its unit is.
    pub help: &'static str,
    /// How help calls the value: `ADDR`, `DURATION`.
    pub value: &'static str,
    /// Whether it takes a list.
    pub list: bool,
    /// Whether it is true or false, so that the bare flag means true.
    pub switch: bool,
    pub(super) default: fn() -> Vec<String>,
}

impl Setting {
    /// The flag: `--max-connections`.
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }

    /// The variable of the environment: `ERRWIRE_MAX_CONNECTIONS`.
    pub fn env(&self) -> String {
        format!("ERRWIRE_{}", self.name.to_ascii_uppercase())
    }

    /// The default as a file would write it; empty if it is not set.
    pub fn default_text(&self) -> String {
        (self.default)().join(", ")
    }
}

/// Where a setting comes from. `Display` writes how to find it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Source {
    /// The setting was not given.
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
    pub(super) at: diagnostic::Place,
}

/// The strength of a file.
pub(super) const FILE: u8 = 1;

impl Source {
    /// The larger one wins.
    pub(super) fn strength(&self) -> u8 {
        match self {
            Self::Default => 0,
            Self::File(_) => FILE,
            Self::Env(_) => 2,
            Self::Flag(_) => 3,
        }
    }
}

/// The value that one source gives a setting.
#[derive(Clone, Debug)]
pub(super) struct RawValue {
    pub(super) setting: &'static Setting,
    pub(super) texts: Vec<String>,
    pub(super) source: Source,
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
        Spot(&self.file, self.at).fmt(f)
    }
}

/// All problems, in the order of the file, of variables, of flags, and of conflicts between settings. At least one.
pub type Problems = diagnostic::Problems<SettingRule>;

/// One problem. Its place is `file:line:column`, a variable or a flag.
pub type Problem = diagnostic::Problem<SettingRule>;

impl Setting {
    /// A problem of the value that a source gives. A file has many settings, so that the message names this one.
    pub(super) fn problem(
        &self,
        source: &Source,
        rule: SettingRule,
        message: String,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Problem {
        match source {
            Source::File(place) => {
                let message = format!("{}: {message}", self.name);
                Problem::new(place.file.clone(), place.at, rule, message, remedy)
            }
            Source::Default => Problem::new(self.flag().into(), diagnostic::Place::NOWHERE, rule, message, remedy),
            source => Problem::new(source.to_string().into(), diagnostic::Place::NOWHERE, rule, message, remedy),
        }
    }
}

/// The strongest of the values that are given for a setting, which are sorted by strength. The weaker ones are read too, so that all
/// problems are found.
pub(super) fn strongest<T: Value>(name: &str, given: &[RawValue], found: &mut Vec<(u8, Problem)>) -> Option<T> {
    let mut strongest = None;
    for RawValue { setting, texts, source } in given.iter().filter(|given| given.setting.name == name) {
        match T::read(texts) {
            Ok(value) => strongest = Some(value),
            Err(Invalid { message, remedy }) => {
                let problem = setting.problem(source, SettingRule::InvalidValue, message, remedy);
                found.push((source.strength(), problem));
            }
        }
    }
    strongest
}

/// A rule of settings, with a stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingRule {
    /// A file can be read.
    UnreadableFile,
    /// It is YAML.
    InvalidYaml,
    /// It is one document, without aliases and tags.
    UnsupportedYaml,
    /// It is one flat mapping.
    WrongType,
    /// Each key is the name of a setting.
    UnknownKey,
    /// Each is there once.
    DuplicateKey,
    /// Each variable is the name of a setting.
    UnknownVariable,
    /// A value is one that its setting takes.
    InvalidValue,
    /// Settings fit each other.
    Conflict,
    /// The catalog that settings name is good. Its own rule says what is wrong.
    Catalog(catalog::Rule),
}

impl DiagnosticRule for SettingRule {
    fn is_warning(&self) -> bool {
        *self == Self::UnknownVariable
    }
}

impl From<YamlProblem> for SettingRule {
    fn from(problem: YamlProblem) -> Self {
        match problem {
            YamlProblem::Syntax => Self::InvalidYaml,
            YamlProblem::SeveralDocuments | YamlProblem::Alias | YamlProblem::Tag => Self::UnsupportedYaml,
            YamlProblem::NotText => Self::WrongType,
            YamlProblem::UnknownKey => Self::UnknownKey,
            YamlProblem::RepeatedKey => Self::DuplicateKey,
        }
    }
}

impl fmt::Display for SettingRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnreadableFile => "unreadable-file",
            Self::InvalidYaml => "invalid-yaml",
            Self::UnsupportedYaml => "unsupported-yaml",
            Self::WrongType => "wrong-type",
            Self::UnknownKey => "unknown-key",
            Self::DuplicateKey => "duplicate-key",
            Self::UnknownVariable => "unknown-variable",
            Self::InvalidValue => "invalid-value",
            Self::Conflict => "conflict",
            Self::Catalog(rule) => rule.name(),
        })
    }
}
