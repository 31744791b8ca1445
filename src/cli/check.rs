//! `errwire check`: every problem of catalog files.

use std::{
    collections::HashMap,
    fs,
    io::{self, Write},
    path::PathBuf,
};

use serde_json::json;

use super::{
    args::CheckFormat,
    failure::Failure,
    run::Outcome,
    style::{ERROR, HEADING, WARNING},
};
use crate::catalog::{Checked, Loader, Problem, Problems, Rule};

pub(super) fn run(
    loader: &Loader,
    files: &[PathBuf],
    format: CheckFormat,
    out: &mut impl Write,
) -> Result<Outcome, Failure> {
    let checked = loader.check(files);
    if checked.problems.iter().any(|problem| problem.rule() == Rule::UnreadableFile)
        && let Some(problems) = Problems::some(checked.problems.clone())
    {
        return Err(Failure::Catalog(problems));
    }
    match format {
        CheckFormat::Text => text(&checked, out),
        CheckFormat::Json => json(&checked, out),
    }
    .map_err(Failure::Output)?;
    Ok(if checked.loads() { Outcome::Fine } else { Outcome::Findings })
}

fn text(checked: &Checked, out: &mut impl Write) -> io::Result<()> {
    let mut sources = Sources::default();
    for problem in &checked.problems {
        write(problem, sources.line(problem), out)?;
    }
    let warnings = checked.problems.iter().filter(|problem| problem.is_warning()).count();
    let errors = checked.problems.len() - warnings;
    let warnings = match warnings {
        0 => String::new(),
        count => format!(", {}", counted(count, "warning")),
    };
    match errors {
        0 => writeln!(out, "{}, no problems{warnings}", counted(checked.kinds, "kind")),
        errors => writeln!(out, "{}{warnings}", counted(errors, "problem")),
    }
}

/// A problem as compilers show it: where, what, the line with a mark below it, and how to mend it.
fn write(problem: &Problem, line: Option<&str>, out: &mut impl Write) -> io::Result<()> {
    let (style, severity) = severity(problem);
    write!(out, "{}{}:", HEADING.render(), problem.file())?;
    if let (Some(line), Some(column)) = (problem.line(), problem.column()) {
        write!(out, "{line}:{column}:")?;
    }
    writeln!(
        out,
        "{} {}{severity}[{}]{}: {}.",
        HEADING.render_reset(),
        style.render(),
        problem.rule(),
        style.render_reset(),
        problem.message()
    )?;
    if let (Some(line), Some(number), Some(column)) = (line, problem.line(), problem.column()) {
        let number = number.to_string();
        let gutter = " ".repeat(number.len());
        let (shown, before) = excerpt(line, column);
        writeln!(out, "{gutter} |\n{number} | {shown}")?;
        writeln!(out, "{gutter} | {before}{}^{}", style.render(), style.render_reset())?;
    }
    writeln!(out, "  = {}.\n", problem.remedy())
}

fn severity(problem: &Problem) -> (anstyle::Style, &'static str) {
    if problem.is_warning() { (WARNING, "warning") } else { (ERROR, "error") }
}

/// As much of a line as fits around a column, from 1, and the blanks before the mark. Tabs and control characters become
/// blanks, so that the mark stands below what it means.
fn excerpt(line: &str, column: u32) -> (String, String) {
    const BEFORE: usize = 60;
    const WIDTH: usize = 100;

    let column = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
    let skipped = column.saturating_sub(BEFORE);
    let shown = line.chars().skip(skipped).take(WIDTH);
    let shown: String = shown.map(|c| if c.is_control() { ' ' } else { c }).collect();
    (shown.trim_end().to_owned(), " ".repeat(column - skipped))
}

/// The lines of the files that problems are in.
#[derive(Default)]
struct Sources(HashMap<String, Option<Source>>);

struct Source {
    text: String,
    /// Where the lines begin.
    starts: Vec<usize>,
}

impl Sources {
    fn line(&mut self, problem: &Problem) -> Option<&str> {
        let number = usize::try_from(problem.line()?).ok()?.checked_sub(1)?;
        let file = problem.file();
        if !self.0.contains_key(file) {
            self.0.insert(file.to_owned(), Source::read(file));
        }
        let source = self.0.get(file)?.as_ref()?;
        source.text.get(*source.starts.get(number)?..)?.lines().next()
    }
}

impl Source {
    /// `None` for what is no file with text, such as the parts of a descriptor set.
    fn read(file: &str) -> Option<Self> {
        let text = fs::read_to_string(file).ok()?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = [0].into_iter().chain(ends).collect();
        Some(Self { text, starts })
    }
}

fn json(checked: &Checked, out: &mut impl Write) -> io::Result<()> {
    let problem = |problem: &Problem| {
        json!({
            "file": problem.file(),
            "line": problem.line(),
            "column": problem.column(),
            "severity": severity(problem).1,
            "rule": problem.rule().name(),
            "message": problem.message(),
            "remedy": problem.remedy(),
        })
    };
    let problems: Vec<_> = checked.problems.iter().map(problem).collect();
    writeln!(out, "{:#}", json!({ "kinds": checked.kinds, "problems": problems }))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
