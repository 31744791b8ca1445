//! The `errwire` command: the arguments as typed ([`args`]), what they mean ([`config`]), and then the work. Nothing is opened, bound
//! or written before the arguments are checked.

mod args;
mod check;
mod config;
mod diff;
mod explain;
mod generate;
mod line_reader;
mod log;
mod outcome;
mod run;
mod serve;
mod translate;

pub use run::run;
