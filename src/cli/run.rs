//! From the arguments to the exit code.

use std::{
    env,
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use super::{
    args::Args,
    check,
    config::Config,
    diff, docs, explain,
    failure::{Failure, Outcome},
    generate, kinds, man, mistyped, serve, style, translate,
};

/// Runs the command line of this process. The exit code is 0 if all is well, 1 with findings and 2 on failure.
pub fn run() -> ExitCode {
    match Config::resolve(parse()).and_then(dispatch) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            // There is nowhere left to say that standard error is gone.
            let _ = print(&failure);
            ExitCode::from(2)
        }
    }
}

/// Ends the process where what was typed makes no sense, or asks for help.
fn parse() -> Args {
    Args::try_parse().unwrap_or_else(|error| mistyped::explained(error, env::args_os()).exit())
}

fn dispatch(config: Config) -> Result<Outcome, Failure> {
    // Translations in JSON are data for a program; everything else is for a person and may have colour.
    let mut out = anstream::stdout().lock();
    let outcome = match config {
        Config::Serve(resolved) => {
            drop(out);
            return serve::run(*resolved);
        }
        Config::Settings(resolved) => {
            write!(out, "{resolved}").map_err(Failure::Output)?;
            Outcome::Fine
        }
        Config::Translate { translator, asked, input } if asked.person => {
            translate::run(translator, &asked, &input, &mut out)?
        }
        Config::Translate { translator, asked, input } => {
            drop(out);
            return translate::run(translator, &asked, &input, &mut io::stdout().lock());
        }
        Config::Kinds { translator, format } => kinds::run(&translator, format, &mut out)?,
        Config::Explain { translator, name } => explain::run(&translator, &name, &mut out)?,
        Config::Check { loader, files, format } => check::run(&loader, &files, format, &mut out)?,
        Config::Diff { old, new, format, exhaustive } => diff::run(&old, &new, format, exhaustive, &mut out)?,
        Config::Docs { translator, docs } => docs::run(&translator, &docs, &mut out)?,
        Config::Generate { catalog, lang, out: folder } => generate::run(&catalog, lang, folder.as_deref(), &mut out)?,
        Config::Completions { shell } => man::completions(shell, &mut out)?,
        Config::Man { command } => man::page(command.as_deref(), &mut out)?,
    };
    out.flush().map_err(Failure::Output)?;
    Ok(outcome)
}

/// The failure and what caused it, a line each.
fn print(failure: &Failure) -> io::Result<()> {
    let mut err = anstream::stderr().lock();
    writeln!(err, "{}error:{} {failure}", style::ERROR.render(), style::ERROR.render_reset())?;
    if let Failure::Config(problems) = failure {
        // With the line of the file, and a mark below it.
        return problems.iter().try_for_each(|problem| writeln!(err, "\n{}", problem.shown()));
    }
    let mut source = failure.source();
    while let Some(cause) = source {
        for line in cause.to_string().lines() {
            writeln!(err, "  {line}")?;
        }
        source = cause.source();
    }
    Ok(())
}
