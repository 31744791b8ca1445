//! Catalogs in YAML: events become a [tree](super::tree) with places.

mod file;
mod parse;
mod scalar;

pub(super) use file::read;
