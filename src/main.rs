//! The `errwire` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    errwire::cli::run()
}
