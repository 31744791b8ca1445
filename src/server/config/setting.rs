//! A row of the table of settings.

/// What a setting is about: the headings of `docs/configuration.md` and of `--help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Group {
    /// Where the server listens.
    Listen,
    /// Callers in browsers.
    Web,
    /// Certificates.
    Tls,
    /// The kinds.
    Catalog,
    /// What one caller, and all callers together, may take.
    Limits,
    /// How the server stops.
    Lifecycle,
    /// What the server says of itself.
    Log,
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
