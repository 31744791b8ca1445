//! Catalogs as files, in either form, and as Rust.

mod file;
mod proto;
mod rust;
mod yaml;

pub use file::{Form, Generated, generate};
#[cfg(feature = "server")]
pub(crate) use yaml::Scalar as YamlScalar;
