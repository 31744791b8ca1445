//! `errwire check`: every problem of catalog files.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use super::{failure::Failure, run::Outcome};
use crate::{
    Catalog, Kind,
    catalog::{Loader, Problem, Rule},
};

pub(super) fn run(loader: &Loader, files: &[PathBuf], out: &mut impl Write) -> Result<Outcome, Failure> {
    let problems = match loader.load_with_warnings(files) {
        Ok((catalog, warnings)) => {
            return clean(&catalog, &warnings, out).map(|()| Outcome::Fine).map_err(Failure::Output);
        }
        Err(problems) => problems,
    };
    if problems.iter().any(|problem| problem.rule() == Rule::UnreadableFile) {
        return Err(Failure::Catalog(problems));
    }
    let count = problems.iter().count();
    write(problems.iter(), out)
        .and_then(|()| writeln!(out, "{}", counted(count, "problem")))
        .map_err(Failure::Output)?;
    Ok(Outcome::Findings)
}

fn clean(catalog: &Catalog, warnings: &[Problem], out: &mut impl Write) -> io::Result<()> {
    write(warnings.iter(), out)?;
    let kinds = counted(catalog.iter().filter(|kind| !is_builtin(kind)).count(), "kind");
    match warnings.len() {
        0 => writeln!(out, "{kinds}, no problems"),
        count => writeln!(out, "{kinds}, no problems, {}", counted(count, "warning")),
    }
}

fn write<'a>(problems: impl Iterator<Item = &'a Problem>, out: &mut impl Write) -> io::Result<()> {
    for problem in problems {
        writeln!(out, "{problem}")?;
    }
    Ok(())
}

/// Whether the entry is the built-in one, which no file has replaced.
fn is_builtin(kind: &Kind) -> bool {
    let builtin = Catalog::builtin().get(kind.as_str());
    builtin.is_some_and(|builtin| builtin.entry() == kind.entry())
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
