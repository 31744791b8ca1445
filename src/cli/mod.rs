//! The `errwire` command. Each command has a file: what was typed becomes what it means, and only then is anything
//! opened, bound or written.

mod args;
mod check;
mod config;
mod diff;
mod explain;
mod failure;
mod generate;
mod guidance;
mod hangup;
mod kinds;
mod lines;
mod log;
mod progress;
mod run;
mod serve;
mod style;
mod translate;

pub use run::run;
