//! `errwire man` and `errwire completions`: the arguments, as the manual and the shells have them.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use super::{
    args::Args,
    outcome::{Failure, Outcome},
};
use crate::{
    diagnostic::nearest,
    model::{Error, kinds},
};

pub(super) fn completions(shell: Shell, out: &mut impl Write) -> Result<Outcome, Failure> {
    // It panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "errwire", &mut script);
    out.write_all(&script).map_err(Failure::Output)?;
    Ok(Outcome::Fine)
}

pub(super) fn page(command: Option<&str>, out: &mut impl Write) -> Result<Outcome, Failure> {
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
    Failure::Errwire(
        Error::new(kinds::REQUEST_INVALID).with_message(format!("errwire has no command `{name}`. {meant}")),
    )
}
