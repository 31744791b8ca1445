//! Catalogs as files, in either form.

mod file;
mod proto;
mod yaml;

pub use file::{Form, Generated, generate};
