//! `errwire diff`: what breaks callers.

use std::{
    fmt,
    io::{self, Write},
};

use super::{
    args::{Diff, DiffFormat},
    catalogs::versions,
    outcome::{ERROR, Failure, Outcome, WARNING},
};
use crate::{
    catalog::{Change, Effect, diff},
    docs::json::{Json, object},
};

// docs/rules.md: R-CLI-5
pub(super) fn run(args: &Diff, out: &mut impl Write) -> Result<Outcome, Failure> {
    let [old, new] = versions(&args.imports, [&args.old, &args.new])?;
    let changes = diff(&old, &new);
    match args.format {
        DiffFormat::Text => text(&changes, out),
        DiffFormat::Markdown => markdown(&changes, out),
        DiffFormat::Json => json(&changes, out),
    }
    .map_err(Failure::Output)?;
    let is_finding = |change: &Change| change.breaks() || args.exhaustive && change.effect() == Effect::Extends;
    Ok(if changes.iter().any(is_finding) { Outcome::Findings } else { Outcome::Fine })
}

/// The effects, the worst first, with their titles.
const EFFECTS: [(Effect, &str); 3] = [
    (Effect::Breaks, "Breaks callers"),
    (Effect::Extends, "Breaks callers that match on all kinds of a method"),
    (Effect::Safe, "Safe"),
];

fn of(changes: &[Change], effect: Effect) -> Vec<&Change> {
    changes.iter().filter(|change| change.effect() == effect).collect()
}

fn text(changes: &[Change], out: &mut impl Write) -> io::Result<()> {
    for (effect, _) in EFFECTS {
        let style = match effect {
            Effect::Breaks => ERROR,
            Effect::Extends => WARNING,
            _ => anstyle::Style::new(),
        };
        for change in of(changes, effect) {
            let name = effect.name();
            let gap = " ".repeat("breaks  ".len().saturating_sub(name.len()));
            let (on, off) = (style.render(), style.render_reset());
            writeln!(out, "{on}{name}{off}{gap}{change} [{}]", change.rule())?;
            if let Some(remedy) = change.rule().remedy() {
                writeln!(out, "        {remedy}.")?;
            }
        }
    }
    writeln!(out, "{}", summary(changes))
}

/// For a pull request, which shows tables.
fn markdown(changes: &[Change], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "**{}**", summary(changes))?;
    for (effect, title) in EFFECTS {
        let changes = of(changes, effect);
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
        object! {
            "kind": change.kind(),
            "change": change.rule().name(),
            "effect": change.effect().name(),
            "breaks": change.breaks(),
            "message": change.message(),
            "remedy": change.rule().remedy(),
        }
    };
    let list: Vec<_> = changes.iter().map(change).collect();
    writeln!(out, "{:#}", Json::from(object! { "breaks": changes.iter().any(Change::breaks), "changes": list }))
}

/// How many changes break, how many extend, and how many do neither.
fn summary(changes: &[Change]) -> String {
    let [breaking, extending, safe] = EFFECTS.map(|(effect, _)| of(changes, effect).len());
    let first = match (breaking, extending + safe) {
        (0, 0) => return "Nothing changed".to_owned(),
        (0, _) => "Nothing breaks callers".to_owned(),
        (1, _) => "1 change breaks callers".to_owned(),
        (count, _) => format!("{count} changes break callers"),
    };
    let second = match extending {
        0 => String::new(),
        1 => "; 1 adds a kind to a method".to_owned(),
        count => format!("; {count} add a kind to a method"),
    };
    match (breaking, safe) {
        (0, 1) => format!("{first}{second}; 1 change is safe"),
        (0, safe) => format!("{first}{second}; {safe} changes are safe"),
        (_, safe) => format!("{first}{second}; {safe} safe"),
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
