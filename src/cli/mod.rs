//! The `errwire` command. Each command has a file: what was typed becomes what it means, and only then is anything
//! opened, bound or written.

mod args;
mod check;
mod config;
mod diff;
mod docs;
mod explain;
mod generate;
mod kinds;
mod line_reader;
mod log;
mod man;
mod outcome;
mod run;
mod serve;
mod server_catalog;
mod settings;
mod translate;

pub use run::run;
