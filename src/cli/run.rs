//! From the arguments to the exit code; the suggestion for an argument that does not exist; completions and man pages.

use std::{
    env,
    error::Error as _,
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use clap::{
    CommandFactory, Error, Parser,
    builder::StyledStr,
    error::{ContextKind, ContextValue, ErrorKind},
};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{
    args::{Args, Command},
    check, diff, explain, generate,
    outcome::{self, Failure, Outcome},
    serve, translate,
};
use crate::{diagnostic::nearest, model};

/// Runs the command line of this process. The exit code is 0 if all is well, 1 with findings and 2 on failure.
pub fn run() -> ExitCode {
    match dispatch(&parse().command) {
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

fn dispatch(command: &Command) -> Result<Outcome, Failure> {
    let mut out = anstream::stdout();
    let outcome = match command {
        // The server still serves if standard output is closed.
        Command::Serve(args) => return serve::run(args, &mut out),
        Command::Translate(args) => translate::run(args)?,
        Command::Kinds(args) => explain::kinds(args, &mut out)?,
        Command::Explain(args) => explain::explain(args, &mut out)?,
        Command::Check(args) => check::run(args, &mut out)?,
        Command::Diff(args) => diff::run(args, &mut out)?,
        Command::Docs(args) => generate::docs(args, &mut out)?,
        Command::Generate(args) => generate::generate(args, &mut out)?,
        Command::Completions(args) => completions(args.shell, &mut out)?,
        Command::Man(args) => man(args.command.as_deref(), &mut out)?,
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
        if let Some(near) = nearest(&wrong, errwire.get_subcommands().map(clap::Command::get_name)) {
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

fn meant<'c>(flag: &str, command: &'c clap::Command) -> Option<&'c str> {
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

fn unknown(name: &str, errwire: &clap::Command) -> Failure {
    let meant = match nearest(name, errwire.get_subcommands().map(clap::Command::get_name)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "`errwire --help` lists the commands.".to_owned(),
    };
    let message = format!("errwire has no command `{name}`. {meant}");
    Failure::Errwire(model::Error::new(model::kinds::REQUEST_INVALID).with_message(message))
}
