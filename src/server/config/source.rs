//! Where settings come from.

use std::{fmt, sync::Arc};

use super::setting::Setting;

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
    pub(super) fn strength(&self) -> u8 {
        match self {
            Self::Default => 0,
            Self::File(_) => 1,
            Self::Env(_) => 2,
            Self::Flag(_) => 3,
        }
    }
}

/// A setting as one source has it.
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
        let Self { file, line, column } = self;
        write!(f, "{file}:{line}:{column}")
    }
}
