//! How a command ended, why one could not do its work, and how its output looks on a terminal.

use std::{
    error::Error,
    fmt::{self, Display},
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};

use crate::{
    catalog::Problems,
    server::{BindError, config},
};

pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(super) const HEADING: Style = Style::new().bold();
pub(super) const NAME: Style = AnsiColor::Cyan.on_default().bold();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();

pub(super) fn heading(out: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}{text}{}", HEADING.render(), HEADING.render_reset())
}

pub(super) fn fact(out: &mut impl Write, name: &str, value: impl Display) -> io::Result<()> {
    writeln!(out, "  {name:<12} {value}")
}

pub(super) fn indented(out: &mut impl Write, text: &str) -> io::Result<()> {
    text.lines().try_for_each(|line| writeln!(out, "{}", format!("  {line}").trim_end()))
}

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// docs/rules.md: R-CLI-1
pub(super) enum Outcome {
    Fine,
    Findings,
}

#[derive(Debug)]
pub(super) enum Failure {
    /// What could not be done, and why.
    Io(String, io::Error),
    /// The output is gone.
    Output(io::Error),
    /// The catalog has problems.
    Catalog(Problems),
    /// The configuration of the server has problems.
    Config(config::Problems),
    /// An address cannot be listened on.
    Bind(BindError),
    /// A server, by its address, that does not list its kinds.
    Server(String, crate::model::Error),
    /// An error of ours.
    Errwire(crate::model::Error),
}

impl Failure {
    /// The reader of the output has seen enough, as `head` does. That is not a failure.
    pub(super) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(what, _) => f.write_str(what),
            Self::Output(_) => f.write_str("cannot write the output"),
            Self::Catalog(_) => f.write_str("the catalog cannot be used"),
            Self::Config(_) => f.write_str("the configuration cannot be used"),
            Self::Bind(why) => Display::fmt(why, f),
            Self::Server(address, _) => write!(f, "cannot read the catalog of {address}"),
            Self::Errwire(error) => f.write_str(&error.message()),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io(_, error) | Self::Output(error) => Some(error),
            Self::Catalog(problems) => Some(problems),
            Self::Config(problems) => Some(problems),
            Self::Bind(why) => why.source(),
            Self::Server(_, error) => Some(error),
            Self::Errwire(error) => error.source(),
        }
    }
}
