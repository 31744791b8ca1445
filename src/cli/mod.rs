//! The `errwire` command: the arguments as typed ([`args`]), the catalogs that they name ([`catalogs`]), and then the work. Nothing is
//! bound or written before the arguments are checked.

mod args;
mod catalogs;
mod check;
mod diff;
mod explain;
mod generate;
mod log;
mod outcome;
mod run;
mod serve;
mod translate;

pub use run::run;
