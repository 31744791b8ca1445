//! From the arguments to the exit code; the suggestion for an argument that does not exist; completions and man pages.

use std::{
    env,
    error::Error as _,
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use clap::{
    Command, CommandFactory, Error, Parser,
    builder::StyledStr,
    error::{ContextKind, ContextValue, ErrorKind},
};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{
    args::Args,
    check,
    config::Config,
    diff, explain, generate,
    outcome::{self, Failure, Outcome},
    serve, translate,
};
use crate::{diagnostic::nearest, model};

/// Runs the command line of this process. The exit code is 0 if all is well, 1 with findings and 2 on failure.
pub fn run() -> ExitCode {
    match Config::resolve(parse()).and_then(dispatch) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            // Without standard error there is nowhere to report a failure.
            let _ = print(&failure);
            ExitCode::from(2)
        }
    }
}

/// Ends the process on invalid arguments, or after `--help`.
fn parse() -> Args {
    Args::try_parse().unwrap_or_else(|error| explained(error, env::args_os()).exit())
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
        Config::Kinds { translator, format } => explain::kinds(&translator, format, &mut out)?,
        Config::Explain { translator, name } => explain::explain(&translator, &name, &mut out)?,
        Config::Check { loader, files, format } => check::run(&loader, &files, format, &mut out)?,
        Config::Diff { old, new, format, exhaustive } => diff::run(&old, &new, format, exhaustive, &mut out)?,
        Config::Docs { translator, docs } => generate::docs(&translator, &docs, &mut out)?,
        Config::Generate { catalog, lang, out: folder } => {
            generate::generate(&catalog, lang, folder.as_deref(), &mut out)?
        }
        Config::Completions { shell } => completions(shell, &mut out)?,
        Config::Man { command } => man(command.as_deref(), &mut out)?,
    };
    out.flush().map_err(Failure::Output)?;
    Ok(outcome)
}

/// The failure and what caused it, a line each.
fn print(failure: &Failure) -> io::Result<()> {
    let mut err = anstream::stderr().lock();
    writeln!(err, "{}error:{} {failure}", outcome::ERROR.render(), outcome::ERROR.render_reset())?;
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

/// What other servers call `--listen`.
const ADDRESSES: [&str; 5] = ["addr", "address", "bind", "host", "port"];

/// Adds a suggestion to an error. `typed` is the command line.
fn explained(mut error: Error, typed: impl Iterator<Item = OsString>) -> Error {
    let typed: Vec<String> = typed.skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let errwire = Args::command();
    let kind = match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => return error,
    };
    let Some(ContextValue::String(wrong)) = error.get(kind).cloned() else { return error };
    if kind == ContextKind::InvalidSubcommand {
        if let Some(near) = nearest(&wrong, errwire.get_subcommands().map(Command::get_name)) {
            error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![near.to_owned()]));
        }
        return error;
    }
    let command = typed.first().and_then(|name| errwire.find_subcommand(name)).unwrap_or(&errwire);
    if let Some(flag) = wrong.strip_prefix("--") {
        if let Some(near) = meant(flag, command) {
            error.insert(ContextKind::SuggestedArg, ContextValue::String(format!("--{near}")));
        }
    } else if let Some(switch) = switch_before(&wrong, &typed) {
        let tip = format!("the value of a switch follows `=`: `{switch}={wrong}`, or `{switch}` alone for `true`");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
    }
    error
}

fn meant<'c>(flag: &str, command: &'c Command) -> Option<&'c str> {
    let mut flags = command.get_arguments().filter_map(|argument| argument.get_long());
    match ADDRESSES.contains(&flag) {
        true => flags.find(|known| *known == "listen"),
        false => nearest(flag, flags),
    }
}

/// The flag that stands before `true` or `false`, which was not taken for its value.
fn switch_before<'t>(wrong: &str, typed: &'t [String]) -> Option<&'t str> {
    let pairs = typed.windows(2).filter(|_| matches!(wrong, "true" | "false"));
    let mut before = pairs.filter(|pair| pair[1] == wrong).map(|pair| &*pair[0]);
    before.find(|flag| flag.starts_with("--") && !flag.contains('='))
}

fn completions(shell: Shell, out: &mut impl Write) -> Result<Outcome, Failure> {
    // It panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "errwire", &mut script);
    out.write_all(&script).map_err(Failure::Output)?;
    Ok(Outcome::Fine)
}

fn man(command: Option<&str>, out: &mut impl Write) -> Result<Outcome, Failure> {
    let mut errwire = Args::command();
    // So that the command is called `errwire-check` and used as `errwire check`.
    errwire.build();
    let page = match command {
        None => &errwire,
        Some(name) => errwire.find_subcommand(name).ok_or_else(|| unknown(name, &errwire))?,
    };
    Man::new(page.clone()).render(out).map_err(Failure::Output)?;
    Ok(Outcome::Fine)
}

fn unknown(name: &str, errwire: &Command) -> Failure {
    let meant = match nearest(name, errwire.get_subcommands().map(Command::get_name)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "`errwire --help` lists the commands.".to_owned(),
    };
    let message = format!("errwire has no command `{name}`. {meant}");
    Failure::Errwire(model::Error::new(model::kinds::REQUEST_INVALID).with_message(message))
}
