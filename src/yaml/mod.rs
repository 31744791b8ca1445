//! YAML as a tree in which everything has its place. Catalogs and settings are read from it; catalogs in protobuf's text format become
//! the same tree.

mod node;
#[cfg(feature = "yaml")]
mod parse;

pub(crate) use node::{Node, Scalar, Value};
#[cfg(feature = "server")]
pub(crate) use parse::parse;
#[cfg(feature = "yaml")]
pub(crate) use parse::{YamlProblem, parse_with};
