//! YAML as a tree in which everything has its place. Catalogs and settings are read from it; catalogs in protobuf's text format become
//! the same tree.

mod node;
#[cfg(feature = "yaml")]
mod parse;
#[cfg(feature = "yaml")]
mod resolve;
mod scalar;

pub(crate) use node::{Node, Value};
#[cfg(feature = "server")]
pub(crate) use parse::parse;
#[cfg(feature = "yaml")]
pub(crate) use parse::{YamlProblem, parse_with};
pub(crate) use scalar::Scalar;
