//! Catalogs in YAML. A file is read in three steps: events become [nodes](node) with their places, nodes become
//! [fields](fields) that the format has, and fields become [drafts](super::join) of entries. Each step reports what it
//! finds and goes on.

mod delay;
mod fields;
mod file;
mod kind;
mod localized;
mod node;
mod scalar;

pub(super) use file::read;
