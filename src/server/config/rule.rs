//! What settings may not do.

use std::fmt;

use crate::{catalog, diagnostic::DiagnosticRule, yaml::YamlProblem};

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
