//! `errwire diff`: what breaks callers.

use std::{
    fmt,
    io::{self, Write},
};

use serde_json::json;

use super::{args::DiffFormat, failure::Failure, run::Outcome, style::ERROR};
use crate::{
    Catalog,
    catalog::{Change, diff},
};

pub(super) fn run(old: &Catalog, new: &Catalog, format: DiffFormat, out: &mut impl Write) -> Result<Outcome, Failure> {
    let changes = diff(old, new);
    match format {
        DiffFormat::Text => text(&changes, out),
        DiffFormat::Markdown => markdown(&changes, out),
        DiffFormat::Json => json(&changes, out),
    }
    .map_err(Failure::Output)?;
    Ok(if changes.iter().any(Change::breaks) { Outcome::Findings } else { Outcome::Fine })
}

/// Those that break, and those that do not.
fn split(changes: &[Change]) -> (Vec<&Change>, Vec<&Change>) {
    changes.iter().partition(|change| change.breaks())
}

fn text(changes: &[Change], out: &mut impl Write) -> io::Result<()> {
    let (breaking, safe) = split(changes);
    for change in &breaking {
        writeln!(out, "{}breaks{}  {change} [{}]", ERROR.render(), ERROR.render_reset(), change.rule())?;
        if let Some(remedy) = change.rule().remedy() {
            writeln!(out, "        {remedy}.")?;
        }
    }
    for change in &safe {
        writeln!(out, "safe    {change} [{}]", change.rule())?;
    }
    writeln!(out, "{}", Summary(breaking.len(), safe.len()))
}

/// For a pull request, which shows tables.
fn markdown(changes: &[Change], out: &mut impl Write) -> io::Result<()> {
    let (breaking, safe) = split(changes);
    writeln!(out, "**{}**", Summary(breaking.len(), safe.len()))?;
    for (title, changes) in [("Breaks callers", &breaking), ("Safe", &safe)] {
        if changes.is_empty() {
            continue;
        }
        writeln!(out, "\n### {title}\n\n| kind | change | what to do |\n|---|---|---|")?;
        for change in changes {
            let remedy = change.rule().remedy().map(|remedy| format!("{remedy}.")).unwrap_or_default();
            writeln!(out, "| `{}` | {}. | {} |", change.kind(), Cell(change.message()), Cell(&remedy))?;
        }
    }
    Ok(())
}

fn json(changes: &[Change], out: &mut impl Write) -> io::Result<()> {
    let change = |change: &Change| {
        json!({
            "kind": change.kind(),
            "change": change.rule().name(),
            "breaks": change.breaks(),
            "message": change.message(),
            "remedy": change.rule().remedy(),
        })
    };
    let (breaking, _) = split(changes);
    let list: Vec<_> = changes.iter().map(change).collect();
    writeln!(out, "{:#}", json!({ "breaks": !breaking.is_empty(), "changes": list }))
}

/// How many changes break, and how many do not.
struct Summary(usize, usize);

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(breaking, safe) = *self;
        match (breaking, safe) {
            (0, 0) => f.write_str("Nothing changed"),
            (0, 1) => f.write_str("Nothing breaks callers; 1 change is safe"),
            (0, safe) => write!(f, "Nothing breaks callers; {safe} changes are safe"),
            (1, _) => write!(f, "1 change breaks callers; {safe} safe"),
            _ => write!(f, "{breaking} changes break callers; {safe} safe"),
        }
    }
}

/// Text in a cell of a table, where it must not end the cell or become HTML.
struct Cell<'a>(&'a str);

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut is_code = false;
        for c in self.0.chars() {
            is_code ^= c == '`';
            match c {
                '|' => f.write_str("\\|")?,
                '<' if !is_code => f.write_str("&lt;")?,
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}
