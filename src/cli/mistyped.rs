//! What somebody probably meant who typed an argument that does not exist.

use std::ffi::OsString;

use clap::{
    Command, CommandFactory, Error,
    builder::StyledStr,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::args::Args;
use crate::diagnostic::nearest;

/// What other servers call `--listen`.
const ADDRESSES: [&str; 5] = ["addr", "address", "bind", "host", "port"];

/// The same error, with what was meant. `typed` is the command line.
pub(super) fn explained(mut error: Error, typed: impl Iterator<Item = OsString>) -> Error {
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
