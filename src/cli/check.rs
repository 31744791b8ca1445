//! `errwire check`: every problem of catalog files.

use std::io::{self, Write};

use super::{
    args::{Check, Format},
    outcome::{ERROR, Failure, HEADING, Outcome, WARNING},
};
use crate::{
    catalog::{Checked, Problem, Problems, Rule},
    diagnostic::{Paint, Shown},
    docs::json::{Json, object},
};

pub(super) fn run(args: &Check, out: &mut impl Write) -> Result<Outcome, Failure> {
    let checked = args.imports.loader().check(&args.files);
    if checked.problems.iter().any(|problem| problem.rule() == Rule::UnreadableFile)
        && let Some(problems) = Problems::some(checked.problems.clone())
    {
        return Err(Failure::Catalog(problems));
    }
    match args.format {
        Format::Text => text(&checked, out),
        Format::Json => json(&checked, out),
    }
    .map_err(Failure::Output)?;
    Ok(if checked.loads() { Outcome::Fine } else { Outcome::Findings })
}

fn text(checked: &Checked, out: &mut impl Write) -> io::Result<()> {
    let [place, end] = [HEADING.render().to_string(), HEADING.render_reset().to_string()];
    for problem in &checked.problems {
        let (style, _) = severity(problem);
        let [severity, normal] = [style.render().to_string(), style.render_reset().to_string()];
        let paint = Paint { place: [&place, &end], severity: [&severity, &normal] };
        writeln!(out, "{}\n", Shown(problem, paint))?;
    }
    let warnings = checked.problems.iter().filter(|problem| problem.is_warning()).count();
    let errors = checked.problems.len() - warnings;
    let warnings = match warnings {
        0 => String::new(),
        count => format!(", {}", counted(count, "warning")),
    };
    match errors {
        0 => {
            let methods = match checked.methods {
                0 => String::new(),
                count => format!(", {}", counted(count, "method")),
            };
            writeln!(out, "{}{methods}, no problems{warnings}", counted(checked.kinds, "kind"))
        }
        errors => writeln!(out, "{}{warnings}", counted(errors, "problem")),
    }
}

fn severity(problem: &Problem) -> (anstyle::Style, &'static str) {
    if problem.is_warning() { (WARNING, "warning") } else { (ERROR, "error") }
}

fn json(checked: &Checked, out: &mut impl Write) -> io::Result<()> {
    let problem = |problem: &Problem| {
        object! {
            "file": problem.file(),
            "line": problem.line(),
            "column": problem.column(),
            "severity": severity(problem).1,
            "rule": problem.rule().name(),
            "message": problem.message(),
            "remedy": problem.remedy(),
        }
    };
    let problems: Vec<_> = checked.problems.iter().map(problem).collect();
    writeln!(
        out,
        "{:#}",
        Json::from(object! { "kinds": checked.kinds, "methods": checked.methods, "problems": problems })
    )
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
